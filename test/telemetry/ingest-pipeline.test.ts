/** The pipeline between a broker and the graph, with time held by the test. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Quarantine } from '../../src/application/quarantine.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { type Counters, createCounters } from '../../src/telemetry/counters.ts';
import { DeadLetters } from '../../src/telemetry/dead-letters.ts';
import { createNativeDialect } from '../../src/telemetry/dialects/native.ts';
import { IngestPipeline } from '../../src/telemetry/ingest-pipeline.ts';
import { LoggedCauses } from '../../src/telemetry/logged-causes.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { UnknownTwins } from '../../src/telemetry/unknown-twins.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { ManualTime } from '../support/manual-time.ts';
import { type LogLine, createRecordingLog } from '../support/recording-log.ts';

let application: ControlledApplication;
let time: ManualTime;
let counters: Counters;
let quarantine: Quarantine;
let pipeline: IngestPipeline;
let lines: LogLine[];
let deadLetters: Record<string, unknown>[];
/** Names of messages in the order in which they were acknowledged. */
let acknowledged: string[];

beforeEach(() => {
  application = new ControlledApplication();
  time = new ManualTime();
  counters = createCounters();
  quarantine = application.quarantine;
  deadLetters = [];
  acknowledged = [];
  const { log, lines: recorded } = createRecordingLog();
  lines = recorded;
  const causes = new LoggedCauses(log);
  const { clock, timers } = time;
  const publish = async (payload: string): Promise<void> => {
    deadLetters.push(JSON.parse(payload) as Record<string, unknown>);
  };
  const deadLetterOffice = new DeadLetters({ publish, clock, counters, causes });
  pipeline = new IngestPipeline({
    application,
    dialect: createNativeDialect('twins'),
    clock,
    timers,
    log,
    counters,
    causes,
    deadLetters: deadLetterOffice,
    unknownTwins: new UnknownTwins({
      application,
      quarantine,
      policyOf: () => ({ dialect: 'native', unknownTwins: { kind: 'quarantine' } }),
      counters,
      deadLetters: deadLetterOffice,
      causes,
    }),
  });
});

let messageCount = 0;

function send(payload: unknown, topic = 'twins/P-1/telemetry', name = `message ${(messageCount += 1)}`): void {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const delivery = { topic, payload: Buffer.from(text), isRedelivery: false, isReplay: false };
  pipeline.take(delivery, (isStored) => {
    if (isStored) acknowledged.push(name);
  });
}

const at = (second: number): string => `2023-11-01T00:00:${String(second).padStart(2, '0')}Z`;
/** Moves time on, and lets commits run in between. */
async function advance(ms: number): Promise<void> {
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await settle();
  await time.advance(ms, settle);
}
/** Longer than any wait for company, shorter than any retry. */
const flush = (): Promise<void> => advance(TELEMETRY_LIMITS.flushIntervalMs);

describe('a message that comes alone', () => {
  it('is committed at once', async () => {
    send({ temperature: 5 }, undefined, 'first');
    await advance(0);
    expect(application.value('P-1', 'temperature')).toBe(5);
    expect(acknowledged).toEqual(['first']);
  });
});

describe('messages that come soon after one another', () => {
  it('are committed together', async () => {
    send({ t: 1 }, 'twins/A/telemetry');
    await advance(0);
    for (const id of ['B', 'C', 'D']) {
      send({ t: 1 }, `twins/${id}/telemetry`);
      await advance(1);
    }
    expect(application.batches).toHaveLength(1);
    await flush();
    expect(application.batches.map((batch) => batch.length)).toEqual([1, 3]);
  });
});

