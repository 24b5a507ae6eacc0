/** What a source tells besides readings: that a property is gone, and what its own twin desires. */
import type { PropertyState, PropertyValue } from '../domain/property.ts';
import { EMPTY_PROPERTY } from '../domain/property.ts';
import { whyNotSchema } from '../domain/property-value.ts';
import { Faults } from '../domain/faults.ts';
import type { Removal } from '../domain/telemetry.ts';
import type { TwinSource } from '../domain/twin.ts';
import { type CommitContext, commit } from './commit.ts';
import { draftDesired } from './draft-twins.ts';

/**
 * Takes reported values away that are older than the removal; what is desired stays. Unknown twins are left out.
 * @throws LinchpinError STORE_UNAVAILABLE: nothing was taken away
 */
export async function removeReported(context: CommitContext, removals: readonly Removal[]): Promise<void> {
  const known = removals.filter(({ twin }) => context.memory.topology.twin(twin));
  if (known.length === 0) return;
  await commit(context, { origin: 'telemetry', actor: null }, async (draft) => {
    await draft.loadProperties([...new Set(known.map(({ twin }) => twin))]);
    for (const removal of known) {
      const { twin } = removal;
      const gone = [...draft.properties(twin)].filter(
        ([name, state]) => isReached(removal, name) && isOlder(state, removal),
      );
      for (const [name, { desired }] of gone) {
        draft.setProperty(twin, name, undefined);
        if (desired !== undefined) draft.setProperty(twin, name, { ...EMPTY_PROPERTY, desired });
      }
      if (gone.length > 0) draft.judge(twin);
    }
  });
}

function isReached({ property, reach }: Removal, name: string): boolean {
  if (reach === 'PREFIX') return name.startsWith(property);
  return name === property || (reach === 'DEEP' && name.startsWith(`${property}.`));
}

function isOlder({ observedAt, receivedAt, order }: PropertyState, { at, sequence }: Removal): boolean {
  if (receivedAt === null) return false;
  const observed = observedAt ?? receivedAt;
  return observed < at || (observed === at && order < sequence);
}

/** Keeps how twins are called where they are heard. Unknown twins are left out. @throws LinchpinError STORE_UNAVAILABLE */
export async function noteSources(context: CommitContext, sources: ReadonlyMap<string, TwinSource>): Promise<void> {
  await commit(context, { origin: 'telemetry', actor: null }, async (draft) => {
    for (const [twin, source] of sources) draft.changeTwin(twin, { source });
  });
}

/** A value that a source's own twin desires; null: not any more. */
export interface DesiredBySource {
  readonly twin: string;
  readonly property: string;
  readonly value: PropertyValue;
}

/**
 * Answers why a change was not taken, by its place; unknown twins are left out.
 * @throws LinchpinError STORE_UNAVAILABLE: nothing was taken
 */
export async function takeDesired(
  context: CommitContext,
  changes: readonly DesiredBySource[],
): Promise<readonly (string | null)[]> {
  return await commit(context, { origin: 'telemetry', actor: null }, async (draft) => {
    const known = changes.filter(({ twin }) => draft.twin(twin));
    await draft.loadProperties([...new Set(known.map(({ twin }) => twin))]);
    return changes.map(({ twin, property, value }) => {
      const own = draft.twin(twin);
      if (!own) return null;
      const declared = draft.resolvedModel(own.model)?.propertyByName.get(property);
      if (declared && !declared.writable) return `${property}: the model does not declare it writable`;
      const why = declared && value !== null ? whyNotSchema(value, declared.schema) : null;
      if (why) return `${property}: expected ${why}`;
      draftDesired(draft, twin, new Map([[property, value]]), 'desired', new Faults());
      return null;
    });
  });
}
