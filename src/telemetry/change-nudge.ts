/**
 * Servers on one graph tell each other over MQTT that there is something new in the change feed, so that it is read at
 * once and not only at the next look. A nudge that is lost costs a fifth of a second; one that lies costs one look.
 */
import mqtt from 'mqtt';
import type { Log } from '../domain/log.ts';
import type { Timers } from '../domain/timers.ts';

export interface ChangeNudgeOptions {
  readonly url: string;
  readonly topicRoot: string;
  readonly application: {
    /** Sequence that memory has reached. */
    sequence(): number;
    /** Brings memory up to the end of the feed. */
    follow(): Promise<void>;
    /** Calls with the sequence of each commit of this server; the answer ends that. */
    onCommit(listener: (sequence: number) => void): () => void;
  };
  readonly timers: Timers;
  readonly log: Log;
}

/** Commits of this long are told as one: a busy server has many. */
const GATHER_MS = 10;
/** Digits of the largest sequence that a number holds exactly. */
const SEQUENCE = /^\d{1,16}$/;

/** Begins at once and needs nobody to be there; the answer ends it. */
export function startChangeNudge(options: ChangeNudgeOptions): () => Promise<void> {
  const { url, application, timers, log } = options;
  const topic = `${options.topicRoot}/$changes`;
  const client = mqtt.connect(url, { protocolVersion: 4, reconnectPeriod: 2_000, queueQoSZero: false });
  let last = 0;
  let cancel: (() => void) | undefined;
  const tell = (): void => {
    cancel = undefined;
    if (client.connected) client.publish(topic, String(last), { qos: 0 });
  };
  const stopListening = application.onCommit((sequence) => {
    last = sequence;
    cancel ??= timers.after(GATHER_MS, tell);
  });
  client.on('connect', () => client.subscribe(topic, { qos: 0 }));
  client.on('error', (error) => log.debug({ reason: error.message }, 'the MQTT connection for nudges failed'));
  client.on('message', (_, payload) => {
    const text = payload.toString();
    if (!SEQUENCE.test(text) || Number(text) <= application.sequence()) return;
    follow(application, Number(text)).catch((error: unknown) =>
      log.debug({ error }, 'a nudge came to nothing; the feed is looked at again soon'),
    );
  });
  return async () => {
    stopListening();
    cancel?.();
    await client.endAsync(true);
  };
}

/** A look that is under way may have come too early. */
async function follow(application: ChangeNudgeOptions['application'], sequence: number): Promise<void> {
  await application.follow();
  if (application.sequence() < sequence) await application.follow();
}
