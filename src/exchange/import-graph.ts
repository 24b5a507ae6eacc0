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
  /** Why something was left out; empty unless told to keep going. */
  readonly faults: readonly Fault[];
  /** What was left out; lines that tell not even what they are for are not in it. */
  readonly leftOut: ImportCounts;
}

/** @throws InputFaults by file and line, unless told to keep going; then nothing is written */
export async function importGraph(
  target: ImportTarget,
  reading: GraphReading,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { actor, dryRun, keepGoing, onProgress } = options;
  const found: Fault[] = [...reading.faults.list];
  const leftOut = { ...reading.unread };
  // What is taken out may leave others without an end, which the next round finds. Each round takes out something.
  for (;;) {
    // What could not be read is told together with what would be wrong with the rest.
    const isInVain = found.length > 0 && !keepGoing;
    const call = { actor, dryRun: dryRun || isInVain, ...(onProgress && { onProgress }) };
    const faults = await faultsOf(() => target.importGraph(reading.input, call));
    if (!keepGoing && found.length + faults.length > 0) {
      const own = faults.filter((fault) => !reading.isAboutUnread(fault));
      throw new InputFaults(reading.inLineOrder([...found, ...own.map((fault) => reading.locate(fault))]));
    }
    found.push(...faults.map((fault) => reading.locate(fault)));
    if (faults.length === 0) {
      const { models, twins, relationships } = reading.counts;
      return {
        models,
        twins,
        relationships,
        unmatchedRows: reading.unmatchedRows,
        faults: reading.inLineOrder(found),
        leftOut,
      };
    }
    const dropped = reading.drop(faults);
    if (KINDS.every((kind) => dropped[kind] === 0)) throw new InputFaults(reading.inLineOrder(found));
    for (const kind of KINDS) leftOut[kind] += dropped[kind];
  }
}

const KINDS = ['models', 'twins', 'relationships'] as const;

async function faultsOf(work: () => Promise<unknown>): Promise<readonly Fault[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof InputFaults) return error.faults;
    throw error;
  }
}
