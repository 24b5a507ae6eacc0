/** `linchpin impact`: what the outage of some twins does. */
import type { Application } from '../application/application.ts';
import { formatDuration } from '../domain/duration.ts';
import { parseInstant } from '../domain/instant.ts';
import { type Command, DONE, textOption, tokenOf, UsageError } from './command.ts';
import type { ImpactRow } from './impact-row.ts';
import { createRemoteGraph } from './remote-graph.ts';
import { toTable } from './table.ts';
import { withApplication } from './with-application.ts';

export const impactCommand: Command = {
  name: 'impact',
  summary: 'tell what an outage of twins affects',
  help: `Usage: linchpin impact ID... [--as-of INSTANT] [--json] [--url URL [--token TOKEN]]

Tells what fails, and when and why, if these twins are out together: against the state that they are in now, the worst
first. Nothing is written.

  --as-of INSTANT  judge the graph as it was, such as 2026-01-31T12:00:00Z, as far back as the change feed is kept
  --json           a JSON list instead of a table
  --url URL        of a running server, instead of straight from the store
  --token TOKEN    a token or API key for that server; better in AUTH_TOKEN, where nobody else sees it
`,
  options: {
    'as-of': { type: 'string' },
    json: { type: 'boolean' },
    url: { type: 'string' },
    token: { type: 'string' },
  },
  takes: 'ID...',
  async run(call) {
    const { positionals: ids, io } = call;
    if (ids.length === 0) throw new UsageError('expected the id of one twin at least');
    const url = textOption(call, 'url');
    const asOf = textOption(call, 'as-of');
    const rows =
      url === null
        ? await withApplication(call, (application) => impactOf(application, ids, asOf))
        : await createRemoteGraph(url, tokenOf(call)).impact(ids, asOf);
    if (call.values['json'] === true) {
      await io.out(`${JSON.stringify(rows, null, 2)}\n`);
      return DONE;
    }
    if (rows.length > 0) await io.out(toTable(HEADS, rows.map(toCells)));
    io.err(summaryOf(rows));
    return DONE;
  },
};

const HEADS = ['TWIN', 'NAME', 'KIND', 'BEFORE', 'AFTER', 'CERTAINTY', 'AT', 'BACK', 'BECAUSE'];

function toCells(row: ImpactRow): string[] {
  const { id, name, kind, before, after, certainty, impactAt, recoversAt, because } = row;
  return [id, name, kind, before, after, certainty, impactAt, recoversAt ?? '', because.join(' > ')];
}

function summaryOf(rows: readonly ImpactRow[]): string {
  if (rows.length === 0) return 'nothing else is affected\n';
  const count = (state: string): number => rows.filter((row) => row.after === state).length;
  const processes = rows.filter((row) => row.kind === 'PROCESS').length;
  return `${rows.length} affected, ${processes} of them processes: ${count('DOWN')} down, ${count('DEGRADED')} degraded\n`;
}

async function impactOf(now: Application, ids: readonly string[], asOf: string | null): Promise<ImpactRow[]> {
  const application = asOf === null ? now : await now.asOf(parseInstant(asOf, '--as-of'));
  const { answer } = await application.impact({ outage: ids });
  return Array.from(answer.affected, ({ id, before, after, certainty, impactAtMs, recoversAtMs }) => {
    const twin = application.topology.twin(id);
    return {
      id,
      name: twin?.name ?? id,
      kind: twin?.kind ?? '',
      before,
      after,
      certainty,
      impactAt: formatDuration(impactAtMs),
      recoversAt: recoversAtMs === null ? null : formatDuration(recoversAtMs),
      because: answer.witness(id).map((step) => step.twin),
    };
  });
}
