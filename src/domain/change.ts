/**
 * The change record: what one commit changed, with before and after.
 *
 * It is written in the transaction that changes (DESIGN: change feed), and everything in memory follows it:
 * applying the `after` side moves forward, the `before` side moves back.
 */
import type { Model } from './model.ts';
import type { PropertyState } from './property.ts';
import type { Relationship } from './relationship.ts';
import type { Twin } from './twin.ts';

export interface PropertyChange {
  readonly name: string;
  /** null: was not there. */
  readonly before: PropertyState | null;
  /** null: is not there any more. */
  readonly after: PropertyState | null;
}

/**
 * One twin's change. Created: `before` is null and `after` whole. Deleted: the reverse.
 * Else both hold just the fields that differ, under the same keys.
 */
export interface TwinChange {
  readonly id: string;
  readonly before: Twin | Partial<Twin> | null;
  readonly after: Twin | Partial<Twin> | null;
  readonly properties: readonly PropertyChange[];
}

/** What a report changes of a twin besides its properties: nearly all changes are reports. */
const REPORT_FIELDS = ['lastSeen', 'revision', 'updatedAt'] as const;
export type Report = Pick<Twin, (typeof REPORT_FIELDS)[number]>;

/** Whether a side of a twin's change holds these fields and no other. */
export function isReport(side: Twin | Partial<Twin> | null): side is Report {
  if (side === null || side.kind !== undefined) return false;
  let count = 0;
  for (const key in side) {
    if (key !== 'lastSeen' && key !== 'revision' && key !== 'updatedAt') return false;
    count += 1;
  }
  return count === REPORT_FIELDS.length;
}

export interface RelationshipChange {
  readonly id: string;
  readonly before: Relationship | null;
  readonly after: Relationship | null;
}

export interface ModelChange {
  readonly id: string;
  readonly before: Model | null;
  readonly after: Model | null;
}

export interface Changes {
  readonly twins: readonly TwinChange[];
  readonly relationships: readonly RelationshipChange[];
  readonly models: readonly ModelChange[];
}

/** What moved the graph. */
export type ChangeOrigin = 'mutation' | 'import' | 'telemetry' | 'clock';

export interface ChangeRecord extends Changes {
  /** Position in the feed: 1, 2, 3 … without gaps. */
  readonly sequence: number;
  /** Epoch milliseconds of the commit, by the writer's clock. */
  readonly at: number;
  readonly origin: ChangeOrigin;
  /** Who, for the audit; null where nobody is known. */
  readonly actor: string | null;
}

export const NO_CHANGES: Changes = { twins: [], relationships: [], models: [] };
