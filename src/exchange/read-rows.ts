/** Rows of CSV and of JSON lines, for a mapping. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { LinchpinError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { GraphReading } from './graph-reading.ts';
import { parseJsonObject } from './native.ts';
import { readLines, readText } from './read-lines.ts';
import { createCsvRow, createJsonRow, type Row } from './row.ts';

type TakeRow = (reading: GraphReading, row: Row) => void;

export async function readJsonRows(
  reading: GraphReading,
  file: string,
  take: TakeRow,
  onBytes?: (count: number) => void,
): Promise<void> {
  for await (const lines of readLines(file, onBytes)) {
    for (const { number, text } of lines) {
      const object = parseJsonObject(reading, number, text);
      if (object) take(reading, createJsonRow(number, object));
    }
  }
}

/**
 * The first row names the columns. A row with more or fewer cells is a fault of its own; the others are still read.
 * @throws LinchpinError BAD_INPUT where quotes do not match: what follows cannot be told apart any more
 */
export async function readCsvRows(
  reading: GraphReading,
  file: string,
  options: { delimiter: string; onBytes?: ((count: number) => void) | undefined },
  take: TakeRow,
): Promise<void> {
  const parser = Readable.from(readText(file, options.onBytes)).compose(
    parse({
      bom: true,
      delimiter: options.delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LIMITS.importLineLength,
    }),
  );
  let indexByColumn: ReadonlyMap<string, number> | undefined;
  let lineBefore = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const line = lineBefore + 1;
      lineBefore = info.lines;
      if (!indexByColumn) indexByColumn = readHeader(file, record);
      else if (record.length === indexByColumn.size) take(reading, createCsvRow(file, line, indexByColumn, record));
      else reading.fault(line, `expected ${indexByColumn.size} cells, as in the first row, got ${record.length}`);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const at = `${file}:${lineBefore + 1}`;
    throw new LinchpinError('BAD_INPUT', `${at}: not CSV: ${error.message}`, { at, cause: error });
  }
}

function readHeader(file: string, cells: readonly string[]): ReadonlyMap<string, number> {
  const indexByColumn = new Map<string, number>();
  for (const [index, cell] of cells.entries()) {
    const column = cell.trim();
    if (indexByColumn.has(column)) {
      throw new LinchpinError('BAD_INPUT', `${file}:1: two columns are called ${JSON.stringify(column)}`, {
        at: `${file}:1`,
      });
    }
    indexByColumn.set(column, index);
  }
  return indexByColumn;
}
