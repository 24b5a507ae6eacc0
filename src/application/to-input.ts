/** The inputs that would make a twin or relationship again: what an export writes. What is the default is left out. */
import type { RelationshipInput, TwinInput } from './inputs.ts';
import { formatDuration } from '../domain/duration.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { Relationship } from '../domain/relationship.ts';
import { type Conduction, DEFAULT_CRITICALITY, type Requirement, type Twin } from '../domain/twin.ts';

type Entries = (readonly [string, unknown])[];

/** A property, in the part of it that an input can hold; `desired` null: nothing is desired. */
interface NamedValue {
  readonly name: string;
  readonly value: PropertyValue;
  readonly desired?: PropertyValue;
}

export function twinToInput(twin: Twin, properties: readonly NamedValue[]): TwinInput {
  const ordered = properties.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const values = ordered.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
  const desired = ordered.flatMap((one) => (one.desired == null ? [] : [[one.name, one.desired] as const]));
  return given([
    ['id', twin.id],
    ['kind', twin.kind],
    ['name', twin.name === twin.id ? null : twin.name],
    ['description', twin.description],
    ['model', twin.model],
    ['tags', orNothing(twin.tags)],
    ['criticality', twin.criticality === DEFAULT_CRITICALITY[twin.kind] ? null : twin.criticality],
    ['health', twin.reportedHealth === 'OPERATIONAL' ? null : twin.reportedHealth],
    ['closed', twin.switches ? twin.closed : null],
    ['conduction', orNothing(twin.conduction.map(conductionToInput))],
    ['requirements', orNothing(twin.requirements.map(requirementToInput))],
    ['properties', values.length === 0 ? null : Object.fromEntries(values)],
    ['desired', desired.length === 0 ? null : Object.fromEntries(desired)],
  ]) as unknown as TwinInput;
}

export function relationshipToInput(relationship: Relationship): RelationshipInput {
  const { standbyDelayMs, properties } = relationship;
  return given([
    ['id', relationship.id],
    ['type', relationship.type],
    ['source', relationship.source],
    ['target', relationship.target],
    ['medium', relationship.medium],
    ['group', relationship.group],
    ['share', relationship.share],
    ['standbyDelay', standbyDelayMs === null ? null : formatDuration(standbyDelayMs)],
    ['closed', relationship.closed ? null : false],
    ['oneWay', relationship.oneWay ? true : null],
    ['properties', Object.keys(properties).length === 0 ? null : properties],
  ]) as unknown as RelationshipInput;
}

export function conductionToInput({ medium, role }: Conduction): object {
  return given([
    ['medium', medium],
    ['role', role],
  ]);
}

export function requirementToInput(requirement: Requirement): object {
  return given([
    ['group', requirement.group],
    ['mode', requirement.mode],
    ['medium', requirement.medium],
    ['min', requirement.min],
    ['full', requirement.full],
    ['soft', requirement.soft ? true : null],
    ['holdUp', requirement.holdUpMs === 0 ? null : formatDuration(requirement.holdUpMs)],
    ['stateOfCharge', requirement.stateOfCharge === 1 ? null : requirement.stateOfCharge],
  ]);
}

function orNothing<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

function given(entries: Entries): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}
