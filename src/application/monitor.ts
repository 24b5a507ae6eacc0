/**
 * The property states that health and silence are judged by: those whose model has limits or an expected interval.
 * All other values stay in the graph alone. Follows the feed.
 */
import type { Changes } from '../domain/change.ts';
import { evaluateLimits, type LimitJudgement, measureHealth, NO_JUDGEMENT } from '../domain/evaluate-limits.ts';
import type { PropertyModel, ResolvedModel } from '../domain/model.ts';
import type { PropertyState } from '../domain/property.ts';
import type { OperationalState } from '../domain/state.ts';

export interface MonitoredProperty {
  readonly state: PropertyState;
  /** Since when limits that wait for their delay are past the threshold. */
  readonly pendingSince: ReadonlyMap<number, number>;
}

/** Whether memory keeps the states of a property. */
export function isMonitored(property: PropertyModel | undefined): boolean {
  return property !== undefined && (property.limits.length > 0 || property.staleAfterMs !== null);
}

export class Monitor {
  readonly #byTwin = new Map<string, Map<string, MonitoredProperty>>();

  /** Monitored properties of a twin, by name. */
  of(twin: string): ReadonlyMap<string, MonitoredProperty> {
    return this.#byTwin.get(twin) ?? NONE;
  }

  clear(): void {
    this.#byTwin.clear();
  }

  twins(): IterableIterator<string> {
    return this.#byTwin.keys();
  }

  put(twin: string, name: string, state: PropertyState, model: PropertyModel): void {
    let properties = this.#byTwin.get(twin);
    if (!properties) {
      properties = new Map();
      this.#byTwin.set(twin, properties);
    }
    const before = properties.get(name);
    const { pendingSince } = judgeProperty(model, state, before, state.receivedAt ?? 0);
    properties.set(name, {
      state,
      pendingSince: new Map([...pendingSince].filter(([i]) => !state.activeLimits.includes(i))),
    });
  }

  apply(changes: Changes, modelOf: (twin: string) => ResolvedModel | undefined): void {
    for (const change of changes.twins) {
      if (change.after === null) {
        this.#byTwin.delete(change.id);
        continue;
      }
      const model = modelOf(change.id);
      if (change.after.model !== undefined) this.#keepOnly(change.id, model);
      for (const { name, after } of change.properties) {
        const property = model?.propertyByName.get(name);
        if (after !== null && property && isMonitored(property)) this.put(change.id, name, after, property);
        else this.#byTwin.get(change.id)?.delete(name);
      }
    }
  }

  #keepOnly(twin: string, model: ResolvedModel | undefined): void {
    const properties = this.#byTwin.get(twin);
    for (const name of properties?.keys() ?? [])
      if (!isMonitored(model?.propertyByName.get(name))) properties?.delete(name);
  }
}

const NONE: ReadonlyMap<string, MonitoredProperty> = new Map();
const NOT_PENDING: ReadonlyMap<number, number> = new Map();

function toPendingSince(pendingLimits: readonly number[]): Map<number, number> {
  const sinceByLimit = new Map<number, number>();
  for (let i = 0; i + 1 < pendingLimits.length; i += 2)
    sinceByLimit.set(pendingLimits[i] as number, pendingLimits[i + 1] as number);
  return sinceByLimit;
}

/** What the limits say of a property's state, given what they said before. */
export function judgeProperty(
  model: PropertyModel,
  state: PropertyState,
  before: MonitoredProperty | undefined,
  now: number,
): LimitJudgement {
  if (state.receivedAt === null) return NO_JUDGEMENT;
  const past: LimitJudgement = {
    active: before?.state.activeLimits ?? state.activeLimits,
    pendingSince: state.pendingLimits ? toPendingSince(state.pendingLimits) : (before?.pendingSince ?? NOT_PENDING),
  };
  return evaluateLimits(model.limits, state.value, past, now);
}

/** Health by measurement of a twin whose monitored properties stand as given. */
export function healthOf(
  model: ResolvedModel | undefined,
  states: Iterable<readonly [string, PropertyState]>,
  isOffline: boolean,
): OperationalState {
  if (!model) return 'OPERATIONAL';
  const pairs: [PropertyModel, PropertyState][] = [];
  for (const [name, state] of states) {
    const property = model.propertyByName.get(name);
    if (property) pairs.push([property, state]);
  }
  return measureHealth(pairs, isOffline);
}
