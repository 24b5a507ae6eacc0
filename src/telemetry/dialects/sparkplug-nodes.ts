/** The edge nodes that are known, within limits: the one silent for longest goes first. Pure. */
import type { Refusal } from './dialect.ts';
import { SPARKPLUG_LIMITS } from './sparkplug-limits.ts';
import type { SparkplugMessage } from './sparkplug-message.ts';
import { MetricTable } from './sparkplug-metrics.ts';
import { SparkplugNode } from './sparkplug-node.ts';

type NodeLimits = Readonly<Record<'sources' | 'allDefinitions' | 'heldBytes' | 'held' | 'devices', number>>;

export class SparkplugNodes {
  /** By `group/node`; the one silent for longest comes first. */
  readonly #nodeByKey = new Map<string, SparkplugNode>();
  readonly #forgotten: (key: string) => void;
  readonly #limits: NodeLimits;
  #definitions = 0;
  #sources = 0;
  #heldBytes = 0;

  /** `forgotten` hears of nodes that are known no more. */
  constructor(forgotten: (key: string) => void, limits: NodeLimits = SPARKPLUG_LIMITS) {
    this.#forgotten = forgotten;
    this.#limits = limits;
  }

  get(key: string): SparkplugNode | undefined {
    return this.#nodeByKey.get(key);
  }

  all(): Iterable<SparkplugNode> {
    return this.#nodeByKey.values();
  }

  /** The node, which is not silent now; a new one, where there is none. */
  touch(group: string, name: string): SparkplugNode {
    const there = this.#nodeByKey.get(`${group}/${name}`);
    const node = there ?? new SparkplugNode(group, name);
    this.#nodeByKey.delete(node.key);
    this.#nodeByKey.set(node.key, node);
    if (there === undefined) this.#count(node, 1);
    return node;
  }

  /** What a birth of the node, or of a device of it, defines; answers what it does not. */
  define(node: SparkplugNode, message: SparkplugMessage, device?: string): Refusal[] {
    const { devices, sources, allDefinitions } = this.#limits;
    const refusals: Refusal[] = [];
    let metrics = new MetricTable();
    for (const metric of message.metrics) {
      const reason = metrics.define(metric);
      if (reason !== null) refusals.push({ property: metric.name ?? '', reason });
    }
    this.#set(node, device, metrics);
    for (const other of this.#nodeByKey.values()) {
      if (!this.#isOver || other === node) break;
      this.#forget(other);
    }
    if (this.#isOver || node.deviceByName.size > devices) {
      const reason = `more is defined than ${devices} devices of a node, ${sources} sources or ${allDefinitions} metrics`;
      refusals.push({ property: '', reason });
      metrics = new MetricTable();
      this.#set(node, device, metrics);
      if (device !== undefined) this.remove(node, device);
    }
    return refusals;
  }

  remove(node: SparkplugNode, device: string): void {
    this.#count(node, -1);
    node.removeDevice(device);
    this.#count(node, 1);
  }

  /** Does what lets messages of the node wait, or takes those that wait. */
  holding<Answer>(node: SparkplugNode, change: () => Answer): Answer {
    this.#heldBytes -= node.heldBytes;
    const answer = change();
    this.#heldBytes += node.heldBytes;
    return answer;
  }

  /** No more messages of the node may wait. */
  holdsTooMuch(node: SparkplugNode): boolean {
    return node.held >= this.#limits.held || this.#heldBytes > this.#limits.heldBytes;
  }

  get #isOver(): boolean {
    return this.#sources > this.#limits.sources || this.#definitions > this.#limits.allDefinitions;
  }

  #set(node: SparkplugNode, device: string | undefined, metrics: MetricTable): void {
    this.#count(node, -1);
    node.define(metrics, device);
    this.#count(node, 1);
  }

  #forget(node: SparkplugNode): void {
    this.#count(node, -1);
    this.#heldBytes -= node.heldBytes;
    this.#nodeByKey.delete(node.key);
    this.#forgotten(node.key);
  }

  #count(node: SparkplugNode, sign: 1 | -1): void {
    this.#definitions += sign * node.definitions;
    this.#sources += sign * node.sources;
  }
}
