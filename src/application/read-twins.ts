/** Reading structure, state and properties: of now, or of a moment of the past. */
import { notFound } from '../domain/errors.ts';
import { findPaths } from '../topology/paths.ts';
import type { Application } from './application.ts';
import { ownHealth } from './live-state.ts';
import type { Memory } from './memory.ts';
import type { PropertySource } from './past-properties.ts';
import { runScenario } from './run-scenario.ts';
import { selectTwins } from './select-twins.ts';

export type Reading = Pick<
  Application,
  | 'topology'
  | 'sequence'
  | 'model'
  | 'models'
  | 'resolvedModel'
  | 'relationshipTypes'
  | 'settled'
  | 'status'
  | 'atRisk'
  | 'causes'
  | 'requirements'
  | 'reach'
  | 'paths'
  | 'selectTwins'
  | 'properties'
  | 'knownProperty'
  | 'inSlices'
  | 'impact'
>;

/** `until`: epoch milliseconds of the moment that memory and properties stand at; null: they are those of now. */
export function createReading(memory: Memory, source: PropertySource, until: number | null): Reading {
  const existing = (id: string): string => {
    if (!memory.topology.twin(id)) throw notFound('twin', id);
    return id;
  };
  return {
    topology: memory.topology,
    sequence: () => memory.sequence,
    model: (id) => memory.models.modelById.get(id),
    models: () => [...memory.models.modelById.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    resolvedModel: (id) => memory.models.resolved(id),
    relationshipTypes: () => [...memory.models.typeByName.values()],
    settled: () => memory.settled(),
    status(id) {
      const twin = memory.topology.twin(existing(id));
      if (!twin) throw notFound('twin', id);
      const derived = memory.impact().state(id);
      const inMaintenance = twin.maintenance !== null;
      return {
        health: inMaintenance ? 'DOWN' : ownHealth(twin),
        ...derived,
        since: Math.min(memory.stateSince(id), until ?? Number.POSITIVE_INFINITY),
        inMaintenance,
      };
    },
    atRisk: (id) => memory.impact().atRisk(existing(id)),
    causes: (id, limit) => memory.impact().causes(existing(id), limit),
    requirements: (id) => memory.impact().requirements(existing(id)),
    reach: (id, direction, options) => memory.reachIndex.reach(id, direction, options),
    paths: ({ along, ...query }) =>
      findPaths(memory.topology, { ...query, needs: along === 'DEPENDENCE' ? memory.needRules : null }),
    selectTwins: (filter, candidates, signal) => selectTwins({ store: source, memory }, filter, candidates, signal),
    properties: (ids, names, signal) => source.properties(ids, names, signal),
    knownProperty: (id, name) => source.known?.(id, name),
    inSlices: (steps, signal) => memory.inSlices(steps, signal),
    impact: (scenario, signal) => runScenario(memory, scenario, signal),
  };
}
