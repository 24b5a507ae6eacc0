/**
 * The application for somebody who does not see all twins. What is answered is worked out on the whole graph; then
 * whatever names a twin that is not seen is left out, before anything is counted or paged. Asking for such a twin is
 * answered as for one that is not there. A new verb of the application must say here what is seen of it.
 */
import { LinchpinError, notFound } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Scope } from '../domain/principal.ts';
import type { Timers } from '../domain/timers.ts';
import type { Steps } from '../impact/steps.ts';
import type { ScenarioAnswer } from '../impact/types.ts';
import { keepEnds } from '../impact/witness.ts';
import { findPaths } from '../topology/paths.ts';
import { reachSeen } from '../topology/reach-seen.ts';
import { SeenTopology } from '../topology/seen-topology.ts';
import type { TopologyView } from '../topology/topology.ts';
import type { Application, Caller, ScenarioResult } from './application.ts';
import type { Memory } from './memory.ts';
import { Quarantine } from './quarantine.ts';
import { checkScenario, instantOf, refuseInstant, watchImpact } from './run-scenario.ts';

export interface SeenParts {
  readonly whole: Application;
  readonly memory: Memory;
  readonly timers: Timers;
}

export function createSeenApplication({ whole, memory, timers }: SeenParts, scope: Scope): Application {
  const sight = memory.sights.of(scope);
  const topology: TopologyView = new SeenTopology(memory.topology, () => sight.ids());
  const sees = (id: string): boolean => sight.sees(id);
  const seesAll = (ids: readonly string[]): boolean => ids.every(sees);
  const seen = (id: string): string => {
    if (!sees(id)) throw notFound('twin', id);
    return id;
  };
  const scoped = <Options extends Caller>(options: Options): Options => ({ ...options, scope });
  const asOf: Application['asOf'] = async (instant, signal) => (await whole.asOf(instant, signal)).seenBy(scope);
  return {
    topology,
    seenBy: () => {
      throw new Error('a sight is limited once');
    },
    sequence: () => whole.sequence(),
    settled: () => whole.settled(),

    // Models and types are words, not twins: everybody reads them.
    model: (id) => whole.model(id),
    models: () => whole.models(),
    resolvedModel: (id) => whole.resolvedModel(id),
    relationshipTypes: () => whole.relationshipTypes(),

    status: (id) => whole.status(seen(id)),
    atRisk: (id) => whole.atRisk(seen(id)),
    causes: (id, limit) => whole.causes(seen(id), LIMITS.reachTwins).filter(sees).slice(0, limit),
    requirements: (id) =>
      whole
        .requirements(seen(id))
        .map((requirement) => ({ ...requirement, members: requirement.members.filter(({ twin }) => sees(twin)) })),
    reach: (id, direction, options) => reachSeen(topology, memory.needRules, { ...options, id, direction }),
    paths: ({ along, ...query }) =>
      findPaths(topology, { ...query, needs: along === 'DEPENDENCE' ? memory.needRules : null }),
    async selectTwins(filter, candidates, signal) {
      if (filter.within != null) seen(filter.within);
      return (await whole.selectTwins(filter, candidates, signal)).filter(sees);
    },
    properties: (ids, names, signal) => whole.properties(ids.filter(sees), names, signal),
    knownProperty: (id, name) => (sees(id) ? whole.knownProperty(id, name) : null),

    async history(question) {
      for (const { twin } of question.series) seen(twin);
      return whole.history(question);
    },
    async valuesAt(series, at) {
      for (const { twin } of series) seen(twin);
      return whole.valuesAt(series, at);
    },

    asOf,
    inSlices: (steps, signal) => whole.inSlices(steps, signal),
    async impact(scenario, signal) {
      const instant = instantOf(scenario);
      if (instant !== null) return (await asOf(instant, signal)).impact({ ...scenario, asOf: null }, signal);
      checkScenario(topology, scenario);
      return whole.inSlices(lookAt(await whole.impact(scenario, signal), sees, topology), signal);
    },
    async cutSets(of, options, signal) {
      const answer = await whole.cutSets(seen(of), { ...options, first: Number.MAX_SAFE_INTEGER }, signal);
      const all = answer.cutSets.filter(seesAll);
      const isCut = answer.complete && all.length > options.first;
      return {
        ...answer,
        cutSets: all.slice(0, options.first),
        ...(isCut ? { complete: false, limit: `first: ${options.first}` } : {}),
      };
    },
    async criticality(options, signal) {
      if (options.within !== null) seen(options.within);
      return (await whole.criticality(options, signal)).filter(({ id }) => sees(id));
    },
    async rootCauses(observations, options, signal) {
      for (const { id } of observations) seen(id);
      const rows = await whole.rootCauses(observations, { ...options, first: LIMITS.pageSize }, signal);
      return rows.filter(({ twins }) => seesAll(twins)).slice(0, options.first);
    },
    async modelIssues(limit, signal) {
      const issues = await whole.modelIssues(Number.MAX_SAFE_INTEGER, signal);
      return issues.filter(({ twin }) => twin !== null && sees(twin)).slice(0, limit);
    },

    upsertTwins: (twins, caller) => whole.upsertTwins(twins, scoped(caller)),
    patchTwin: (id, patch, options) => whole.patchTwin(id, patch, scoped(options)),
    setDesired: (id, desired, options) => whole.setDesired(id, desired, scoped(options)),
    setMaintenance: (id, on, options) => whole.setMaintenance(id, on, scoped(options)),
    deleteTwin: (id, options) => whole.deleteTwin(id, scoped(options)),
    upsertRelationships: (relationships, caller) => whole.upsertRelationships(relationships, scoped(caller)),
    deleteRelationship: (id, caller) => whole.deleteRelationship(id, scoped(caller)),
    report: (input, caller) => whole.report(input, scoped(caller)),
    upsertModels: async () => refuse('models mean something for all twins'),
    importGraph: async () => refuse('an import makes twins'),
    ingest: async () => refuse('telemetry in batches may be of any twin'),
    reportConnectivity: async () => refuse('telemetry in batches may be of any twin'),
    removeReported: async () => refuse('telemetry in batches may be of any twin'),
    keepHistory: () => refuse('telemetry in batches may be of any twin'),
    noteSources: async () => refuse('telemetry in batches may be of any twin'),
    takeDesired: async () => refuse('telemetry in batches may be of any twin'),
    auditLog: async () => refuse('the audit log tells of everything'),
    quarantine: new Quarantine(),
    adoptTwin: async () => refuse('twins in quarantine are in no scope'),

    watchTwins: (watch) => whole.watchTwins({ ...watch, scope }),
    watchStates: (watch) => whole.watchStates({ ...watch, scope }),
    watchTopology: (watch) => whole.watchTopology({ ...watch, scope }),
    watchImpact(scenario, kinds) {
      refuseInstant(scenario);
      return watchImpact(memory, timers, {
        scenario,
        kinds,
        topology,
        look: (result) => lookAt(result, sees, topology),
      });
    },
    unreported: () => whole.unreported().filter(sees),
    onDesired: (listener) =>
      whole.onDesired((change) => {
        if (sees(change.twin)) listener(change);
      }),
  };
}

