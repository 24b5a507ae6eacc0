/** Brings what was read into the graph, and tells the faults that are found there by file and line. */
import type { ImportReport } from '../application/application.ts';
import type { ImportInput } from '../application/inputs.ts';
import { type Fault, InputFaults } from '../domain/errors.ts';
import type { GraphReading } from './graph-reading.ts';

export interface ImportOptions {
  readonly actor: string | null;
  /** Check everything, write nothing. */
  readonly dryRun: boolean;
  /** Leave out what has a fault, and what needs it, instead of leaving out everything. */
  readonly keepGoing: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

type ImportCounts = Pick<ImportReport, 'models' | 'twins' | 'relationships'>;

/** What takes an import: the application, or a running server. */
export interface ImportTarget {
  /** @throws InputFaults with paths such as `twins[3].kind` */
  importGraph(
    input: ImportInput,
    options: { actor: string | null; dryRun: boolean; onProgress?: (done: number, total: number) => void },
  ): Promise<ImportCounts>;
}

export interface ImportOutcome extends ImportCounts {
  /** Rows that fitted no rule of the mapping. */
  readonly unmatchedRows: number;
  /** What was left out and why; empty unless told to keep going. */
  readonly faults: readonly Fault[];
}

/** @throws InputFaults by file and line, unless told to keep going; then nothing is written */
export async function importGraph(
  target: ImportTarget,
  reading: GraphReading,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { actor, dryRun, keepGoing, onProgress } = options;
  const found: Fault[] = [...reading.faults.list];
  // What is taken out may leave others without an end, which the next round finds. Each round takes out something.
  for (;;) {
    try {
      const report = await target.importGraph(reading.input, { actor, dryRun, ...(onProgress && { onProgress }) });
      const { models, twins, relationships } = report;
      return { models, twins, relationships, unmatchedRows: reading.unmatchedRows, faults: found };
    } catch (error) {
      if (!(error instanceof InputFaults)) throw error;
      const located = error.faults.map((fault) => reading.locate(fault));
      if (!keepGoing || !reading.drop(error.faults)) throw new InputFaults(located);
      found.push(...located);
    }
  }
}
