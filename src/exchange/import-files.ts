/** From files into a graph: reading, importing, and telling what came of it. */
import { type ImportOptions, type ImportOutcome, type ImportTarget, importGraph } from './import-graph.ts';
import { type ReadOptions, readGraph } from './read-graph.ts';

/**
 * Faults of lines are told together with those that only the graph finds.
 * @throws InputFaults by file and line; LinchpinError where a file or mapping cannot be read
 */
export async function importFiles(
  target: ImportTarget,
  files: readonly string[],
  options: ReadOptions & ImportOptions,
): Promise<ImportOutcome> {
  return importGraph(target, await readGraph(files, { ...options, keepGoing: true }), options);
}
