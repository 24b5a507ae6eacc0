/** Drafts twins: what upsert, patch and import share. */
import type { Faults } from '../domain/faults.ts';
import { LIMITS } from '../domain/limits.ts';
import type { PropertyValue } from '../domain/property.ts';
import { isSameValue, whyNotSchema } from '../domain/property-value.ts';
import { DEFAULT_CRITICALITY, type Twin } from '../domain/twin.ts';
import type { Draft } from './draft.ts';
import type { ParsedTwin, TwinFields } from './parse-twin.ts';

/** Drafts new twins and changes of known ones. `at(i)` is the path of the i-th in the input. */
export async function draftTwins(
  draft: Draft,
  parsed: readonly (ParsedTwin | undefined)[],
  at: (i: number) => string,
  faults: Faults,
): Promise<void> {
  await draft.loadProperties(parsed.flatMap((twin) => (twin && touchesProperties(twin.fields) ? [twin.id] : [])));
  const seen = new Set<string>();
  for (const [i, twin] of parsed.entries()) {
    if (!twin || twin.id === '') continue; // Told already.
    if (seen.has(twin.id)) faults.say(`${at(i)}.id`, `twin ${JSON.stringify(twin.id)} is given twice`);
    seen.add(twin.id);
    const known = draft.twin(twin.id);
    if (!known && draft.isScoped) {
      faults.add(`${at(i)}.id`, 'the id of a twin that is there (a caller with a scope makes none)', twin.id);
      continue;
    }
    if (known && known.kind !== twin.kind && !faults.tells(`${at(i)}.kind`)) {
      faults.add(
        `${at(i)}.kind`,
        `${known.kind}, which twin ${JSON.stringify(twin.id)} is (a twin keeps its kind)`,
        twin.kind,
      );
    }
    if (!known) draft.createTwin(newTwin(twin));
    draftFields(draft, twin.id, twin.fields, at(i), faults);
  }
}

function touchesProperties(fields: TwinFields): boolean {
  return fields.properties !== undefined || fields.desired !== undefined || fields.model !== undefined;
}

function newTwin({ id, kind, fields }: ParsedTwin): Twin {
  return {
    id,
    kind,
    name: fields.name ?? id,
    description: null,
    model: null,
    tags: [],
    criticality: DEFAULT_CRITICALITY[kind],
    closed: true,
    switches: false,
    conduction: [],
    requirements: [],
    reportedHealth: 'OPERATIONAL',
    measuredHealth: 'OPERATIONAL',
    maintenance: null,
    connectivity: 'NEVER_SEEN',
    lastSeen: null,
    revision: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}

/** Drafts what the fields give. Properties of a known twin must have been loaded. */
export function draftFields(draft: Draft, id: string, fields: TwinFields, at: string, faults: Faults): void {
  const { properties, desired, ...own } = fields;
  const isRemodelled = own.model !== undefined && own.model !== draft.twin(id)?.model;
  if (own.model) {
    const model = draft.resolvedModel(own.model);
    const twin = draft.twin(id);
    if (!model) faults.add(`${at}.model`, 'the id of a model', own.model);
    else if (twin && twin.kind !== model.kind && !faults.tells(`${at}.kind`))
      faults.add(`${at}.model`, `a model of kind ${twin.kind}`, `${model.id}, which is of kind ${model.kind}`);
  }
  if (own.model !== undefined && !draft.allowsModel(own.model))
    faults.add(`${at}.model`, "a model in the caller's scope", own.model);
  draft.changeTwin(id, own.closed === undefined ? own : { ...own, switches: true });
  const model = draft.resolvedModel(draft.twin(id)?.model ?? null);
  for (const [name, value] of properties ?? []) {
    if (value === null) {
      draft.setProperty(id, name, undefined);
      continue;
    }
    const schema = model?.propertyByName.get(name)?.schema;
    const why = schema ? whyNotSchema(value, schema) : null;
    const path = `${at}.properties.${name}`;
    if (why !== null && !faults.tells(path)) faults.add(path, why, value);
    draftValue(draft, id, name, value);
  }
  if (desired) draftDesired(draft, id, desired, `${at}.desired`, faults);
  if ([...draft.properties(id)].length > LIMITS.propertiesPerTwin)
    faults.say(at, `a twin has at most ${LIMITS.propertiesPerTwin} properties`);
  if (isRemodelled) draft.tellMonitored(id);
  if (properties || isRemodelled) draft.judge(id);
}

/** A value set by hand; the same value again is no change. */
function draftValue(draft: Draft, id: string, name: string, value: PropertyValue): void {
  const now = draft.property(id, name);
  if (now && now.receivedAt !== null && isSameValue(now.value, value)) return;
  draft.setProperty(id, name, {
    value,
    quality: 'GOOD',
    observedAt: draft.at,
    receivedAt: draft.at,
    order: 0,
    stale: false,
  });
}

/** Desired values; null takes the wish back. Properties that the model says nobody writes are refused. */
export function draftDesired(
  draft: Draft,
  id: string,
  desired: ReadonlyMap<string, PropertyValue>,
  at: string,
  faults: Faults,
): void {
  const model = draft.resolvedModel(draft.twin(id)?.model ?? null);
  for (const [name, value] of desired) {
    const declared = model?.propertyByName.get(name);
    if (declared && !declared.writable)
      faults.add(`${at}.${name}`, 'a property that the model declares writable', name);
    const why = declared && value !== null ? whyNotSchema(value, declared.schema) : null;
    if (why !== null && why !== undefined && !faults.tells(`${at}.${name}`)) faults.add(`${at}.${name}`, why, value);
    const now = draft.property(id, name);
    if (value !== null) {
      draft.setProperty(id, name, { desired: value });
    } else if (now) {
      const { desired: _, ...rest } = now;
      const isEmpty = rest.receivedAt === null;
      draft.setProperty(id, name, undefined);
      if (!isEmpty) draft.setProperty(id, name, rest);
    }
  }
}