function refuse(why: string): never {
  throw new LinchpinError('FORBIDDEN', `this takes a caller without a scope: ${why}`, {
    expected: 'a caller without a scope',
  });
}

/** The part of an answer that names nobody who is not seen; what is left out is counted. */
function* lookAt(result: ScenarioResult, sees: (id: string) => boolean, topology: TopologyView): Steps<ScenarioResult> {
  const { answer } = result;
  const affected = yield* answer.affected.where((index) => sees(answer.affected.id(index)));
  const scenarioTwins = result.scenarioTwins.filter(sees);
  const chainOf = (id: string) => answer.witness(id).filter(({ twin }) => sees(twin));
  const looked: ScenarioAnswer = {
    affected,
    scenarioTwins,
    staleInputs: answer.staleInputs,
    *newlyAtRisk() {
      return (yield* answer.newlyAtRisk()).filter(sees);
    },
    witness: (id, most = Number.POSITIVE_INFINITY) =>
      keepEnds(chainOf(id), most).map((step) => ({
        ...step,
        relationship: step.relationship !== null && topology.link(step.relationship) ? step.relationship : null,
        lost: step.lost.filter(sees),
      })),
    witnessLength: (id) => chainOf(id).length,
    *causes(id, maxOrder) {
      return (yield* answer.causes(id, maxOrder)).filter((ids) => ids.every(sees));
    },
    causesComplete: (id, maxOrder) => answer.causesComplete(id, maxOrder),
  };
  return { ...result, answer: looked, scenarioTwins, hidden: answer.affected.length - affected.length };
}
