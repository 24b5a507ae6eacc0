/** What is decided about Kafka without a Kafka. */
import { describe, expect, it } from 'vitest';
import { parseKafkaUrl } from '../../src/telemetry/kafka/kafka-address.ts';
import { mqttTopicOf, parseKafkaRoutes, routeOf } from '../../src/telemetry/kafka/kafka-routes.ts';
import { reasonOf } from '../../src/telemetry/kafka/reason-of.ts';
import { PartitionProgress } from '../../src/telemetry/kafka/partition-progress.ts';
import { offsetBehind, type RecordBatch, readableRecords } from '../../src/telemetry/kafka/readable-records.ts';

describe('KAFKA_URL', () => {
  it('names brokers, encryption and credentials', () => {
    expect(parseKafkaUrl('kafka://a,b:9093,[::1]:9094')).toEqual({
      brokers: ['a:9092', 'b:9093', '[::1]:9094'],
      isEncrypted: false,
      credentials: null,
    });
    expect(parseKafkaUrl('kafkas://me:s%40fe@a:9093?mechanism=SCRAM-SHA-512')).toEqual({
      brokers: ['a:9093'],
      isEncrypted: true,
      credentials: { mechanism: 'SCRAM-SHA-512', username: 'me', password: 's@fe' },
    });
  });

  it.each(['kafka://', 'http://a', 'kafka://a:port', 'kafka://me:sesame@a?mechanism=MD5', 'kafka://a,,b'])(
    'that is none (%s) stops the start, without telling what it holds',
    (url) => {
      expect(() => parseKafkaUrl(url)).toThrow(/^KAFKA_URL: expected/);
      expect(() => parseKafkaUrl(url)).not.toThrow(/sesame/);
    },
  );
});

describe('the reason of a failure', () => {
  it('is told down to what the last try failed by, not only how many tries there were', () => {
    const refused = new Error('connect ECONNREFUSED 127.0.0.1:9092');
    const tries = [new Error('timed out'), new Error('Connection failed.', { cause: refused })];
    const told = 'metadata failed 2 times. connect ECONNREFUSED 127.0.0.1:9092';
    expect(reasonOf(new AggregateError(tries, 'metadata failed 2 times.'))).toBe(told);
    expect(reasonOf(refused)).toBe(refused.message);
    expect(reasonOf('gone')).toBe('gone');
    const loop = new Error('loop');
    loop.cause = loop;
    expect(reasonOf(loop)).toBe('loop');
  });
});

describe('KAFKA_TOPICS', () => {
  const isRead = (topic: string): boolean => topic.startsWith('twins/');
  const routes = parseKafkaRoutes('plant.*, state=twins/{key}/connectivity', 'twins', isRead);

  it('take the topics that match, dots as they are', () => {
    expect(['plant.a', 'plant.', 'state'].map((topic) => routeOf(routes, topic)?.pattern)).toEqual([
      'plant.*',
      'plant.*',
      'state',
    ]);
    expect(['plantxa', 'my-plant.a', 'states'].map((topic) => routeOf(routes, topic))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('put the key into the topic of MQTT as an id stands there', () => {
    const [plant, state] = routes;
    expect(plant && mqttTopicOf(plant, 'site/100%/P+1')).toBe('twins/site/100%25/P%2B1/telemetry');
    expect(state && mqttTopicOf(state, 'P-1')).toBe('twins/P-1/connectivity');
    expect(plant && mqttTopicOf(plant, '')).toBeNull();
  });

  it.each(['', 'plant.*,', 'plant/x', 'a=elsewhere/{key}'])('that nobody could read (%s) stop the start', (text) => {
    expect(() => parseKafkaRoutes(text, 'twins', isRead)).toThrow(/^KAFKA_TOPICS: expected/);
  });
});

const TRANSACTIONAL = 0x10;
const CONTROL = 0x30;
function batch(firstOffset: bigint, count: number, attributes = 0, producerId = -1n): RecordBatch {
  const records = Array.from({ length: count }, (_, offsetDelta) => ({
    offsetDelta,
    timestampDelta: BigInt(offsetDelta),
    key: new Uint8Array(),
    value: new Uint8Array(),
  }));
  const times = { firstTimestamp: 1_000n, maxTimestamp: 2_000n };
  return { firstOffset, lastOffsetDelta: count - 1, attributes, producerId, ...times, records };
}
const offsets = (records: readonly { offset: bigint }[]): number[] => records.map(({ offset }) => Number(offset));

describe('a fetch', () => {
  it('gives the records from the offset on, each with its time', () => {
    const records = readableRecords([batch(10n, 3), batch(13n, 2, 0x08)], [], 11n);
    expect(records.map(({ offset, sentAt }) => [Number(offset), sentAt])).toEqual([
      [11, 1_001],
      [12, 1_002],
      [13, 2_000],
      [14, 2_000],
    ]);
    expect(offsetBehind([batch(10n, 3), batch(13n, 2)], 11n)).toBe(15n);
    expect(offsetBehind([], 11n)).toBe(11n);
  });

  it('gives nothing of transactions that were aborted, and no control records', () => {
    const batches = [
      batch(0n, 2, TRANSACTIONAL, 1n),
      batch(2n, 2, TRANSACTIONAL, 2n),
      batch(4n, 1, CONTROL, 1n),
      batch(5n, 2, TRANSACTIONAL, 1n),
      batch(7n, 1, CONTROL, 2n),
      batch(8n, 1, CONTROL, 1n),
      batch(9n, 1),
    ];
    const records = readableRecords(batches, [{ producerId: 1n, firstOffset: 0n }], 0n);
    expect(offsets(records)).toEqual([2, 3, 5, 6, 9]);
  });
});

describe('an offset', () => {
  it('is committed behind what is settled, and behind all that was fetched once everything is', () => {
    const progress = new PartitionProgress('a', 0, 5n);
    expect(progress.committable).toBeNull();
    progress.began();
    progress.began();
    progress.settled(5n, true);
    expect(progress.committable).toBe(6n);
    progress.position = 20n;
    expect(progress.committable).toBe(6n);
    progress.settled(6n, true);
    expect(progress.committable).toBe(20n);
    progress.committed(20n);
    expect(progress.committable).toBeNull();
  });

  it('is committed no further than a record that was given up', () => {
    const progress = new PartitionProgress('a', 0, 0n);
    for (let i = 0; i < 3; i++) progress.began();
    progress.position = 3n;
    progress.settled(0n, true);
    progress.settled(1n, false);
    progress.settled(2n, true);
    expect(progress.committable).toBe(1n);
  });
});
