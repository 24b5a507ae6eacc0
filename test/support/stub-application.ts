/**
 * The application as the API's doors see it, over a real topology; a test gives the verbs that it needs, any other one
 * fails. Property values are a map, and every statement for them is counted.
 */
import type { Application } from '../../src/application/application.ts';
import { EMPTY_PROPERTY, type PropertyState, type PropertyValue } from '../../src/domain/property.ts';
import { BUILT_IN_TYPES } from '../../src/domain/relationship.ts';
import { finish, type Steps } from '../../src/impact/steps.ts';
import type { NeedRules } from '../../src/topology/need-rules.ts';
import { findPaths } from '../../src/topology/paths.ts';
import { ReachIndex } from '../../src/topology/reach.ts';
import type { Topology } from '../../src/topology/topology.ts';

export interface StubApplication {
  readonly application: Application;
  /** Ids and names of every statement for properties. */
  readonly statements: { ids: readonly string[]; names: readonly string[] | undefined }[];
  put(twin: string, name: string, value: PropertyValue, fields?: Partial<PropertyState>): void;
}

export function createStubApplication(topology: Topology, verbs: Partial<Application> = {}): StubApplication {
  const statements: StubApplication['statements'] = [];
  const statesByTwin = new Map<string, Map<string, PropertyState>>();
  const typeByName = new Map(BUILT_IN_TYPES.map((type) => [type.name, type]));
  const needRules: NeedRules = {
    typeOf: (name) => typeByName.get(name),
    conductionOf: ({ conduction }) => conduction,
  };
  const reachIndex = new ReachIndex(topology, needRules);
  const given: Partial<Application> = {
    topology,
    sequence: () => 42,
    settled: () => null,
    inSlices: async (steps) => finish(steps),
    model: () => undefined,
    models: () => [],
    resolvedModel: () => undefined,
    relationshipTypes: () => BUILT_IN_TYPES,
    reach: (id, direction, options) => reachIndex.reach(id, direction, options),
    paths: ({ along, ...query }) => findPaths(topology, { ...query, needs: along === 'DEPENDENCE' ? needRules : null }),
    status: () => ({
      health: 'OPERATIONAL',
      state: 'OPERATIONAL',
      best: 'OPERATIONAL',
      worst: 'OPERATIONAL',
      since: 0,
      inMaintenance: false,
    }),
    atRisk: () => false,
    causes: () => [],
    requirements: () => [],
    knownProperty: () => undefined,
    async properties(ids, names) {
      statements.push({ ids, names });
      return new Map(
        ids.map((id) => {
          const states = [...(statesByTwin.get(id) ?? [])];
          return [id, new Map(states.filter(([name]) => names === undefined || names.includes(name)))];
        }),
      );
    },
    ...verbs,
  };
  const application = new Proxy(given, {
    get(target, verb) {
      if (verb in target || typeof verb === 'symbol') return Reflect.get(target, verb);
      throw new Error(`the test gives no ${verb}`);
    },
  }) as Application;
  return {
    application,
    statements,
    put(twin, name, value, fields = {}) {
      const states = statesByTwin.get(twin) ?? new Map<string, PropertyState>();
      states.set(name, { ...EMPTY_PROPERTY, value, observedAt: 0, receivedAt: 0, ...fields });
      statesByTwin.set(twin, states);
    },
  };
}

/** An answer that takes one step. */
export function* atOnce<T>(answer: T): Steps<T> {
  yield;
  return answer;
}
