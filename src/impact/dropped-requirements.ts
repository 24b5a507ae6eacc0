/** Requirements without any relationship, and parts in networks that the twin is not joined to: they are not judged. */
import type { GroupCollector } from './collect-groups.ts';
import { ITEMS_PER_STEP, NUMBERS_PER_STEP, type Steps } from './steps.ts';
import type { ImpactTwin } from './types.ts';
import type { Requirement } from '../domain/twin.ts';

export interface DroppedRequirement {
  readonly twin: string;
  /** null: a part in a network of `medium`. */
  readonly group: string | null;
  readonly medium: string | null;
}

export function* droppedRequirements(draft: GroupCollector): Steps<DroppedRequirement[]> {
  const dropped: DroppedRequirement[] = [];
  const starts = new Int32Array(draft.twins.length + 1);
  for (let twin = 0; twin < draft.twins.length; twin += 1) {
    if (twin % ITEMS_PER_STEP === 0) yield;
    starts[twin + 1] = (starts[twin] as number) + (draft.twins[twin] as ImpactTwin).requirements.length;
  }
  const isUsed = new Uint8Array(starts.at(-1) as number);
  for (let group = 0; group < draft.groupCount; group += 1) {
    if (group % NUMBERS_PER_STEP === 0) yield;
    const requirement = draft.groupRequirement[group] as number;
    if (requirement !== -1) isUsed[(starts[draft.groupOwner[group] as number] as number) + requirement] = 1;
  }
  yield;
  for (let twin = 0; twin < draft.twins.length; twin += 1) {
    const { id, requirements } = draft.twins[twin] as ImpactTwin;
    for (let at = 0; at < requirements.length; at += 1) {
      if (isUsed[(starts[twin] as number) + at] === 1) continue;
      const { group, medium } = requirements[at] as Requirement;
      dropped.push({ twin: id, group, medium });
    }
    if (twin % ITEMS_PER_STEP === 0) yield;
  }
  for (const part of yield* droppedParts(draft)) dropped.push(part);
  return dropped;
}

function* droppedParts(draft: GroupCollector): Steps<DroppedRequirement[]> {
  const mediaById = new Map<string, Set<string | null>>();
  for (const [at, joint] of draft.networkJoints.entries()) {
    const { source, target, medium } = draft.relationships[joint] as GroupCollector['relationships'][number];
    for (const id of [source, target]) {
      const media = mediaById.get(id);
      if (media) media.add(medium);
      else mediaById.set(id, new Set([medium]));
    }
    if (at % ITEMS_PER_STEP === 0) yield;
  }
  const dropped: DroppedRequirement[] = [];
  for (const [at, { id, conduction }] of draft.twins.entries()) {
    if (at % ITEMS_PER_STEP === 0) yield;
    for (const { medium, role } of conduction) {
      const media = mediaById.get(id);
      const isJoined = medium === null ? media !== undefined : media?.has(medium);
      if (role !== 'SOURCE' && !isJoined) dropped.push({ twin: id, group: null, medium });
    }
  }
  return dropped;
}
