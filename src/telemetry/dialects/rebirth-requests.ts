/**
 * Which nodes are asked for their births, and when: one node seldom, and ever more seldom while it does not answer; few
 * in a second, as each answer is large. Pure.
 */
import { RecentMap } from './recent-map.ts';
import { SPARKPLUG_LIMITS } from './sparkplug-limits.ts';

const { rebirthsPerSecond, rebirthAfterMs, longestRebirthAfterMs, sources } = SPARKPLUG_LIMITS;

export class RebirthRequests {
  readonly #lastByNode = new RecentMap<{ readonly at: number; readonly waitMs: number }>(sources);
  readonly #waiting = new Set<string>();
  #secondAt = Number.NEGATIVE_INFINITY;
  #inSecond = 0;

  /** Nothing, where the node was asked lately. */
  ask(node: string, now: number): void {
    const last = this.#lastByNode.get(node);
    if (last !== undefined && now < last.at + last.waitMs) return;
    if (this.#waiting.size < sources) this.#waiting.add(node);
  }

  answered(node: string): void {
    this.#waiting.delete(node);
    const last = this.#lastByNode.get(node);
    if (last !== undefined) this.#lastByNode.set(node, { at: last.at, waitMs: rebirthAfterMs });
  }

  /** The nodes to ask now. */
  take(now: number): string[] {
    if (this.#waiting.size === 0) return [];
    if (now >= this.#secondAt + 1_000) [this.#secondAt, this.#inSecond] = [now, 0];
    const nodes = [...this.#waiting].slice(0, rebirthsPerSecond - this.#inSecond);
    this.#inSecond += nodes.length;
    for (const node of nodes) {
      this.#waiting.delete(node);
      const last = this.#lastByNode.get(node);
      const waitMs = last === undefined ? rebirthAfterMs : Math.min(last.waitMs * 2, longestRebirthAfterMs);
      this.#lastByNode.set(node, { at: now, waitMs });
    }
    return nodes;
  }

  /** When `take` has more; undefined: nothing waits. */
  get nextAt(): number | undefined {
    return this.#waiting.size === 0 ? undefined : this.#secondAt + 1_000;
  }
}
