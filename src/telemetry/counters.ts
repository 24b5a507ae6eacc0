/** What telemetry counts, for metrics: each only grows. */

const COUNTER_NAMES = [
  /** Messages that came in on a topic of ours. */
  'received',
  /** Messages on topics that no dialect reads. */
  'ignored',
  /** Messages that the broker marks as delivered again. */
  'redelivered',
  /** Messages that a dialect told once more under the same dedupe key. */
  'duplicates',
  /** Messages that were decoded. */
  'decoded',
  /** Readings that they held. */
  'readings',
  /** Readings that a newer one of the same property replaced before the commit. */
  'coalesced',
  /** Readings that the graph took. */
  'committed',
  /** Readings that were not newer than what stood there. */
  'stale',
  /** Readings that the model or the domain refused. */
  'rejected',
  /** Readings of twins that do not exist. */
  'unknownTwin',
  /** Of those, the ones that were not remembered: too many new twins in a second. */
  'unremembered',
  /** Twins that were made because readings named them. */
  'provisioned',
  /** Readings kept in the unit of their source, as it or the model's is not known. */
  'unknownUnits',
  /** Properties that sources took away, and values that they desire. */
  'removals',
  'desired',
  /** Desired values that were not told: they cannot be turned into the unit of their device. */
  'desiredUnconverted',
  /** Reports of devices that came or went. */
  'connectivity',
  /** Messages and readings that were set aside with a reason. */
  'deadLettered',
  /** Of those, the ones that were not published: too many in a second, or no broker. */
  'deadLettersUnpublished',
  /** Batches committed. */
  'batches',
  /** Commits tried again because the graph could not be reached. */
  'retries',
  /** Messages answered to the broker. */
  'acknowledged',
  /** Messages that the embedded broker turned away because too many were waiting. */
  'turnedAway',
  /** Connections to the broker that ended. */
  'disconnected',
  /** Connections to the broker that found no session of ours: messages may be lost. */
  'sessionsLost',
  /** Messages of any session that the broker says it dropped, while we were connected or since. */
  'brokerDropped',
  /** Commits of offsets to Kafka. */
  'kafkaCommits',
  /** Times that the Kafka group shared its partitions out. */
  'kafkaRebalances',
  /** Records that Kafka's retention took before we had read them. */
  'kafkaLost',
] as const;

export type CounterName = (typeof COUNTER_NAMES)[number];
export type Counters = Record<CounterName, number>;

export function createCounters(): Counters {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as Counters;
}