describe('coalescing', () => {
  it('leaves one reading per twin and property, the newest', async () => {
    send({ t: { value: 2, observedAt: at(2) } });
    send({ t: { value: 3, observedAt: at(3) } });
    send({ t: { value: 1, observedAt: at(1) } });
    send({ t: { value: 9, observedAt: at(3) } });
    send({ other: 7 });
    await flush();
    expect(application.batches).toHaveLength(1);
    expect(application.batches[0]?.map((reading) => reading.value)).toEqual([3, 7]);
    expect(counters).toMatchObject({ received: 5, readings: 5, coalesced: 3, committed: 2, acknowledged: 5 });
  });

  it('gives history what a newer reading replaced, and acknowledges when history has it', async () => {
    let keep = (): void => {};
    application.keeping = new Promise((resolve) => (keep = resolve));
    send({ t: { value: 1, observedAt: at(1) } });
    send({ t: { value: 3, observedAt: at(3) } });
    send({ t: { value: 2, observedAt: at(2) } });
    await flush();
    expect(application.coalesced.map((reading) => reading.value)).toEqual([1, 2]);
    expect(counters).toMatchObject({ committed: 1, acknowledged: 0 });
    keep();
    await flush();
    expect(acknowledged).toHaveLength(3);
  });

  it('orders readings of one time by the sequence of their source', async () => {
    send({ t: { value: 2, observedAt: at(1), sequence: 2 } });
    send({ t: { value: 1, observedAt: at(1), sequence: 1 } });
    await flush();
    expect(application.value('P-1', 't')).toBe(2);
  });

  it('takes readings without a time in the order in which they come, in one millisecond too', async () => {
    for (const value of [1, 2, 3]) send({ t: value });
    await flush();
    expect(application.value('P-1', 't')).toBe(3);
    send({ t: 4 });
    await flush();
    expect(application.value('P-1', 't')).toBe(4);
    expect(counters.stale).toBe(0);
  });

  it('does not swallow the good value before a bad one', async () => {
    send({ t: { value: 5, observedAt: at(1) } });
    send({ t: { value: 0, observedAt: at(2), quality: 'BAD' } });
    await flush();
    const written = application.batches.map((batch) => batch.map(({ value, quality }) => [value, quality]));
    expect(written).toEqual([[[5, 'GOOD']], [[0, 'BAD']]]);
  });

  it('keeps the order of readings and connectivity of a twin', async () => {
    send('offline', 'twins/P-1/connectivity');
    send({ t: 1 }, 'twins/P-1/telemetry');
    send({ t: 1 }, 'twins/P-2/telemetry');
    send('offline', 'twins/P-2/connectivity');
    await flush();
    expect(application.order).toEqual(['P-1 OFFLINE', 'P-1 t', 'P-2 t', 'P-2 OFFLINE']);
    expect(counters.connectivity).toBe(2);
  });
});

describe('batches', () => {
  it('are committed at once when there is enough for one, and hold no more than the limit', async () => {
    for (let i = 0; i < 1_800; i++) send({ t: i }, `twins/T-${i}/telemetry`);
    await advance(0);
    expect(application.batches.map((batch) => batch.length)).toEqual([500, 700, 600]);
    expect(acknowledged).toHaveLength(1_800);
  });

  it('fill while a commit runs', async () => {
    let commit = (): void => {};
    application.beforeCommit = () => new Promise((resolve) => (commit = resolve));
    send({ t: 1 }, 'twins/A/telemetry');
    await flush();
    for (const id of ['B', 'C', 'D']) send({ t: 1 }, `twins/${id}/telemetry`);
    await advance(1_000);
    expect(application.attempts).toBe(1);
    commit();
    await advance(0);
    commit();
    await advance(0);
    expect(application.batches.map((batch) => batch.length)).toEqual([1, 3]);
  });

  it('that are full are handed on behind the one that runs, and acknowledged behind it', async () => {
    const commits: (() => void)[] = [];
    application.beforeCommit = () => new Promise((resolve) => commits.push(resolve));
    for (let i = 0; i < 1_800; i++) send({ t: i }, `twins/T-${i}/telemetry`, `${i}`);
    expect(application.attempts).toBe(2);
    commits[1]?.();
    await advance(0);
    expect([application.attempts, acknowledged.length]).toEqual([2, 0]);
    commits[0]?.();
    await advance(0);
    expect(application.attempts).toBe(3);
    commits[2]?.();
    await advance(0);
    expect(acknowledged).toEqual(Array.from({ length: 1_800 }, (_, i) => `${i}`));
  });

  it('that hold more than values wait until the one that runs is done', async () => {
    const commits: (() => void)[] = [];
    application.beforeCommit = () => new Promise((resolve) => commits.push(resolve));
    for (let i = 0; i < 600; i++) send({ t: i }, `twins/T-${i}/telemetry`);
    send('offline', 'twins/P-2/connectivity');
    for (let i = 600; i < 2_000; i++) send({ t: i }, `twins/T-${i}/telemetry`);
    await advance(0);
    expect([application.attempts, application.reports]).toEqual([1, []]);
    commits[0]?.();
    await advance(0);
    expect(application.attempts).toBe(2);
    commits[1]?.();
    await advance(0);
    expect(application.reports).toMatchObject([{ twin: 'P-2' }]);
  });

  it('are acknowledged in the order of arrival, bad messages in their place', async () => {
    send({ t: 1 }, undefined, 'good 1');
    send('not json', undefined, 'bad');
    send({ t: 2 }, 'elsewhere/x', 'not ours');
    send({ t: 2 }, undefined, 'good 2');
    await flush();
    expect(acknowledged).toEqual(['good 1', 'bad', 'not ours', 'good 2']);
    expect(counters).toMatchObject({ ignored: 1, deadLettered: 1, decoded: 2 });
  });
});

