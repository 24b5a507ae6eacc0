/**
 * The application in the moment in which a twin goes out of sight: it is told once more as it was seen last, joined to
 * nothing, so that whoever hears that it left can ask the same of it as of any other.
 */
import { Reach } from '../topology/reach.ts';
import type { TopologyView, TwinNode } from '../topology/topology.ts';
import type { Application, StateEvent } from './application.ts';
import { ownHealth } from './live-state.ts';

/** The same application for events that tell of nobody who is out of sight. */
export function withLastSeen(application: Application, { lastSeen, before, at }: StateEvent): Application {
  if (!lastSeen) return application;
  const { id } = lastSeen;
  const node: TwinNode = { twin: lastSeen, number: 0, outgoing: [], incoming: [] };
  const { topology } = application;
  const level = before === 'UNKNOWN' ? null : before;
  const view: TopologyView = {
    twinCount: topology.twinCount,
    relationshipCount: topology.relationshipCount,
    node: (other) => (other === id ? node : topology.node(other)),
    twin: (other) => (other === id ? lastSeen : topology.twin(other)),
    link: (other) => topology.link(other),
    relationship: (other) => topology.relationship(other),
    nodes: () => topology.nodes(),
    links: () => topology.links(),
  };
  return {
    ...application,
    topology: view,
    status: (other) =>
      other === id
        ? {
            health: lastSeen.maintenance === null ? ownHealth(lastSeen) : 'DOWN',
            state: before,
            best: level ?? 'OPERATIONAL',
            worst: level ?? 'DOWN',
            since: at,
            inMaintenance: lastSeen.maintenance !== null,
          }
        : application.status(other),
    atRisk: (other) => other !== id && application.atRisk(other),
    causes: (other, limit) => (other === id ? [] : application.causes(other, limit)),
    requirements: (other) => (other === id ? [] : application.requirements(other)),
    // Told with nothing of its past.
    history: async (question) =>
      question.series.some(({ twin }) => twin === id)
        ? question.series.map(() => ({ samples: [], completeSince: null, complete: false, limit: 'completeSince' }))
        : application.history(question),
    valuesAt: async (series, instant) =>
      series.some(({ twin }) => twin === id) ? series.map(() => undefined) : application.valuesAt(series, instant),
    reach: (other, direction, options) =>
      other === id ? new Reach(new Int32Array(0), [], [], null) : application.reach(other, direction, options),
  };
}
