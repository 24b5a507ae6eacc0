/** A process of its own that publishes telemetry at QoS 1 as fast as it is acknowledged, or at a rate; so that it costs the server nothing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import mqtt from 'mqtt';

export interface Load {
  readonly url: string;
  readonly count: number;
  readonly twins: number;
  /** Messages a second; absent: as fast as the window allows. */
  readonly rate?: number;
  readonly topicRoot?: string;
  /** observedAt of the first message, epoch ms; each further one is a millisecond later. */
  readonly observedAt: number;
}

/** Messages sent and not acknowledged yet. */
const WINDOW = 4_000;
const ARGUMENT = 'publish-load';

/** A benchmark calls this first: in the publishing process it does the work and ends there. */
export async function publishIfAsked(): Promise<void> {
  if (process.argv[2] !== ARGUMENT) return;
  await publish(JSON.parse(process.argv[3] ?? '{}') as Load);
  process.exit(0);
}

/** Answers when every message is acknowledged: seconds from the first message to the last acknowledgement. */
export async function publishLoad(load: Load): Promise<number> {
  const child = fork(process.argv[1] ?? '', [ARGUMENT, JSON.stringify(load)], { execArgv: [] });
  const [seconds] = (await once(child, 'message')) as [number];
  return seconds;
}

/** Milliseconds that two processes of one machine agree on. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}

async function publish({ url, count, twins, rate, observedAt, topicRoot = 'twins' }: Load): Promise<void> {
  const client = await mqtt.connectAsync(url);
  const startedAt = performance.now();
  let sent = 0;
  let acknowledged = 0;
  await new Promise<void>((resolve) => {
    const more = (): void => {
      const due = rate === undefined ? count : Math.floor(((performance.now() - startedAt) / 1000) * rate);
      while (sent < Math.min(count, due) && sent - acknowledged < WINDOW) {
        const n = sent++;
        const payload = `{"n":{"value":${rate === undefined ? n : sharedNow()},"observedAt":${observedAt + n}}}`;
        client.publish(`${topicRoot}/T-${n % twins}/telemetry`, payload, { qos: 1 }, () => {
          acknowledged += 1;
          if (acknowledged === count) resolve();
          else if (rate === undefined && sent - acknowledged < WINDOW / 2) more();
        });
      }
    };
    if (rate === undefined) more();
    else setInterval(more, 1);
  });
  process.send?.((performance.now() - startedAt) / 1000);
  await client.endAsync();
}
