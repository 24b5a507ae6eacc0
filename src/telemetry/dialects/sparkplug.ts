/**
 * Sparkplug B, specification 3.0.0 (https://sparkplug.eclipse.org/specification/), as a host application: births define
 * metrics, data name them by alias, seq orders the messages of a node, bdSeq its deaths. Whoever is not understood is
 * asked for its births. Clauses are cited by their ids there, without `tck-id-`.
 */
import * as z from 'zod';
import { DueTimes } from './due-times.ts';
import type {
  DesiredValue,
  Dialect,
  Message,
  Names,
  Outgoing,
  Refusal,
  SourceReading,
  SourceReport,
  Told,
} from './dialect.ts';
import type { DialectKind } from './dialect-kind.ts';
import { RebirthRequests } from './rebirth-requests.ts';
import { SparkplugHost } from './sparkplug-host.ts';
import { SPARKPLUG_LIMITS } from './sparkplug-limits.ts';
import { rebirthCommand, desiredCommand } from './sparkplug-command.ts';
import { decodeSparkplug, type SparkplugMessage } from './sparkplug-message.ts';
import { bdSeqOf, type MetricTable, readMetrics } from './sparkplug-metrics.ts';
import type { SparkplugEvent, SparkplugNode } from './sparkplug-node.ts';
import { SparkplugNodes } from './sparkplug-nodes.ts';