describe('while the graph cannot be reached', () => {
  it('nothing is acknowledged, and everything is committed when it is back', async () => {
    application.isDown = true;
    send({ t: 1 }, 'twins/A/telemetry');
    await advance(3_000);
    send({ t: 2 }, 'twins/B/telemetry');
    await advance(3_000);
    expect(acknowledged).toEqual([]);
    expect(counters.retries).toBeGreaterThan(3);
    application.isDown = false;
    await advance(TELEMETRY_LIMITS.longestRetryMs + TELEMETRY_LIMITS.flushIntervalMs);
    expect(acknowledged).toHaveLength(2);
    expect([application.value('A', 't'), application.value('B', 't')]).toEqual([1, 2]);
  });

  it('the log says so once, and once that it is over', async () => {
    application.isDown = true;
    send({ t: 1 });
    await advance(60_000);
    application.isDown = false;
    await advance(60_000);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('commits are tried less and less often', async () => {
    application.isDown = true;
    send({ t: 1 });
    await advance(60_000);
    expect(application.attempts).toBeLessThan(20);
  });

  it('the window fills, and whoever waits for room is told when there is some', async () => {
    application.isDown = true;
    for (let i = 0; i < TELEMETRY_LIMITS.windowMessages; i++) {
      expect(pipeline.isFull).toBe(false);
      send({ t: i });
    }
    expect(pipeline.isFull).toBe(true);
    let told = 0;
    pipeline.whenRoom(() => (told += 1));
    await advance(10_000);
    expect(told).toBe(0);
    application.isDown = false;
    await advance(10_000);
    expect(told).toBe(1);
    expect(pipeline).toMatchObject({ isFull: false, pendingMessages: 0, pendingBytes: 0 });
  });

  it('large payloads fill the window by their bytes', () => {
    const payload = JSON.stringify({ text: 'x'.repeat(60_000) });
    while (!pipeline.isFull) send(payload);
    expect(pipeline.pendingBytes).toBeLessThan(TELEMETRY_LIMITS.windowBytes + TELEMETRY_LIMITS.payloadBytes);
    expect(pipeline.pendingMessages).toBeLessThan(1_000);
  });

  it('a stop gives up after a while, and leaves the messages unacknowledged', async () => {
    application.isDown = true;
    send({ t: 1 });
    const stopped = pipeline.stop();
    await advance(TELEMETRY_LIMITS.stopMs);
    await stopped;
    expect(acknowledged).toEqual([]);
    send({ t: 2 });
    expect(counters.received).toBe(1);
  });
});

describe('a stop', () => {
  it('commits and acknowledges what is here, without waiting for the flush interval', async () => {
    send({ t: 1 }, undefined, 'last');
    await pipeline.stop();
    expect(application.value('P-1', 't')).toBe(1);
    expect(acknowledged).toEqual(['last']);
  });
});

describe('a reading that fails for good', () => {
  it('is set aside alone; all others of its batch are committed', async () => {
    application.isPoison = (reading) => reading.value === 'poison';
    for (let i = 0; i < 300; i++) send({ t: i === 123 ? 'poison' : i }, `twins/T-${i}/telemetry`);
    await flush();
    expect(application.values.size).toBe(299);
    expect(acknowledged).toHaveLength(300);
    expect(deadLetters).toMatchObject([{ topic: 'twins/T-123/telemetry', property: 't', reason: 'poison' }]);
    expect(application.attempts).toBeLessThan(30);
  });

  it('or that the model refuses is set aside with the reason, and the other readings of its message are kept', async () => {
    application.rejects = (reading) => (reading.value === 'hot' ? 'expected a double, got "hot"' : null);
    send({ temperature: { value: 'hot' }, pressure: 2 });
    await flush();
    expect(application.value('P-1', 'pressure')).toBe(2);
    expect(counters).toMatchObject({ rejected: 1, committed: 1, deadLettered: 1, acknowledged: 1 });
    expect(deadLetters).toMatchObject([{ property: 'temperature', reason: 'expected a double, got "hot"' }]);
  });
});

describe('dead letters', () => {
  it('hold topic, reason and payload', async () => {
    send('not json', 'twins/P-1/telemetry');
    await flush();
    expect(deadLetters).toEqual([
      {
        topic: 'twins/P-1/telemetry',
        reason: 'the payload is not JSON',
        payload: Buffer.from('not json').toString('base64'),
        payloadBytes: 8,
        receivedAt: expect.stringMatching(/^2026-01-01T00:00:00\.\d{3}Z$/),
        unpublished: 0,
      },
    ]);
  });

  it('of large payloads are cut', async () => {
    send('x'.repeat(100_000));
    await flush();
    const [letter] = deadLetters;
    expect(Buffer.from(String(letter?.['payload']), 'base64')).toHaveLength(TELEMETRY_LIMITS.deadLetterBytes);
    expect(letter).toMatchObject({ payloadBytes: 100_000, reason: expect.stringContaining('65536') });
  });

  it('are limited in a second, logged once per cause, and those left out are counted', async () => {
    for (let i = 0; i < 2_000; i++) send('[]');
    await flush();
    expect(deadLetters).toHaveLength(TELEMETRY_LIMITS.deadLettersPerSecond);
    expect(counters).toMatchObject({ deadLettered: 2_000, acknowledged: 2_000 });
    expect(counters.deadLettersUnpublished).toBe(2_000 - TELEMETRY_LIMITS.deadLettersPerSecond);
    expect(lines).toHaveLength(1);
    await advance(1_000);
    send('[]');
    expect(deadLetters.at(-1)).toMatchObject({ unpublished: 2_000 - TELEMETRY_LIMITS.deadLettersPerSecond });
  });

  it('with ever new causes do not fill the log', async () => {
    application.rejects = (reading) => `no ${reading.property}`;
    for (let i = 0; i < 1_000; i++) send({ [`p${i}`]: 1 });
    await flush();
    expect(counters.rejected).toBe(1_000);
    expect(lines).toHaveLength(TELEMETRY_LIMITS.loggedCauses + 1);
  });
});

describe('an unknown twin', () => {
  it('is quarantined with what it sent', async () => {
    application.known = new Set(['P-1']);
    send({ t: 1 }, 'twins/ghost/telemetry');
    await flush();
    await advance(1_000);
    send({ t: 2 }, 'twins/ghost/telemetry');
    send({ t: 2 }, 'twins/P-1/telemetry');
    await flush();
    const [ghost, ...others] = quarantine.list();
    expect(others).toEqual([]);
    expect(ghost).toMatchObject({ id: 'ghost', topic: 'twins/ghost/telemetry', count: 2, sample: '{"t":2}' });
    expect(ghost?.lastSeen).toBe((ghost?.firstSeen ?? 0) + 1_000 + TELEMETRY_LIMITS.flushIntervalMs);
    expect(counters).toMatchObject({ unknownTwin: 2, committed: 1, deadLettered: 0, acknowledged: 3 });
  });

  it('among too many takes the place of the one that was silent for longest', async () => {
    application.known = new Set();
    for (let i = 0; i < LIMITS.quarantinedTwins; i++) {
      if (i % TELEMETRY_LIMITS.newTwinsPerSecond === 0) await advance(1_000);
      send({ t: 1 }, `twins/ghost ${i}/telemetry`);
    }
    await flush();
    await advance(1_000);
    send({ t: 1 }, 'twins/ghost 0/telemetry');
    await flush();
    send({ t: 1 }, 'twins/one more/telemetry');
    await flush();
    const ids = quarantine.list().map(({ id }) => id);
    expect(ids).toHaveLength(LIMITS.quarantinedTwins);
    expect(ids[0]).toBe('one more');
    expect(ids).toContain('ghost 999');
  });

  it('among very many in one second is only counted', async () => {
    application.known = new Set();
    const most = TELEMETRY_LIMITS.newTwinsPerSecond;
    for (let i = 0; i < most + 5; i++) send({ t: 1 }, `twins/ghost ${i}/telemetry`);
    await flush();
    expect(quarantine.list()).toHaveLength(most);
    expect(counters).toMatchObject({ unknownTwin: most + 5, unremembered: 5, acknowledged: most + 5 });
    await advance(1_000);
    send({ t: 1 }, `twins/ghost ${most}/telemetry`);
    await flush();
    expect(quarantine.list()[0]?.id).toBe(`ghost ${most}`);
  });
});
