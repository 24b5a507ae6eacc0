/** `linchpin import`: files into the graph. */
import { existsSync, statSync } from 'node:fs';
import { LinchpinError } from '../domain/errors.ts';
import { type Command, type CommandCall, DONE, FAILED, textOption, tokenOf, UsageError } from './command.ts';
import { countOf, countsOf } from './count-of.ts';
import type { ImportOutcome, ImportTarget } from './parts.ts';
import { createProgress } from './progress.ts';
import { createRemoteGraph } from './remote-graph.ts';
import { withApplication } from './with-application.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'bring files into the graph',
  help: `Usage: linchpin import FILE... [--format NAME] [--mapping FILE] [--dry-run] [--keep-going] [--url URL [--token TOKEN]]

Brings models, twins and relationships into the graph, all or nothing. docs/IMPORT.md explains formats and mappings.

  --format NAME   native, json-lines or csv; told by each file's name where it is not given
  --mapping FILE  what columns or paths mean; csv and json-lines need it
  --dry-run       check everything, write nothing
  --keep-going    leave out what has a fault, and what needs it, and bring in the rest
  --url URL       into a running server, in pages, instead of straight into the store
  --token TOKEN   a token or API key for that server; better in AUTH_TOKEN, where nobody else sees it
`,
  options: {
    format: { type: 'string' },
    mapping: { type: 'string' },
    'dry-run': { type: 'boolean' },
    'keep-going': { type: 'boolean' },
    url: { type: 'string' },
    token: { type: 'string' },
  },
  takes: 'FILE...',
  async run(call) {
    const { positionals: files, values, parts } = call;
    const format = textOption(call, 'format');
    const mapping = textOption(call, 'mapping');
    const url = textOption(call, 'url');
    if (files.length === 0) throw new UsageError('expected one file at least');
    if (format !== null && !parts.exchange.importFormats.includes(format)) {
      throw new UsageError(`--format: expected one of ${parts.exchange.importFormats.join(', ')}, got '${format}'`);
    }
    if (url !== null && values['dry-run'] === true) {
      throw new UsageError('--dry-run checks against the store itself; a running server has none, so leave --url out');
    }
    assertFiles(mapping === null ? files : [...files, mapping]);
    const outcome =
      url === null
        ? await withApplication(call, (application) => bringIn(call, application), {
            whereNone: values['dry-run'] === true ? 'work in memory' : 'make',
          })
        : await bringIn(call, createRemoteGraph(url, tokenOf(call)));
    return tell(outcome, call);
  },
};

/** Before a graph is opened, or made, for files that are not there. */
function assertFiles(files: readonly string[]): void {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new LinchpinError('NOT_FOUND', `there is no file ${missing.join(', ')}`);
}

async function bringIn(call: CommandCall, target: ImportTarget): Promise<ImportOutcome> {
  const { positionals: files, values, io, parts } = call;
  const size = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const reading = createProgress('reading', io);
  const writing = createProgress('writing', io);
  let read = 0;
  try {
    return await parts.exchange.importFiles(target, files, {
      format: textOption(call, 'format'),
      mapping: textOption(call, 'mapping'),
      keepGoing: values['keep-going'] === true,
      dryRun: values['dry-run'] === true,
      actor: 'linchpin import',
      onBytes(count) {
        read += count;
        reading.update(read, size);
      },
      onProgress(done, total) {
        reading.end();
        writing.update(done, total);
      },
    });
  } finally {
    reading.end();
    writing.end();
  }
}

function tell(outcome: ImportOutcome, { values, io }: CommandCall): number {
  const { unmatchedRows, faults, leftOut } = outcome;
  if (faults.length > 0) io.err('left out, and why:\n');
  for (const fault of faults) io.err(`  ${fault.message}\n`);
  const done = values['dry-run'] === true ? 'could be imported; nothing was written' : 'imported';
  io.err(`${countsOf(outcome)} ${done}\n`);
  if (faults.length > 0) io.err(`${countsOf(leftOut)} left out, beside lines that could not be read\n`);
  if (unmatchedRows > 0) io.err(`${countOf(unmatchedRows, 'row')} fitted no rule of the mapping\n`);
  return faults.length > 0 ? FAILED : DONE;
}
