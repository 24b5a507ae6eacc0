/** Plants from parts, where lines do not say enough: media, shares, types of a model's own. */
import { BUILT_IN_TYPES, type Relationship, type RelationshipType } from '../../src/domain/relationship.ts';
import type { Requirement } from '../../src/domain/twin.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import type { ImpactTwin } from '../../src/impact/types.ts';

export function twinOf(id: string, more: Partial<ImpactTwin> = {}): ImpactTwin {
  const plain = { kind: 'ASSET', criticality: 0, health: 'OPERATIONAL', planned: false, closed: true } as const;
  return { id, ...plain, conduction: [], requirements: [], ...more };
}

export function relationshipOf(
  type: string,
  source: string,
  target: string,
  more: Partial<Relationship> = {},
): Relationship {
  const id = `${source} ${type} ${target}`;
  const plain = { medium: null, group: null, share: null, standbyDelayMs: null, closed: true, oneWay: false };
  return { id, type, source, target, ...plain, properties: {}, revision: 1, ...more };
}

export function requirementOf(group: string, more: Partial<Requirement> = {}): Requirement {
  const plain = { mode: null, medium: null, min: null, full: null, soft: false, holdUpMs: 0, stateOfCharge: 1 };
  return { group, ...plain, ...more };
}

/** Twins that only relationships name are plain assets. */
export function modelOf(
  relationships: readonly Relationship[],
  twins: readonly ImpactTwin[] = [],
  types: readonly RelationshipType[] = [],
): ImpactModel {
  const given = new Set(twins.map(({ id }) => id));
  const named = new Set(relationships.flatMap(({ source, target }) => [source, target]));
  const plain = [...named].filter((id) => !given.has(id)).map((id) => twinOf(id));
  const typeByName = new Map([...BUILT_IN_TYPES, ...types].map((type) => [type.name, type]));
  return ImpactModel.compile({ twins: [...twins, ...plain], relationships, typeByName });
}
