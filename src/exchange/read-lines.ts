/** A text file as a stream of lines, however large: UTF-8, gzipped where its name ends in .gz, with bounded lines. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LinchpinError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * The text in pieces, as they come from the disk.
 * @param onBytes told how much of the file was read
 * @throws LinchpinError NOT_FOUND or BAD_INPUT, with the file's name
 */
export async function* readText(file: string, onBytes?: (count: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of openBytes(file, onBytes)) yield decoder.decode(chunk as Buffer, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw toReadError(file, error);
  }
}

/** Its lines, in the groups in which they come, without line ends. Empty lines are left out. */
export async function* readLines(file: string, onBytes?: (count: number) => void): AsyncGenerator<Line[]> {
  let number = 0;
  let rest = '';
  for await (const text of readText(file, onBytes)) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    const lines: Line[] = [];
    for (const part of parts) {
      number++;
      refuseLongLine(file, number, part);
      addLine(lines, number, part);
    }
    refuseLongLine(file, number + 1, rest);
    yield lines;
  }
  const last: Line[] = [];
  addLine(last, number + 1, rest);
  yield last;
}

function addLine(lines: Line[], number: number, text: string): void {
  const trimmed = (number === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
  if (trimmed !== '') lines.push({ number, text: trimmed });
}

function refuseLongLine(file: string, number: number, text: string): void {
  if (text.length <= LIMITS.importLineLength) return;
  const expected = `a line of at most ${LIMITS.importLineLength} characters`;
  throw new LinchpinError('LIMIT_EXCEEDED', `${file}:${number}: expected ${expected}`, {
    at: `${file}:${number}`,
    expected,
  });
}

function openBytes(file: string, onBytes?: (count: number) => void): Readable {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  if (onBytes) bytes.on('data', (chunk) => onBytes(chunk.length));
  if (!file.endsWith('.gz')) return bytes;
  const unzipped = createGunzip();
  bytes.on('error', (error) => unzipped.destroy(error));
  return bytes.pipe(unzipped);
}

function toReadError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LinchpinError) return error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return new LinchpinError('NOT_FOUND', `there is no file ${file}`, { at: file, cause: error });
  const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8 text' : error.message;
  return new LinchpinError('BAD_INPUT', `${file} cannot be read: ${why}`, { at: file, cause: error });
}
