/**
 * Which of two joined twins needs the other: where IMPACT.md 2 lets an outage travel, whatever redundancy there is.
 * - by a type's impact direction: the target of a SOURCE_TO_TARGET relationship needs its source, and so on;
 * - PART_OF only where the whole declares the group that the relationship names: else a part does not matter to the whole;
 * - CONNECTED_TO, and other types of supply both ways: oneWay only from source to target, and by roles: a SOURCE needs
 *   nothing of its medium, and nothing needs a CONSUMER. Open switches count: what is open now can be closed.
 */
import type { RelationshipType } from '../domain/relationship.ts';
import type { ConductionRole } from '../domain/state.ts';
import type { Conduction, Twin } from '../domain/twin.ts';
import type { Link, TwinNode } from './topology.ts';

/** What the structure does not tell by itself. */
export interface NeedRules {
  /** undefined: a type that nobody knows carries no outage. */
  typeOf(name: string): RelationshipType | undefined;
  /** A twin's part in networks, with what its model says. */
  conductionOf(twin: Twin): readonly Conduction[];
}

/** Whether an outage of `needed` can travel over the link to `needing`; both are ends of it. */
export function carriesNeed(rules: NeedRules, link: Link, needed: TwinNode, needing: TwinNode): boolean {
  const { relationship } = link;
  const type = rules.typeOf(relationship.type);
  switch (type?.impact) {
    case 'SOURCE_TO_TARGET':
      return needed === link.source && (relationship.type !== 'PART_OF' || isDeclared(link));
    case 'TARGET_TO_SOURCE':
      return needed === link.target;
    case 'BOTH':
      if (type.mode !== 'SUPPLY') return true;
      if (relationship.oneWay && needed !== link.source) return false;
      return (
        roleOf(rules, needed, relationship.medium) !== 'CONSUMER' &&
        roleOf(rules, needing, relationship.medium) !== 'SOURCE'
      );
    case 'NONE':
    case undefined:
      break;
  }
  return false;
}

function roleOf(rules: NeedRules, node: TwinNode, medium: string | null): ConductionRole {
  let ofEveryMedium: ConductionRole | undefined;
  for (const entry of rules.conductionOf(node.twin)) {
    if (entry.medium === medium) return entry.role;
    if (entry.medium === null) ofEveryMedium ??= entry.role;
  }
  return ofEveryMedium ?? 'CONDUCTOR';
}

function isDeclared(link: Link): boolean {
  const { group, medium } = link.relationship;
  return (
    group !== null &&
    link.target.twin.requirements.some(
      (requirement) => requirement.group === group && (requirement.medium === null || requirement.medium === medium),
    )
  );
}
