/**
 * Notifications of NGSI-LD context brokers (ETSI GS CIM 009, clauses 5.3.1 and 7): over HTTP the notification itself,
 * over MQTT in the `body` beside its `metadata`. Entities come normalized, concise or simplified; attributes are told
 * whole, so they replace what was there.
 */
import * as z from 'zod';
import { LIMITS } from '../../domain/limits.ts';
import { parsePayload } from '../parse-payload.ts';
import type { DialectKind } from './dialect-kind.ts';
import type { Dialect, Message, Names, Refusal, SourceReading, SourceRemoval, SourceReport, Told } from './dialect.ts';
import { fieldOf, isObject, type JsonObject, objectOf, textOf } from './json-fields.ts';

export const NGSI_LD: DialectKind<object> = {
  name: 'ngsi-ld',
  topics: ['ngsi-ld/#'],
  sourceNames: ['id', 'type'],
  twin: '{id}',
  propertyNames: ['name', 'dataset', 'attribute'],
  property: '{name}[.{dataset}]',
  options: z.strictObject({}),
  needsNoTopic: true,
  create: () => new NgsiLd(),
};

/** A value may nest as deep as everywhere; around it are message, body, list, entity, attribute and instances. */
const DEPTH = LIMITS.valueDepth + 6;

/** Of an entity, what is no attribute. */
const ENTITY_KEYS: ReadonlySet<string> = new Set(
  'id type scope @id @type @context createdAt modifiedAt deletedAt expiresAt'.split(' '),
);
/** Where an instance of an attribute has its value, by the attribute's kind. */
const VALUE_KEYS = ['value', 'object', 'languageMap', 'vocab', 'json', 'valueList', 'objectList'] as const;
/** Stands for what was deleted (clause 4.5.0). */
const NULL = 'urn:ngsi-ld:null';
/** The instance without a dataset, where the datasets are keys. */
const NO_DATASET = '@none';

/** What the entities of a notification tell. */
interface Gathered {
  readonly readings: SourceReading[];
  readonly removals: SourceRemoval[];
  readonly reports: SourceReport[];
  readonly refusals: Refusal[];
}

class NgsiLd implements Dialect {
  decode({ payload }: Message): Told {
    const parsed = parsePayload(payload, DEPTH);
    if ('reason' in parsed) return { fault: parsed.reason };
    const notification = objectOf(fieldOf(parsed.object, 'body')) ?? parsed.object;
    const data = fieldOf(notification, 'data');
    if (fieldOf(notification, 'type') !== 'Notification' || !Array.isArray(data)) {
      return { fault: 'the payload is no notification of NGSI-LD: expected the type Notification, and a list of data' };
    }
    const notifiedAt = textOf(fieldOf(notification, 'notifiedAt'));
    const into: Gathered = { readings: [], removals: [], reports: [], refusals: [] };
    for (const entity of data as unknown[]) gatherEntity(entity, notifiedAt, into);
    const id = textOf(fieldOf(notification, 'id'));
    const subscription = textOf(fieldOf(notification, 'subscriptionId'));
    return { ...into, ...(id !== undefined && { dedupeKey: JSON.stringify([subscription, id]) }) };
  }
}

function gatherEntity(entity: unknown, notifiedAt: string | undefined, into: Gathered): void {
  const id = textOf(fieldOf(objectOf(entity), 'id'));
  if (!isObject(entity) || id === undefined) {
    into.refusals.push({ property: '', reason: 'an entity of the notification has no id' });
    return;
  }
  const types = fieldOf(entity, 'type');
  const source = { id, type: textOf(Array.isArray(types) ? types[0] : types) ?? '' };
  if (fieldOf(entity, 'deletedAt') !== undefined) into.reports.push({ source, connectivity: 'OFFLINE' });
  for (const [attribute, given] of Object.entries(entity)) {
    if (ENTITY_KEYS.has(attribute)) continue;
    for (const { instance, dataset } of instancesOf(given)) {
      gatherInstance({ source, property: namesOf(attribute, dataset) }, instance, notifiedAt, into);
    }
  }
}

/** Brokers that do not know an attribute by its context tell its whole address. */
function namesOf(attribute: string, dataset: string): Names {
  return { attribute, name: /[^/#]*$/.exec(attribute)?.[0] || attribute, dataset };
}

interface Instance {
  readonly instance: unknown;
  readonly dataset: string;
}

/** Of an attribute with several datasets there is a list of instances, or simplified an object by dataset. */
function instancesOf(given: unknown): Instance[] {
  const byDataset = objectOf(fieldOf(objectOf(given), 'dataset'));
  if (byDataset !== undefined && Object.keys(given as JsonObject).length === 1) {
    return Object.entries(byDataset).map(([dataset, instance]) => ({
      instance,
      dataset: dataset === NO_DATASET ? '' : dataset,
    }));
  }
  const isList = Array.isArray(given) && given.length > 0 && given.every((one) => valueKeyOf(one) !== undefined);
  return (isList ? (given as unknown[]) : [given]).map((instance) => {
    const dataset = valueKeyOf(instance) && textOf(fieldOf(objectOf(instance), 'datasetId'));
    return { instance, dataset: dataset === undefined || dataset === NO_DATASET ? '' : dataset };
  });
}

function valueKeyOf(instance: unknown): (typeof VALUE_KEYS)[number] | undefined {
  return isObject(instance) ? VALUE_KEYS.find((key) => Object.hasOwn(instance, key)) : undefined;
}

function gatherInstance(
  names: { readonly source: Names; readonly property: Names },
  instance: unknown,
  notifiedAt: string | undefined,
  into: Gathered,
): void {
  const key = valueKeyOf(instance);
  const form = key === undefined ? undefined : objectOf(instance);
  const value = key === undefined ? instance : fieldOf(form, key);
  const deletedAt = textOf(fieldOf(form, 'deletedAt'));
  const at = deletedAt ?? textOf(fieldOf(form, 'observedAt')) ?? textOf(fieldOf(form, 'modifiedAt')) ?? notifiedAt;
  const time = at === undefined ? {} : { observedAt: at };
  if (deletedAt !== undefined || isNull(value)) {
    // What is deleted without a time of its own was observed before.
    const deletion = deletedAt ?? notifiedAt;
    into.removals.push({ ...names, isDeep: false, ...(deletion !== undefined && { observedAt: deletion }) });
  } else {
    const unit = textOf(fieldOf(form, 'unitCode'));
    into.readings.push({ ...names, value, ...time, ...(unit !== undefined && { unit }) });
  }
}

/** Of a text in several languages, one of no language that is deleted says that all are. */
function isNull(value: unknown): boolean {
  return value === null || value === NULL || fieldOf(objectOf(value), NO_DATASET) === NULL;
}
