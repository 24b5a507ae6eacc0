/** The application as telemetry sees it, with commits that a test holds, fails or counts; the graph is a map. */
import { LinchpinError } from '../../src/domain/errors.ts';
import { Quarantine } from '../../src/application/quarantine.ts';
import { EMPTY_PROPERTY, type PropertyState, type PropertyValue } from '../../src/domain/property.ts';
import { isSameValue } from '../../src/domain/property-value.ts';
import type { TwinSource } from '../../src/domain/twin.ts';
import type { ConnectivityReport, Reading, ReadingOutcome, Removal } from '../../src/domain/telemetry.ts';

export type DesiredChange = { twin: string; property: string; desired: PropertyValue | undefined };

export class ControlledApplication {
  /** What stands in the graph, by twin and property. */
  readonly values = new Map<string, Map<string, Reading>>();
  readonly batches: (readonly Reading[])[] = [];
  readonly reports: ConnectivityReport[] = [];
  /** Twins in the order in which something of them was written, with what. */
  readonly order: string[] = [];
  /** Twins that exist; null: all. */
  known: Set<string> | null = null;
  /** The graph cannot be reached. */
  isDown = false;
  /** A reading that makes its whole batch fail for good. */
  isPoison: (reading: Reading) => boolean = () => false;
  rejects: (reading: Reading) => string | null = () => null;
  /** Runs before each commit; a test lets it wait. */
  beforeCommit: () => Promise<void> = async () => {};
  attempts = 0;
  #listeners = new Set<(change: DesiredChange) => void>();
  #desired = new Map<string, Map<string, PropertyState>>();

  async ingest(readings: readonly Reading[]): Promise<{ outcome: ReadingOutcome; reason?: string }[]> {
    this.attempts += 1;
    await this.beforeCommit();
    if (this.isDown) throw new LinchpinError('STORE_UNAVAILABLE', 'the graph cannot be reached');
    if (readings.some(this.isPoison)) throw new LinchpinError('INTERNAL', 'poison');
    this.batches.push(readings);
    this.order.push(...readings.map(({ twin, property }) => `${twin} ${property}`));
    return readings.map((reading) => this.#apply(reading));
  }

  async reportConnectivity(reports: readonly ConnectivityReport[]): Promise<void> {
    if (this.isDown) throw new LinchpinError('STORE_UNAVAILABLE', 'the graph cannot be reached');
    this.reports.push(...reports);
    this.order.push(...reports.map(({ twin, connectivity }) => `${twin} ${connectivity}`));
  }

  readonly quarantine = new Quarantine();
  readonly topology = { twin: (): undefined => undefined };
  /** How twins were heard. */
  readonly sources = new Map<string, TwinSource>();
  async noteSources(sources: ReadonlyMap<string, TwinSource>): Promise<void> {
    for (const [twin, source] of sources) this.sources.set(twin, source);
  }

  readonly removals: Removal[] = [];
  readonly desiredBySources: { twin: string; property: string; value: PropertyValue }[] = [];
  resolvedModel(): undefined {}

  async removeReported(removals: readonly Removal[]): Promise<void> {
    if (this.isDown) throw new LinchpinError('STORE_UNAVAILABLE', 'the graph cannot be reached');
    this.removals.push(...removals);
  }

  async takeDesired(
    changes: readonly { twin: string; property: string; value: PropertyValue }[],
  ): Promise<(string | null)[]> {
    if (this.isDown) throw new LinchpinError('STORE_UNAVAILABLE', 'the graph cannot be reached');
    this.desiredBySources.push(...changes);
    for (const { twin, property, value } of changes) this.setDesired(twin, property, value ?? undefined);
    return changes.map(() => null);
  }

  async upsertTwins(twins: readonly { readonly id: string }[]): Promise<never[]> {
    for (const { id } of twins) this.known?.add(id);
    return [];
  }

  /** Readings that were coalesced away. */
  readonly coalesced: Reading[] = [];
  /** What history has to be waited for. */
  keeping: Promise<void> | undefined;
  keepHistory(coalesced: readonly Reading[]): Promise<void> | undefined {
    this.coalesced.push(...coalesced);
    return this.keeping;
  }

  async properties(ids: readonly string[]): Promise<Map<string, Map<string, PropertyState>>> {
    return new Map(ids.flatMap((id) => (this.#desired.has(id) ? [[id, this.#desired.get(id) ?? new Map()]] : [])));
  }

  unreported(): string[] {
    return [...this.#desired].flatMap(([twin, states]) =>
      [...states.values()].some(({ value, desired }) => desired !== undefined && !isSameValue(desired, value))
        ? [twin]
        : [],
    );
  }

  onDesired(listener: (change: DesiredChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A device has what is desired of it. */
  async report(twin: string, property: string, value: PropertyValue): Promise<void> {
    const state = this.#desired.get(twin)?.get(property);
    if (state) this.#desired.get(twin)?.set(property, { ...state, value });
  }

  /** undefined: not desired any more. */
  setDesired(twin: string, property: string, desired: PropertyValue | undefined): void {
    const properties = this.#desired.get(twin) ?? new Map<string, PropertyState>();
    properties.set(property, desired === undefined ? EMPTY_PROPERTY : { ...EMPTY_PROPERTY, desired });
    this.#desired.set(twin, properties);
    for (const listener of this.#listeners) listener({ twin, property, desired });
  }

  value(twin: string, property: string): PropertyValue | undefined {
    return this.values.get(twin)?.get(property)?.value;
  }

  #apply(reading: Reading): { outcome: ReadingOutcome; reason?: string } {
    if (this.known !== null && !this.known.has(reading.twin)) return { outcome: 'unknown-twin' };
    const reason = this.rejects(reading);
    if (reason !== null) return { outcome: 'rejected', reason };
    const properties = this.values.get(reading.twin) ?? new Map<string, Reading>();
    this.values.set(reading.twin, properties);
    const there = properties.get(reading.property);
    if (there !== undefined && !isNewer(reading, there)) return { outcome: 'stale' };
    properties.set(reading.property, reading);
    return { outcome: 'applied' };
  }
}

function isNewer(a: Reading, b: Reading): boolean {
  const byTime = (a.observedAt ?? a.receivedAt) - (b.observedAt ?? b.receivedAt);
  return byTime > 0 || (byTime === 0 && (a.sequence ?? 0) > (b.sequence ?? 0));
}
