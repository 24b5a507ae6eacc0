/** The number that stands for a series in the file: a scan compares whole numbers, and a row is short. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SeriesKey } from '../domain/history.ts';

export class DuckdbSeries {
  readonly #numberByTwin = new Map<string, Map<string, number>>();
  #next = 1;

  async load(connection: DuckDBConnection): Promise<void> {
    this.#numberByTwin.clear();
    this.#next = 1;
    const reader = await connection.runAndReadAll('SELECT series, twin, property FROM history_series');
    for (const [number, twin, property] of reader.getRows()) {
      this.#put({ twin: String(twin), property: String(property) }, Number(number));
      this.#next = Math.max(this.#next, Number(number) + 1);
    }
  }

  find({ twin, property }: SeriesKey): number | undefined {
    return this.#numberByTwin.get(twin)?.get(property);
  }

  /** A number for a series that has none; it has to be written with its first values. */
  add(key: SeriesKey): number {
    const number = this.#next++;
    this.#put(key, number);
    return number;
  }

  #put({ twin, property }: SeriesKey, number: number): void {
    const byProperty = this.#numberByTwin.get(twin);
    if (byProperty) byProperty.set(property, number);
    else this.#numberByTwin.set(twin, new Map([[property, number]]));
  }
}
