/** Limits of Sparkplug B, each with its reason. docs/MQTT.md names them. */
import { LIMITS } from '../../domain/limits.ts';
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';

export const SPARKPLUG_LIMITS = {
  /** Bytes of a payload, unpacked: a birth defines all metrics of its source, so as much as a packet holds. */
  payloadBytes: TELEMETRY_LIMITS.packetBytes,
  /** Metrics in one message: as many as a payload holds with names of some twenty bytes. */
  metrics: 10_000,
  /** Metrics of one node or device: no twin has more properties. */
  definitions: LIMITS.propertiesPerTwin * 4,
  /** Of all of them together: some 300 bytes each. */
  allDefinitions: 2_000_000,
  /** Devices of one node. */
  devices: 10_000,
  /** Nodes and devices; the node silent for longest goes first. */
  sources: TELEMETRY_LIMITS.sources,
  /** Messages of one node that wait for the ones before them: seq has 256 values. */
  held: 128,
  /** Bytes of those of all nodes. */
  heldBytes: 4_194_304,
  /** Requests for births in a second: their answers are large. */
  rebirthsPerSecond: 50,
  /** Milliseconds from one request to the next of the same node, doubled each time that it is not answered. */
  rebirthAfterMs: 10_000,
  longestRebirthAfterMs: 300_000,
  /** Milliseconds that a node has to answer, and its devices to be born again behind it. */
  answerMs: 10_000,
  /** Refused commands that wait to be told. */
  refusals: 1_000,
} as const;
