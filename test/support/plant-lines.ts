/**
 * Small plants written as lines, for tests:
 *
 *   PR1 <= COOL                     PR1 needs COOL to run          MCC1 <- GRID       GRID feeds MCC1
 *   B1 <- ANY(SA,B2)                one of them                    X <- ALL(A,B)      all of them
 *   CW <- {P1,P2:2} min 1 full 2    shares and thresholds; also: soft | holdUp 15 | charge 0.4 | standby GEN=2 (minutes)
 *   A -- B | A -> B                 joined in a network, both ways or one way; "open" at the end: not closed
 *   PR2 PR3                         twins alone
 *   process PR1 | system S1         kinds; all else are assets
 *   source SA | consumer L1         parts in networks
 *   health A=UNKNOWN | planned A | switchedOff A
 */
import { BUILT_IN_TYPES, type Relationship } from '../../src/domain/relationship.ts';
import type { OperationalState, TwinKind } from '../../src/domain/state.ts';
import type { Requirement } from '../../src/domain/twin.ts';
import type { ImpactTwin } from '../../src/impact/types.ts';
import type { Plant } from './reference-impact.ts';

const MINUTE_MS = 60_000;

export const BUILT_IN_TYPE_BY_NAME = new Map(BUILT_IN_TYPES.map((type) => [type.name, type]));

type Draft = { -readonly [K in keyof ImpactTwin]: ImpactTwin[K] };

class PlantDraft {
  readonly twinById = new Map<string, Draft>();
  readonly relationships: Relationship[] = [];

  twin(id: string): Draft {
    let twin = this.twinById.get(id);
    if (!twin) {
      const fresh = { id, kind: 'ASSET', criticality: 0, health: 'OPERATIONAL' } as const;
      twin = { ...fresh, planned: false, closed: true, conduction: [], requirements: [] };
      this.twinById.set(id, twin);
    }
    return twin;
  }

  relate(type: string, source: string, target: string, more: Partial<Relationship> = {}): void {
    const id = more.id ?? `${source} ${type} ${target}${more.group ? ` ${more.group}` : ''}`;
    const plain = { medium: null, group: null, share: null, standbyDelayMs: null, closed: true, oneWay: false };
    this.relationships.push({ ...plain, properties: {}, revision: 1, type, source, target, ...more, id });
  }
}

/** @throws Error with the line that is not understood. */
export function plantFromLines(lines: readonly string[]): Plant {
  const draft = new PlantDraft();
  for (const line of lines.map((raw) => raw.trim()).filter(Boolean)) {
    if (!readTwins(draft, line) && !readJoint(draft, line) && !readNeed(draft, line)) {
      for (const id of line.split(/\s+/)) draft.twin(id);
    }
  }
  return { twins: [...draft.twinById.values()], relationships: draft.relationships, typeByName: BUILT_IN_TYPE_BY_NAME };
}

function readTwins(draft: PlantDraft, line: string): boolean {
  const [word = '', ...ids] = line.split(/\s+/);
  switch (word) {
    case 'process':
    case 'system':
      for (const id of ids) {
        draft.twin(id).kind = word.toUpperCase() as TwinKind;
        if (word === 'process') draft.twin(id).criticality = 1;
      }
      return true;
    case 'source':
    case 'consumer':
      for (const id of ids)
        draft.twin(id).conduction = [{ medium: null, role: word === 'source' ? 'SOURCE' : 'CONSUMER' }];
      return true;
    case 'health':
      for (const pair of ids) {
        const [id, health] = pair.split('=') as [string, OperationalState];
        draft.twin(id).health = health;
      }
      return true;
    case 'planned':
      for (const id of ids) draft.twin(id).planned = true;
      return true;
    case 'switchedOff':
      for (const id of ids) draft.twin(id).closed = false;
      return true;
    default:
      return false;
  }
}

function readJoint(draft: PlantDraft, line: string): boolean {
  const joint = line.match(/^(\S+)\s+(--|->)\s+(\S+)(\s+open)?$/);
  if (!joint) return false;
  const [, source, arrow, target, open] = joint as unknown as [string, string, string, string, string | undefined];
  draft.twin(source);
  draft.twin(target);
  draft.relate('CONNECTED_TO', source, target, { oneWay: arrow === '->', closed: open === undefined });
  return true;
}

function readNeed(draft: PlantDraft, line: string): boolean {
  const need = line.match(/^(\S+)\s+(<-|<=)\s+(?:(ANY|ALL)\(([^)]*)\)|\{([^}]*)\}|(\S+))(.*)$/);
  if (!need) return false;
  const [, owner, arrow, word, worded, braced, single, options] = need as unknown as [
    string,
    string,
    string,
    ...(string | undefined)[],
  ];
  const members = (worded ?? braced ?? single ?? '').split(',').map((text) => text.trim().split(':'));
  const twin = draft.twin(owner);
  const plain = single !== undefined && !options?.trim();
  const group = plain ? null : `g${twin.requirements.length + 1}`;
  if (group !== null)
    twin.requirements = [...twin.requirements, readRequirement(group, arrow, word === 'ANY', options ?? '')];
  for (const [member, share] of members as [string, string?][]) {
    draft.twin(member);
    const standby = options?.match(new RegExp(`standby ${member}=([0-9.]+)`))?.[1];
    const more = {
      group,
      share: share === undefined ? null : Number(share),
      standbyDelayMs: standby === undefined ? null : Number(standby) * MINUTE_MS,
    };
    if (arrow === '<-') draft.relate('FEEDS', member, owner, more);
    else draft.relate('DEPENDS_ON', owner, member, more);
  }
  return true;
}

function readRequirement(group: string, arrow: string, any: boolean, options: string): Requirement {
  const number = (name: string) => {
    const found = options.match(new RegExp(`\\b${name} ([0-9.]+)`))?.[1];
    return found === undefined ? null : Number(found);
  };
  return {
    group,
    mode: arrow === '<-' ? 'SUPPLY' : 'SUSTAIN',
    medium: null,
    min: any ? 1 : number('min'),
    full: any ? 1 : number('full'),
    soft: /\bsoft\b/.test(options),
    holdUpMs: (number('holdUp') ?? 0) * MINUTE_MS,
    stateOfCharge: number('charge') ?? 1,
  };
}
