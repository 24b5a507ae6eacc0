/** Drafts relationships: ends must exist, and PART_OF must stay a tree without loops. */
import type { Faults } from '../domain/faults.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { Draft } from './draft.ts';
import { type ParsedRelationship, relationshipId } from './parse-relationship.ts';

export function draftRelationships(
  draft: Draft,
  parsed: readonly (ParsedRelationship | undefined)[],
  at: (i: number) => string,
  faults: Faults,
): void {
  const parts: { source: string; at: string }[] = [];
  const seen = new Set<string>();
  for (const [i, relationship] of parsed.entries()) {
    // What has no type or ends was told already.
    if (!relationship || [relationship.type, relationship.source, relationship.target].includes('')) continue;
    if (seen.has(relationship.id)) faults.say(at(i), `relationship ${JSON.stringify(relationship.id)} is given twice`);
    seen.add(relationship.id);
    const missing = (['source', 'target'] as const).filter((end) => !draft.twin(relationship[end]));
    for (const end of missing) faults.add(`${at(i)}.${end}`, 'the id of a twin', relationship[end]);
    // What else is wrong with it would tell a caller with a scope whether there is such a relationship.
    if (missing.length > 0) continue;
    const known = draft.relationship(relationship.id);
    // Else an id of their choice would tell a caller with a scope what there is that they do not see.
    if (
      !known &&
      draft.isScoped &&
      (relationship.id !== relationshipId(relationship) || draft.isTaken(relationship.id))
    ) {
      faults.add(`${at(i)}.id`, 'none, or that of a relationship that is there', relationship.id);
      continue;
    }
    if (known && !isSameJoin(known, relationship)) {
      faults.say(
        at(i),
        `relationship ${JSON.stringify(known.id)} is a ${known.type} from ${JSON.stringify(known.source)} to ${JSON.stringify(known.target)}; delete it before it joins others`,
      );
      continue;
    }
    draft.putRelationship(laidOver(known, relationship));
    if (relationship.type === 'PART_OF' && !known) parts.push({ source: relationship.source, at: at(i) });
  }
  refuseLoops(draft, parts, faults);
}

/** Field by field: half a million of them come in one import, and spreading objects of several shapes is slow. */
function laidOver(known: Relationship | undefined, given: ParsedRelationship): Relationship {
  return {
    id: given.id,
    type: given.type,
    source: given.source,
    target: given.target,
    medium: given.medium,
    group: given.group,
    share: given.share ?? known?.share ?? null,
    standbyDelayMs: given.standbyDelayMs ?? known?.standbyDelayMs ?? null,
    closed: given.closed ?? known?.closed ?? true,
    oneWay: given.oneWay ?? known?.oneWay ?? false,
    properties: given.properties ?? known?.properties ?? NO_PROPERTIES,
    revision: known?.revision ?? 0,
  };
}

const NO_PROPERTIES: Relationship['properties'] = {};

function isSameJoin(a: Relationship, b: ParsedRelationship): boolean {
  return a.type === b.type && a.source === b.source && a.target === b.target;
}

/** Walks up from each new part, each twin once: a twin met again on the way up closes a loop. */
function refuseLoops(draft: Draft, parts: readonly { source: string; at: string }[], faults: Faults): void {
  const done = new Set<string>();
  for (const { source, at } of parts) {
    if (done.has(source)) continue;
    const way = new Set([source]);
    const stack = [{ id: source, wholes: draft.wholesOf(source) }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.wholes.next();
      if (next.done) {
        way.delete(top.id);
        done.add(top.id);
        stack.pop();
      } else if (way.has(next.value)) {
        faults.say(
          at,
          `PART_OF would go in a loop${draft.twin(next.value) ? ` through ${JSON.stringify(next.value)}` : ''}; a part cannot hold its whole`,
        );
        return;
      } else if (!done.has(next.value)) {
        way.add(next.value);
        stack.push({ id: next.value, wholes: draft.wholesOf(next.value) });
      }
    }
  }
}
