/** At least once, end to end, on a Neo4j of its own; `node scripts/bench.js bench-at-least-once` runs the whole size. */
import { afterEach, describe, expect, it } from 'vitest';
import { runAtLeastOnce } from '../support/at-least-once.ts';
import { startLinchpin } from '../support/linchpin-process.ts';
import { mosquittoPath } from '../support/mosquitto.ts';
import { closeDevices } from '../support/mqtt-device.ts';
import { whyNoNeo4j } from '../support/neo4j-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const missing = whyNoNeo4j();
if (missing !== null) console.warn(`The test that stops Neo4j is skipped: ${missing}`);
const folder = temporaryFolder();
afterEach(closeDevices);

describe.skipIf(mosquittoPath === null || missing !== null)(
  'a server that loses Neo4j and is killed, under load',
  () => {
    it('has every last value in the end, and never set one back', { timeout: 240_000 }, async () => {
      const report = await runAtLeastOnce({
        graph: 'neo4j',
        messages: 8_000,
        rate: 4_000,
        twins: 1_000,
        outageMs: 500,
        folder,
        start: startLinchpin,
      });
      console.info(JSON.stringify(report));
      expect(report).toMatchObject({ published: 8_001, kills: 1, wrong: 0, setBack: 0, disconnected: 0 });
      expect(report.retries).toBeGreaterThan(0);
      expect(report.largestMemoryMb).toBeLessThan(1_000);
    });
  },
);
