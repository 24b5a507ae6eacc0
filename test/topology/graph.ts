/** Small graphs for the tests of the topology, written as `a TYPE b`. */
import { BUILT_IN_TYPES, type Relationship, type RelationshipType } from '../../src/domain/relationship.ts';
import type { Twin } from '../../src/domain/twin.ts';
import { Topology, type TwinNode } from '../../src/topology/topology.ts';

export const TYPES: ReadonlyMap<string, RelationshipType> = new Map(BUILT_IN_TYPES.map((type) => [type.name, type]));

export function twinOf(id: string, fields: Partial<Twin> = {}): Twin {
  return {
    id,
    kind: 'ASSET',
    name: id,
    description: null,
    model: null,
    tags: [],
    criticality: 0,
    closed: true,
    switches: false,
    conduction: [],
    requirements: [],
    reportedHealth: 'OPERATIONAL',
    measuredHealth: 'OPERATIONAL',
    maintenance: null,
    connectivity: 'NEVER_SEEN',
    lastSeen: null,
    revision: 1,
    createdAt: 0,
    updatedAt: 0,
    ...fields,
  };
}

export function relationshipOf(
  id: string,
  source: string,
  type: string,
  target: string,
  fields: Partial<Relationship> = {},
): Relationship {
  return {
    id,
    type,
    source,
    target,
    medium: null,
    group: null,
    share: null,
    standbyDelayMs: null,
    closed: true,
    oneWay: false,
    properties: {},
    revision: 1,
    ...fields,
  };
}

/** Each line is `source TYPE target`; twins come into being as they are named. Relationship ids are the lines' numbers. */
export function graphOf(lines: readonly string[], twins: readonly Twin[] = []): Topology {
  const topology = new Topology();
  for (const twin of twins) topology.addTwin(twin);
  for (const [index, line] of lines.entries()) {
    const [source = '', type = '', target = ''] = line.split(' ');
    for (const id of [source, target]) if (!topology.node(id)) topology.addTwin(twinOf(id));
    topology.addRelationship(relationshipOf(`r${String(index).padStart(6, '0')}`, source, type, target));
  }
  return topology;
}

export function nodeOf(topology: Topology, id: string): TwinNode {
  const node = topology.node(id);
  if (!node) throw new Error(`there is no ${id} in the test's graph`);
  return node;
}

export function idsOf(nodes: Iterable<TwinNode>): string[] {
  return [...nodes].map((node) => node.twin.id);
}
