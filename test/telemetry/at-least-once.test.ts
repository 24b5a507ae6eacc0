/** At least once, end to end, on the embedded graph; `node scripts/bench.js bench-at-least-once` runs the whole size. */
import { afterEach, describe, expect, it } from 'vitest';
import { runAtLeastOnce } from '../support/at-least-once.ts';
import { startLinchpin } from '../support/linchpin-process.ts';
import { mosquittoPath } from '../support/mosquitto.ts';
import { closeDevices } from '../support/mqtt-device.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
afterEach(closeDevices);

describe.skipIf(mosquittoPath === null)('a server with the embedded graph that is killed twice under load', () => {
  it('has every last value in the end, and never set one back', { timeout: 120_000 }, async () => {
    const report = await runAtLeastOnce({
      graph: 'grafeo',
      messages: 10_000,
      rate: 4_000,
      twins: 1_000,
      outageMs: 0,
      folder,
      start: startLinchpin,
    });
    console.info(JSON.stringify(report));
    expect(report).toMatchObject({ published: 10_001, kills: 2, wrong: 0, setBack: 0, disconnected: 0 });
    expect(report.largestMemoryMb).toBeLessThan(1_000);
  });
});