const optionsSchema = z.strictObject({
  /** Who we are to edge nodes; a primary host says by STATE whether it is there. Absent: nobody. */
  host: z.strictObject({ id: z.string().regex(/^[^/+#]+$/, 'a level of a topic'), primary: z.boolean() }).optional(),
  /** Milliseconds that missing messages of a node are waited for. */
  reorderMs: z.number().int().min(0).max(60_000).default(2_000),
});
type SparkplugOptions = z.output<typeof optionsSchema>;

export const SPARKPLUG: DialectKind<SparkplugOptions> = {
  name: 'sparkplug',
  topics: [
    'spBv1.0/+/NBIRTH/+',
    'spBv1.0/+/NDATA/+',
    'spBv1.0/+/NDEATH/+',
    'spBv1.0/+/DBIRTH/+/+',
    'spBv1.0/+/DDATA/+/+',
    'spBv1.0/+/DDEATH/+/+',
    'spBv1.0/STATE/+',
  ],
  sourceNames: ['group', 'node', 'device'],
  twin: '{group}:{node}[:{device}]',
  propertyNames: ['metric'],
  property: '{metric}',
  options: optionsSchema,
  hasWill: ({ host }) => host?.primary === true,
  create: (options) => new Sparkplug(options),
};

const TOPIC =
  /^spBv1\.0\/(?<group>[^/]+)\/(?:(?<nodeType>NBIRTH|NDATA|NDEATH)\/(?<alone>[^/]+)|(?<deviceType>DBIRTH|DDATA|DDEATH)\/(?<node>[^/]+)\/(?<device>[^/]+))$/s;
const FOREIGN = /^spBv1\.0\/(?:STATE\/|[^/]+\/[ND]CMD\/)/;
const MOST_SEQ = 255;

class Sparkplug implements Dialect {
  readonly #reorderMs: number;
  readonly #host: SparkplugHost | undefined;
  readonly #nodes = new SparkplugNodes((key) => this.#forget(key));
  readonly #rebirths = new RebirthRequests();
  /** Nodes that wait for missing messages. */
  readonly #gaps = new DueTimes();
  /** Nodes that were born again, and their devices are to follow. */
  readonly #followUps = new DueTimes();
  /** Nodes that may have died while we were not connected; once they are asked, they have some time to answer. */
  readonly #unsure = new Set<string>();
  readonly #answers = new DueTimes();
  /** When nodes are STALE because we have no connection. */
  #deafAt: number | undefined;
  /** Commands that cannot be given, until they are told. */
  #refused: Refusal[] = [];
  #order = 0;
  readonly will?: (now: number) => Outgoing;

  constructor({ host, reorderMs }: SparkplugOptions) {
    this.#reorderMs = reorderMs;
    if (host?.primary !== true) return;
    const own = new SparkplugHost(host.id);
    this.#host = own;
    this.will = (now) => own.will(now);
  }

  get wakeAt(): number | undefined {
    if (this.#refused.length > 0) return 0;
    const all = [this.#gaps, this.#followUps, this.#answers, this.#rebirths].map(({ nextAt }) => nextAt);
    const times = [...all, this.#deafAt].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  decode({ topic, payload, receivedAt: now, isReplay }: Message): Told {
    const groups = TOPIC.exec(topic)?.groups;
    if (groups === undefined) return this.#decodeOther(topic, payload, now);
    const { group = '', nodeType, alone, deviceType, node: behind, device = '' } = groups;
    // Births, data and deaths are of their moment (payloads-nbirth-retain and its like).
    if (isReplay) return { fault: 'a retained message of Sparkplug says nothing of now' };
    const message = decodeSparkplug(payload);
    if ('reason' in message) return { fault: message.reason };
    if (message.seq !== undefined && message.seq > MOST_SEQ) return { fault: `expected a seq of 0 to ${MOST_SEQ}` };
    const told = nothing();
    const node = alone ?? behind ?? '';
    const key = `${group}/${node}`;
    this.#unsure.delete(key);
    this.#answers.delete(key);
    if (nodeType === 'NBIRTH') this.#nodeBirth(this.#nodes.touch(group, node), message, now, told);
    else if (nodeType === 'NDEATH') this.#nodeDeath({ group, node }, message, now, told);
    else {
      const type = (nodeType ?? deviceType) as SparkplugEvent['type'];
      this.#event({ group, node }, { type, device, message, bytes: payload.byteLength }, now, told);
    }
    return this.#withRequests(told, now);
  }

  wake(now: number): Told {
    const told = nothing(this.#refused);
    this.#refused = [];
    for (const key of this.#gaps.take(now)) this.#giveUp(this.#nodes.get(key), now, told);
    for (const key of this.#followUps.take(now)) this.#dropDevices(this.#nodes.get(key), told);
    if (this.#deafAt !== undefined && this.#deafAt <= now) this.#goDeaf(told);
    for (const key of this.#answers.take(now)) this.#end(this.#nodes.get(key), 'STALE', now, told);
    return this.#withRequests(told, now);
  }

  connected(now: number): Told {
    const told = nothing();
    this.#deafAt = undefined;
    if (this.#host !== undefined) told.send.push(this.#host.birth(now));
    // Deaths, data and births are lost on whoever is not there.
    for (const { key, isBorn } of this.#nodes.all()) {
      if (!isBorn) continue;
      this.#unsure.add(key);
      this.#rebirths.ask(key, now);
    }
    return this.#withRequests(told, now);
  }

  /** A connection that comes back soon changes nothing. */
  disconnected(now: number): Told {
    this.#deafAt = now + SPARKPLUG_LIMITS.answerMs;
    return {};
  }

  goodbye(now: number): readonly Outgoing[] {
    return this.#host === undefined ? [] : [this.#host.goodbye(now)];
  }

  encodeDesired(source: Names, values: readonly DesiredValue[], now: number): readonly Outgoing[] {
    const { group = '', node = '', device } = source;
    const known = this.#nodes.get(`${group}/${node}`);
    const place = device === undefined ? known : known?.deviceByName.get(device);
    // Its birth will bring it what is desired.
    if (place?.isBorn !== true) return [];
    const { outgoing, refusals } = desiredCommand({ group, node, device }, place.metrics, values, now);
    this.#refused = [...this.#refused, ...refusals].slice(0, SPARKPLUG_LIMITS.refusals);
    return outgoing === null ? [] : [outgoing];
  }

  #decodeOther(topic: string, payload: Uint8Array, now: number): Told {
    const answer = this.#host?.hear(topic, payload, now);
    if (answer !== undefined) return { send: [answer] };
    // States of hosts, and commands to nodes, are for others.
    return FOREIGN.test(topic) ? {} : { fault: 'the topic is none of Sparkplug B' };
  }

  #nodeBirth(node: SparkplugNode, message: SparkplugMessage, now: number, told: Gathered): void {
    const { group, name, key, deviceByName } = node;
    this.#rebirths.answered(key);
    this.#gaps.delete(key);
    const before = this.#nodes.holding(node, () => node.begin(message));
    for (const event of before) this.#take(node, event, now, told);
    told.refusals.push(...this.#nodes.define(node, message));
    node.bdSeq = bdSeqOf(message);
    node.isBorn = true;
    // A birth of the node ends those of its devices; they follow it.
    for (const device of deviceByName.values()) device.isBorn = false;
    if (deviceByName.size > 0) this.#followUps.set(key, now + SPARKPLUG_LIMITS.answerMs);
    const source = { group, node: name };
    told.reports.push({ source, connectivity: 'ONLINE' });
    this.#read(node, source, node.metrics, message, now, told);
    const following = this.#nodes.holding(node, () => node.following());
    for (const event of following) this.#take(node, event, now, told);
    if (node.held > 0) this.#gaps.set(key, now + this.#reorderMs);
  }

  #nodeDeath(source: NodeNames, message: SparkplugMessage, now: number, told: Gathered): void {
    const node = this.#nodes.get(`${source.group}/${source.node}`);
    if (node === undefined) {
      told.reports.push({ source, connectivity: 'OFFLINE' });
      return;
    }
    const bdSeq = bdSeqOf(message);
    if (bdSeq === undefined && node.bdSeq !== undefined)
      told.refusals.push({ property: 'bdSeq', reason: 'a death has no bdSeq, so nobody knows of which connection' });
    // Others are of a connection before the one that is alive (topics-nbirth-bdseq-matching).
    else if (node.bdSeq === undefined || node.bdSeq === bdSeq) this.#end(node, 'OFFLINE', now, told);
  }

  #event(source: NodeNames, event: SparkplugEvent, now: number, told: Gathered): void {
    const { group, node: name } = source;
    const key = `${group}/${name}`;
    if (this.#nodes.get(key)?.isBorn !== true) {
      this.#rebirths.ask(key, now);
      if (event.type === 'DDEATH')
        told.reports.push({ source: { ...source, device: event.device }, connectivity: 'OFFLINE' });
      else told.refusals.push({ property: '', reason: 'no birth of this node was heard; it is asked for one' });
      return;
    }
    const node = this.#nodes.touch(group, name);
    const events = this.#nodes.holding(node, () => node.inTurn(event));
    for (const each of events) this.#take(node, each, now, told);
    if (node.held === 0) this.#gaps.delete(key);
    else if (this.#nodes.holdsTooMuch(node)) this.#giveUp(node, now, told);
    else this.#gaps.set(key, now + this.#reorderMs);
  }

  /** Takes what there is without what is missing, and asks for all. */
  #giveUp(node: SparkplugNode | undefined, now: number, told: Gathered): void {
    if (node === undefined || node.held === 0) return;
    this.#gaps.delete(node.key);
    this.#rebirths.ask(node.key, now);
    const events = this.#nodes.holding(node, () => node.release());
    for (const event of events) this.#take(node, event, now, told);
  }

  #take(node: SparkplugNode, { type, device: name, message }: SparkplugEvent, now: number, told: Gathered): void {
    const source = { group: node.group, node: node.name, ...(name !== '' && { device: name }) };
    const device = node.deviceByName.get(name);
    switch (type) {
      case 'NDATA':
        return this.#read(node, source, node.metrics, message, now, told);
      case 'DBIRTH':
        told.refusals.push(...this.#nodes.define(node, message, name));
        told.reports.push({ source, connectivity: 'ONLINE' });
        return this.#read(node, source, node.deviceByName.get(name)?.metrics, message, now, told);
      case 'DDATA':
        return this.#read(node, source, device?.isBorn === true ? device.metrics : undefined, message, now, told);
      case 'DDEATH':
        if (device !== undefined) device.isBorn = false;
        told.reports.push({ source, connectivity: 'OFFLINE' });
    }
  }

  #read(
    node: SparkplugNode,
    source: Names,
    metrics: MetricTable | undefined,
    message: SparkplugMessage,
    now: number,
    told: Gathered,
  ): void {
    if (metrics === undefined) {
      this.#rebirths.ask(node.key, now);
      told.refusals.push({ property: '', reason: `no birth of ${source['device']} was heard; it is asked for` });
      return;
    }
    const read = readMetrics(source, metrics, message, () => (this.#order += 1));
    for (const reading of read.readings) told.readings.push(reading);
    for (const refusal of read.refusals) told.refusals.push(refusal);
    if (read.isUndefined) this.#rebirths.ask(node.key, now);
  }

  #end(node: SparkplugNode | undefined, connectivity: 'STALE' | 'OFFLINE', now: number, told: Gathered): void {
    if (node?.isBorn !== true) return;
    const events = this.#nodes.holding(node, () => node.release());
    for (const event of events) this.#take(node, event, now, told);
    this.#gaps.delete(node.key);
    told.reports.push(...reportsOf(node, connectivity));
    node.isBorn = false;
    for (const device of node.deviceByName.values()) device.isBorn = false;
  }

  /** What cannot be heard is STALE, until it is heard again (5.3 of the specification). */
  #goDeaf(told: Gathered): void {
    this.#deafAt = undefined;
    for (const node of this.#nodes.all()) {
      if (node.isBorn) told.reports.push(...reportsOf(node, 'STALE'));
    }
  }

  /** Those that the node has no more. */
  #dropDevices(node: SparkplugNode | undefined, told: Gathered): void {
    if (node?.isBorn !== true) return;
    const { group, name, deviceByName } = node;
    for (const [device, { isBorn }] of deviceByName) {
      if (isBorn) continue;
      this.#nodes.remove(node, device);
      told.reports.push({ source: { group, node: name, device }, connectivity: 'STALE' });
    }
  }

  #withRequests(told: Gathered, now: number): Told {
    for (const key of this.#rebirths.take(now)) {
      const [group = '', node = ''] = key.split('/');
      told.send.push(rebirthCommand({ group, node }, now));
      if (this.#unsure.delete(key)) this.#answers.set(key, now + SPARKPLUG_LIMITS.answerMs);
    }
    return told;
  }

  #forget(key: string): void {
    for (const times of [this.#gaps, this.#followUps, this.#answers]) times.delete(key);
    this.#unsure.delete(key);
  }
}

interface NodeNames extends Names {
  readonly group: string;
  readonly node: string;
}

interface Gathered {
  readonly readings: SourceReading[];
  readonly reports: SourceReport[];
  readonly refusals: Refusal[];
  readonly send: Outgoing[];
}

/** Of the node, and of those of its devices that are born. */
function reportsOf(
  { group, name, deviceByName }: SparkplugNode,
  connectivity: SourceReport['connectivity'],
): SourceReport[] {
  const source = { group, node: name };
  const born = [...deviceByName].filter(([, { isBorn }]) => isBorn);
  return [{ source, connectivity }, ...born.map(([device]) => ({ source: { ...source, device }, connectivity }))];
}

function nothing(refusals: Refusal[] = []): Gathered {
  return { readings: [], reports: [], refusals, send: [] };
}
