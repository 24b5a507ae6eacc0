/** `linchpin check`: doubts about the model itself. */
import type { ModelIssue } from '../impact/types.ts';
import { countOf } from './count-of.ts';
import { type Command, DONE, FAILED, textOption, tokenOf } from './command.ts';
import { createRemoteGraph } from './remote-graph.ts';
import { toTable } from './table.ts';
import { withApplication } from './with-application.ts';

/** More are not read by anybody; the last line says that there are more. */
const MOST_ISSUES = 1_000;

export const checkCommand: Command = {
  name: 'check',
  summary: 'list doubts about the model',
  help: `Usage: linchpin check [--json] [--url URL [--token TOKEN]]

Lists what in the graph is probably not meant so: a process that needs nothing, two feeds of one medium with no group, and
so on. Ends with 1 when there is anything, as a check in a pipeline wants it.

  --json         JSON lines instead of a table
  --url URL      of a running server, instead of straight from the store
  --token TOKEN  a token or API key for that server; better in AUTH_TOKEN, where nobody else sees it
`,
  options: { json: { type: 'boolean' }, url: { type: 'string' }, token: { type: 'string' } },
  takes: '',
  async run(call) {
    const { io } = call;
    const url = textOption(call, 'url');
    const issues: readonly ModelIssue[] =
      url === null
        ? await withApplication(call, async (application) => application.modelIssues(MOST_ISSUES))
        : await createRemoteGraph(url, tokenOf(call)).modelIssues(MOST_ISSUES);
    if (call.values['json'] === true) {
      await io.out(issues.map((issue) => `${JSON.stringify(issue)}\n`).join(''));
    } else if (issues.length > 0) {
      const rows = issues.map(({ code, twin, message }) => [code, twin ?? '', message]);
      await io.out(toTable(['ISSUE', 'TWIN', 'WHY'], rows));
    }
    const more = issues.length === MOST_ISSUES ? ', and perhaps more' : '';
    io.err(issues.length === 0 ? 'no doubts\n' : `${countOf(issues.length, 'doubt')}${more}\n`);
    return issues.length === 0 ? DONE : FAILED;
  },
};
