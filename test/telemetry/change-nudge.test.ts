/** Servers tell each other of commits over a real broker. */
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemTimers } from '../../src/domain/timers.ts';
import { startChangeNudge } from '../../src/telemetry/change-nudge.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import { createRecordingLog } from '../support/recording-log.ts';

let broker: Mosquitto;
let stops: (() => Promise<void>)[] = [];

/** A server whose memory ends where a test says, and that counts how often it looks at the feed. */
class Server {
  memoryEnd = 0;
  looks = 0;
  onLook: () => void = () => undefined;
  commit: (sequence: number) => void = () => undefined;

  start(url: string): void {
    const application = {
      sequence: () => this.memoryEnd,
      follow: async () => {
        this.looks += 1;
        this.onLook();
      },
      onCommit: (listener: (sequence: number) => void) => {
        this.commit = (sequence) => {
          this.memoryEnd = sequence;
          listener(sequence);
        };
        return () => undefined;
      },
    };
    const { log } = createRecordingLog();
    stops.push(startChangeNudge({ url, topicRoot: 'twins', application, timers: systemTimers, log }));
  }
}

beforeEach(async () => {
  if (mosquittoPath !== null) broker = await startMosquitto();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await broker?.stop();
});

describe.skipIf(mosquittoPath === null)('a nudge', () => {
  it('makes the other servers look at the feed, and not the one that committed', async () => {
    const [a, b] = [new Server(), new Server()];
    a.start(broker.url);
    b.start(broker.url);
    // Until both are there, nudges are lost: a server that commits on is heard in the end.
    for (let sequence = 1; b.looks === 0; sequence += 1) {
      a.commit(sequence);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(a.looks).toBe(0);
  });

  it('that lies, or is none, makes nobody look', async () => {
    const a = new Server();
    a.start(broker.url);
    const liar = await mqtt.connectAsync(broker.url);
    stops.push(() => liar.endAsync(true));
    a.memoryEnd = 10;
    while (a.looks === 0) await liar.publishAsync('twins/$changes', '11', { qos: 1 });
    a.memoryEnd = 11;
    // One behind the other: when the true one is heard, the earlier ones of '11' and all lies have been.
    const heard = new Promise<void>((resolve) => {
      a.onLook = () => {
        a.memoryEnd = 12;
        resolve();
      };
    });
    a.looks = 0;
    for (const lie of ['', 'x', '-1', '1e300', '9'.repeat(400), '10', '11'])
      await liar.publishAsync('twins/$changes', lie, { qos: 1 });
    await liar.publishAsync('twins/$changes', '12', { qos: 1 });
    await heard;
    expect(a.looks).toBe(1);
  });
});
