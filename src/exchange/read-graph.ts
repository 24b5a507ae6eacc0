/** Reads files of any format into one graph reading. */
import { InputFaults, LinchpinError } from '../domain/errors.ts';
import { GraphReading } from './graph-reading.ts';
import { createRowMapper } from './map-rows.ts';
import { type Mapping, readMapping } from './mapping.ts';
import { readNative } from './native.ts';
import { readCsvRows, readJsonRows } from './read-rows.ts';

export const IMPORT_FORMATS = ['native', 'json-lines', 'csv'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ReadOptions {
  /** null: told by each file's name. */
  readonly format: ImportFormat | null;
  /** Mapping file; csv and json-lines need one. */
  readonly mapping: string | null;
  /** Read on after a fault; the faults stay in the reading. */
  readonly keepGoing: boolean;
  readonly onBytes?: (count: number) => void;
}

/** @throws InputFaults with file and line of every fault, unless told to keep going; LinchpinError where a file cannot be read */
export async function readGraph(files: readonly string[], options: ReadOptions): Promise<GraphReading> {
  const mapping = options.mapping === null ? null : readMapping(options.mapping);
  const formats = files.map((file) => options.format ?? formatOf(file, mapping !== null));
  for (const [index, format] of formats.entries()) refuseWithoutMapping(files[index] ?? '', format, mapping);

  const reading = new GraphReading();
  if (mapping && options.mapping !== null) {
    reading.beginFile(options.mapping);
    for (const model of mapping.models) reading.add('models', model, 1);
  }
  for (const [index, file] of files.entries()) {
    reading.beginFile(file);
    await readFile(reading, file, formats[index] ?? 'native', mapping, options.onBytes);
  }
  if (reading.faults.list.length > 0 && !options.keepGoing) throw new InputFaults(reading.faults.list);
  return reading;
}

async function readFile(
  reading: GraphReading,
  file: string,
  format: ImportFormat,
  mapping: Mapping | null,
  onBytes: ((count: number) => void) | undefined,
): Promise<void> {
  if (format === 'native' || mapping === null) return readNative(reading, file, onBytes);
  const take = createRowMapper(mapping, file);
  if (format === 'json-lines') return readJsonRows(reading, file, take, onBytes);
  return readCsvRows(reading, file, { delimiter: mapping.delimiter, onBytes }, take);
}

function formatOf(file: string, hasMapping: boolean): ImportFormat {
  const name = file.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.csv') || name.endsWith('.tsv')) return 'csv';
  if (name.endsWith('.jsonl') || name.endsWith('.ndjson')) return hasMapping ? 'json-lines' : 'native';
  throw new LinchpinError(
    'BAD_INPUT',
    `${file}: its name does not tell its format; expected .jsonl, .ndjson or .csv, or --format with one of ${IMPORT_FORMATS.join(', ')}`,
    { at: file },
  );
}

function refuseWithoutMapping(file: string, format: ImportFormat, mapping: Mapping | null): void {
  if (format === 'native' && mapping) {
    throw new LinchpinError('BAD_INPUT', `${file}: the native format takes no mapping; expected csv or json-lines`, {
      at: file,
    });
  }
  if (format !== 'native' && !mapping) {
    throw new LinchpinError('BAD_INPUT', `${file}: ${format} needs a mapping file, which says what its columns mean`, {
      at: file,
    });
  }
}
