/**
 * The whole size of "at least once": 60,000 messages at 8,000/s over 10,000 twins, Neo4j away for 10 s, the server
 * killed. Needs a build. Arguments: neo4j or grafeo, for that one alone. Ends with 1 when a value is not there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAtLeastOnce } from '../support/at-least-once.ts';
import { startProcess } from '../support/linchpin-process.ts';
import { closeDevices } from '../support/mqtt-device.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const [only] = process.argv.slice(2);

for (const graph of ['neo4j', 'grafeo'] as const) {
  if (only !== undefined && only !== graph) continue;
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-soak-'));
  try {
    const report = await runAtLeastOnce({
      graph,
      messages: 60_000,
      rate: 8_000,
      twins: 10_000,
      outageMs: 10_000,
      folder,
      start: (argv, environment) => startProcess([MAIN, ...argv], environment),
    });
    console.log(graph, JSON.stringify(report));
    if (report.wrong > 0 || report.setBack > 0 || report.disconnected > 0) process.exitCode = 1;
  } finally {
    await closeDevices();
    rmSync(folder, { recursive: true, force: true });
  }
}
