/** Power and water networks as networks of CONNECTED_TO, under the rules that their truths were made by. */
import type { ConductionRole } from '../../src/domain/state.ts';
import type { ImpactTwin } from '../../src/impact/types.ts';
import { BUILT_IN_TYPE_BY_NAME } from './plant-lines.ts';
import { readLines, relationshipOf, twinOf } from './real-data.ts';
import type { Plant } from './reference-impact.ts';

export interface NetworkNode {
  readonly id: string;
  readonly type: string;
  readonly props: { readonly in_service?: boolean; readonly closed?: boolean; readonly one_way?: boolean };
}

export interface NetworkEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly props: { readonly side?: string };
}

/** power: sources are the external grids, or generators too; water: reservoirs and tanks, reservoirs, reservoirs with one-way links. */
export type SupplyRule = 'grid' | 'any' | 'RT' | 'R' | 'D';

const SOURCE_TYPES: Record<SupplyRule, readonly string[]> = {
  grid: ['ExternalGrid'],
  any: ['ExternalGrid', 'Generator'],
  RT: ['Reservoir', 'Tank'],
  R: ['Reservoir'],
  D: ['Reservoir'],
};

/** All others receive and pass nothing on. */
const POWER_CONDUCTORS = ['Bus', 'Switch', 'Line', 'Transformer', 'Transformer3W', 'Impedance', 'ExternalGrid'];
const WATER_CONDUCTORS = ['Junction', 'Tank', 'Reservoir', 'Pipe', 'Pump', 'Valve'];
const CONDUCTORS = new Set([...POWER_CONDUCTORS, ...WATER_CONDUCTORS]);

export interface SupplyNetwork {
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
}

export function readNetwork(folder: string): SupplyNetwork {
  return { nodes: readLines<NetworkNode>(folder, 'nodes.jsonl'), edges: readLines<NetworkEdge>(folder, 'edges.jsonl') };
}

export function toPlant({ nodes, edges }: SupplyNetwork, rule: SupplyRule): Plant {
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const roleOf = ({ type }: NetworkNode): ConductionRole => {
    if (SOURCE_TYPES[rule].includes(type)) return 'SOURCE';
    return CONDUCTORS.has(type) ? 'CONDUCTOR' : 'CONSUMER';
  };
  const twins = nodes.map((node): ImpactTwin => {
    const health = node.props.in_service === false ? 'DOWN' : 'OPERATIONAL';
    return twinOf(node.id, {
      health,
      closed: node.props.closed !== false,
      conduction: [{ medium: null, role: roleOf(node) }],
    });
  });
  const relationships = edges.map(({ id, source, target, props }) => {
    const oneWay = rule === 'D' && nodeById.get(source)?.props.one_way === true;
    // A link conducts from its start to itself, and from itself to its end.
    const isReversed = oneWay && props.side === 'start';
    return relationshipOf(id, 'CONNECTED_TO', isReversed ? target : source, isReversed ? source : target, { oneWay });
  });
  return { twins, relationships, typeByName: BUILT_IN_TYPE_BY_NAME };
}
