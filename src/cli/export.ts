/** `linchpin export`: the whole graph to stdout. */
import { exportItems, type ExportItem } from '../application/export-items.ts';
import { type Command, type CommandCall, DONE, textOption, tokenOf, UsageError } from './command.ts';
import { createRemoteGraph } from './remote-graph.ts';
import { withApplication } from './with-application.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: 'write the whole graph to stdout',
  help: `Usage: linchpin export [--format native] [--url URL [--token TOKEN]] > FILE

Writes models, twins and relationships in the native format, ordered by id. Imported into an empty graph it gives the same graph.

  --url URL      of a running server, instead of straight from the store
  --token TOKEN  a token or API key for that server; better in AUTH_TOKEN, where nobody else sees it
`,
  options: { format: { type: 'string' }, url: { type: 'string' }, token: { type: 'string' } },
  takes: '',
  async run(call) {
    const format = textOption(call, 'format') ?? 'native';
    if (format !== 'native') throw new UsageError(`--format: expected native, got '${format}'`);
    const url = textOption(call, 'url');
    if (url === null) await withApplication(call, (application) => write(call, exportItems(application)));
    else await write(call, createRemoteGraph(url, tokenOf(call)).exportItems());
    return DONE;
  },
};

async function write({ io, parts }: CommandCall, items: AsyncIterable<readonly ExportItem[]>): Promise<void> {
  for await (const text of parts.exchange.writeNative(items)) await io.out(text);
}
