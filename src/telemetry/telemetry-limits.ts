/** Limits of telemetry, each with its reason. docs/MQTT.md names them. */

export const TELEMETRY_LIMITS = {
  /** Bytes of a payload that is decoded: a device's report, not a file. */
  payloadBytes: 65_536,
  /** Keys of any one object in a payload. */
  keys: 256,
  /** Bytes of a packet that is read at all; above it the connection ends. Room for telling why a payload is too large. */
  packetBytes: 262_144,
  /** Milliseconds after which the credentials of a client of the embedded broker are looked at again: they may have been taken back. */
  credentialsAgeMs: 10_000,
  /** Connections of the embedded broker. */
  connections: 1_000,
  /** Levels of a twin's id that stands in a topic with plain slashes; deeper ids are percent-encoded. */
  idLevels: 8,
  /** Messages taken from a broker and not acknowledged yet; at least rate x (flush + commit time). */
  windowMessages: 4_096,
  /** Bytes of their payloads. */
  windowBytes: 33_554_432,
  /** Messages, and bytes of them, of one client of the embedded broker from which on it is not read: four batches. */
  clientMessages: 4_096,
  clientBytes: 1_048_576,
  /** Messages that the embedded broker's clients may have waiting together. */
  embeddedMessages: 65_536,
  embeddedBytes: 67_108_864,
  /** Bytes that clients of the embedded broker may leave behind as retained messages. */
  retainedBytes: 33_554_432,
  /** Bytes of one connection after which others have a turn: some two hundred messages, about a millisecond. */
  turnBytes: 16_384,
  /** Readings that make a batch worth a commit at once: fewer cost more each. */
  readyReadings: 500,
  /** Readings of a batch at most: larger ones are no faster, and what they take in one turn keeps others waiting. */
  batchReadings: 700,
  /** Milliseconds from the begin of one small commit to the next: what comes in between is committed together. */
  flushIntervalMs: 5,
  /** Milliseconds that the sender of a message over HTTP waits for its commit before it is told to come again. */
  httpWaitMs: 5_000,
  /** Waiting before a commit is tried again: doubled each time, in milliseconds. */
  retryMs: 100,
  longestRetryMs: 5_000,
  /** Milliseconds that a stop waits for the last commits; all of the stop has 10 s. */
  stopMs: 3_000,
  /** Milliseconds that a subscriber of the embedded broker may leave its socket unread: all others wait for it. */
  drainMs: 5_000,
  /** Milliseconds that the other side has to take a goodbye: a client our last answers, a broker our leave. */
  goodbyeMs: 1_000,
  /** Waiting before the broker is tried again: doubled each time, in milliseconds. */
  reconnectMs: 500,
  longestReconnectMs: 30_000,
  /** Dead letters published per second. */
  deadLettersPerSecond: 50,
  /** Bytes of the payload that go into a dead letter. */
  deadLetterBytes: 16_384,
  /** Unknown twins that are newly remembered, or made, in a second: topics made up at random must not push out the others. */
  newTwinsPerSecond: 100,
  /** Dialects, topic filters of one, and mapping rules of one: each message is compared with them. */
  dialects: 64,
  dialectTopics: 64,
  mappingRules: 1_000,
  /** Messages whose dedupe keys each dialect remembers: more than a broker redelivers. */
  seenKeys: 65_536,
  /** Twins of which is known by which dialect they came: to tell them what is desired. */
  routes: 1_000_000,
  /** Sources that a dialect remembers something of; the one silent for longest goes first. */
  sources: 100_000,
  /** Different causes that are logged; further ones are counted only. */
  loggedCauses: 256,
} as const;
