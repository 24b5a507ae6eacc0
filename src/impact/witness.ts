/**
 * One shortest chain of cause from a twin of the scenario to an affected one (IMPACT.md 7).
 *
 * Found backwards: from the loss, at the instant at which it came, to the members that the failing groups lost, each at
 * the instant at which it was lost itself; breadth first, twins of one distance in the order of their ids. For a twin
 * that gets better, the same over what was gained.
 */
import { GROUP_CONDUCTION, GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import type { Difference } from './differences.ts';
import type { History } from './history.ts';
import { bestRank, CUT1, CUT2, planeOf, worstRank } from './planes.ts';
import type { PlantState } from './plant-state.ts';
import type { ResolvedScenario } from './resolve-scenario.ts';
import type { WitnessStep } from './types.ts';

/** A twin on the way, and how its change led to that of the one before it. */
interface Visit {
  readonly twin: number;
  readonly atMs: number;
  /** Towards the affected twin; null at the affected twin itself. */
  readonly towards: Visit | null;
  /** Membership over which the change came to `towards`. */
  readonly member: number;
}

/** A change can come over a membership from its twin, or from the opening or closing of its relationship. */
interface Source {
  readonly member: number;
  readonly twin: number;
  /** null: by the relationship itself. */
  readonly atMs: number | null;
}

interface Chain {
  readonly length: number;
  /** At most so many: where there are more, those in the middle are left out. */
  steps(most: number): WitnessStep[];
}

/** Witnesses of one scenario; what one search finds about the way serves the next. */
export class Witnesses {
  readonly #state: PlantState;
  readonly #scenario: ResolvedScenario;
  readonly #history: History;
  readonly #searchByQuestion = new Map<number, WitnessSearch>();

  constructor(state: PlantState, scenario: ResolvedScenario, history: History) {
    this.#state = state;
    this.#scenario = scenario;
    this.#history = history;
  }

  /** Steps at the beginning and at the end of the chain, at most so many. */
  of(difference: Difference, most: number): WitnessStep[] {
    return this.#search(difference).find(difference).steps(most);
  }

  lengthOf(difference: Difference): number {
    return this.#search(difference).find(difference).length;
  }

  #search(difference: Difference): WitnessSearch {
    const { isWorse } = difference;
    const plane = planeToExplain(difference);
    const question = isWorse ? plane : -plane;
    let search = this.#searchByQuestion.get(question);
    if (!search) {
      search = new WitnessSearch(this.#state, this.#scenario, this.#history, plane, isWorse);
      this.#searchByQuestion.set(question, search);
    }
    return search;
  }
}

/**
 * What is certain is explained in the best case, what is possible in the worst; but where a standby is at work already
 * in the worst case alone, only the best one has the loss.
 */
function planeToExplain({ bitsBefore, bitsAfter, isWorse, isCertain }: Difference): number {
  const isBest = isCertain === isWorse;
  const rank = (isBest ? bestRank : worstRank)(bitsAfter);
  const planes = [isBest, !isBest].map((best) => planeOf(isWorse ? rank + 1 : Math.max(1, rank), best));
  const changed = bitsBefore ^ bitsAfter;
  return planes.find((plane) => changed & plane) ?? (planes[0] as number);
}

class WitnessSearch {
  readonly #state: PlantState;
  readonly #scenario: ResolvedScenario;
  readonly #history: History;
  /** The plane whose change is to be explained, and whether it was lost or gained. */
  readonly #plane: number;
  readonly #isWorse: boolean;
  /** By twin, for the instant at which it was asked last. */
  readonly #sourcesByTwin = new Map<number, { readonly atMs: number; readonly sources: readonly Source[] }>();

  constructor(state: PlantState, scenario: ResolvedScenario, history: History, plane: number, isWorse: boolean) {
    this.#state = state;
    this.#scenario = scenario;
    this.#history = history;
    this.#plane = plane;
    this.#isWorse = isWorse;
  }

  find(difference: Difference): Chain {
    const start: Visit = { twin: difference.twin, atMs: this.#startMs(difference), towards: null, member: -1 };
    const seen = new Set([start.twin]);
    let level = [start];
    while (level.length > 0) {
      const next: Visit[] = [];
      for (const visit of level) {
        for (const source of this.#sources(visit)) {
          if (source.atMs === null) return this.#chain(visit, source.member);
          if (seen.has(source.twin)) continue;
          seen.add(source.twin);
          next.push({ twin: source.twin, atMs: source.atMs, towards: visit, member: source.member });
        }
      }
      next.sort((a, b) => (this.#id(a.twin) < this.#id(b.twin) ? -1 : 1));
      const found = next.find(({ twin }) => this.#scenario.twins.has(twin));
      if (found) return this.#chain(found, -1);
      level = next;
    }
    // From black, nothing of the scenario need be behind it.
    return this.#chain(start, -1);
  }

  #id(twin: number): string {
    return this.#state.plant.ids[twin] as string;
  }

  /** When the twin came to the state that the answer tells. */
  #startMs({ position, bitsAfter, impactAtMs }: Difference): number {
    for (let n = 0; n < this.#history.changeCount(position); n += 1)
      if (this.#history.bitsAfter(position, n) === bitsAfter) return this.#history.atMs(position, n);
    return impactAtMs;
  }

  #bitsAt(twin: number, atMs: number): number {
    return this.#history.bitsAt(twin, atMs, this.#state.bits[twin] as number);
  }

  /** What the change of a twin came from: memberships of the groups in question that changed. */
  #sources({ twin, atMs }: Visit): readonly Source[] {
    const known = this.#sourcesByTwin.get(twin);
    if (known?.atMs === atMs) return known.sources;
    const sources = this.#findSources(twin, atMs);
    this.#sourcesByTwin.set(twin, { atMs, sources });
    return sources;
  }

  #findSources(twin: number, atMs: number): Source[] {
    const { groupStart, memberStart } = this.#state.plant;
    const sources: Source[] = [];
    for (let group = groupStart[twin] as number; group < (groupStart[twin + 1] as number); group += 1) {
      if (this.#isWorse && this.#holds(group, atMs)) continue;
      for (let m = memberStart[group] as number; m < (memberStart[group + 1] as number); m += 1) {
        const source = this.#source(m, group, atMs);
        if (source) sources.push(source);
      }
    }
    // A standby that failed before its time came had no part in the loss yet, if something else had.
    const working = sources.filter(({ member }) => !this.#waits(member, atMs));
    return (working.length > 0 ? working : sources).toSorted((a, b) => (this.#id(a.twin) < this.#id(b.twin) ? -1 : 1));
  }

  /** The membership as a source: it counted before the scenario and does not at the instant, or the reverse. */
  #source(member: number, group: number, atMs: number): Source | null {
    const { memberTwin, memberRelationship } = this.#state.plant;
    const counts = this.#counts(member, group, atMs);
    const countedBefore = this.#countedBefore(member, group);
    if (counts === countedBefore || counts === this.#isWorse) return null;
    const twin = memberTwin[member] as number;
    // A standby that works, and waits for its time, is not lost.
    if (!counts && this.#bitsAt(twin, atMs) & this.#plane && this.#waits(member, atMs)) return null;
    const since = this.#history.sinceMs(twin, atMs, this.#plane, this.#state.bits[twin] as number);
    if (since !== null) return { member, twin, atMs: since };
    if (this.#scenario.closed.has(twin)) return { member, twin, atMs: 0 };
    return this.#scenario.relationshipClosed.has(memberRelationship[member] as number)
      ? { member, twin, atMs: null }
      : null;
  }

  #waits(member: number, atMs: number): boolean {
    return ((this.#history.clock?.waitingAt(member, atMs) ?? 0) & this.#plane) !== 0;
  }

  #counts(member: number, group: number, atMs: number): boolean {
    const { plant, closed, relationshipClosed } = this.#state;
    const twin = plant.memberTwin[member] as number;
    if ((this.#bitsAt(twin, atMs) & this.#plane) === 0 || this.#waits(member, atMs)) return false;
    const relationship = plant.memberRelationship[member] as number;
    // An open relationship brings nothing, whatever the group takes from its members; an open twin conducts no supply.
    if (plant.relationshipIsSupply[relationship] === 1) {
      const isClosed = this.#scenario.relationshipClosed.get(relationship) ?? relationshipClosed[relationship] === 1;
      if (!isClosed) return false;
    }
    if (((plant.groupFlags[group] as number) & GROUP_SUPPLY) === 0) return true;
    return this.#scenario.closed.get(twin) ?? closed[twin] === 1;
  }

  /** In the baseline every standby counts. */
  #countedBefore(member: number, group: number): boolean {
    const { plant, bits, conducting, memberMask } = this.#state;
    const over = (plant.groupFlags[group] as number) & GROUP_SUPPLY ? conducting : bits;
    return ((over[plant.memberTwin[member] as number] as number) & (memberMask[member] as number) & this.#plane) !== 0;
  }

  #need(group: number): number {
    const { groupFlags, groupFull, groupMin } = this.#state.plant;
    if (this.#plane & CUT2) return groupFull[group] as number;
    return this.#plane & CUT1 && (groupFlags[group] as number) & GROUP_SOFT ? 0 : (groupMin[group] as number);
  }

  #have(group: number, atMs: number): number {
    const { memberStart, memberShare } = this.#state.plant;
    let have = 0;
    for (let member = memberStart[group] as number; member < (memberStart[group + 1] as number); member += 1)
      if (this.#counts(member, group, atMs)) have += memberShare[member] as number;
    return have;
  }

  #holds(group: number, atMs: number): boolean {
    const { groupFlags, groupOwner } = this.#state.plant;
    const owner = groupOwner[group] as number;
    const isOwnerClosed = this.#scenario.closed.get(owner) ?? this.#state.closed[owner] === 1;
    if ((groupFlags[group] as number) & GROUP_CONDUCTION && !isOwnerClosed) return true;
    if ((this.#history.clock?.heldAt(group, atMs) ?? 0) & this.#plane) return true;
    return this.#have(group, atMs) >= this.#need(group);
  }

  /** From a visit to the affected twin. `member`: the membership over which the first step came itself, or -1. */
  #chain(from: Visit, member: number): Chain {
    const links: { visit: Visit; member: number }[] = [{ visit: from, member }];
    for (let visit = from; visit.towards !== null; visit = visit.towards)
      links.push({ visit: visit.towards, member: visit.member });
    const { length } = links;
    const steps = (most: number): WitnessStep[] =>
      keepEnds(links, most).map((link) => this.#step(link.visit, link.member));
    return { length, steps };
  }

  #step({ twin, atMs }: Visit, member: number): WitnessStep {
    const { plant } = this.#state;
    const id = this.#id(twin);
    if (member === -1) return { twin: id, relationship: null, group: null, need: null, have: null, lost: [] };
    const group = plant.memberGroup[member] as number;
    const lost = new Set<string>();
    if (this.#isWorse) {
      for (let m = plant.memberStart[group] as number; m < (plant.memberStart[group + 1] as number); m += 1)
        if (this.#source(m, group, atMs)) lost.add(this.#id(plant.memberTwin[m] as number));
    }
    return {
      twin: id,
      relationship: plant.relationshipIds[plant.memberRelationship[member] as number] as string,
      group: plant.names[plant.groupName[group] as number] as string,
      need: this.#need(group),
      have: this.#have(group, atMs),
      lost: [...lost].toSorted(),
    };
  }
}

/** At most so many of a chain: where there are more, those in the middle are left out. */
export function keepEnds<T>(chain: readonly T[], most: number): T[] {
  const left = Math.max(0, chain.length - most);
  return chain.toSpliced(Math.ceil((chain.length - left) / 2), left);
}
