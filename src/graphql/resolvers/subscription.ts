/** Live questions. The application watches; here its events get cursors, and twins as they are when the event is sent. */
import { notFound } from '../../domain/errors.ts';
import { EMPTY_PROPERTY } from '../../domain/property.ts';
import type { AffectedRows, AffectedTwin } from '../../impact/types.ts';
import { decodeFeedCursor, encodeEventCursor, encodeFeedCursor } from '../cursors.ts';
import { toPropertyRow } from '../property-row.ts';
import type { Resolvers } from '../schema-types.ts';
import { summaryOf, toAffectedParents } from './impact.ts';
import { twinsById } from './twin.ts';
import { whenSettled } from './when-settled.ts';

const TYPE_BY_EVENT = { twin: 'TwinChange', state: 'StateChange', topology: 'TopologyChange', gap: 'Gap' } as const;

const cursor = ({ sequence }: { sequence: number }) => encodeFeedCursor(sequence);
const toPosition = (after: string | null | undefined) => (after == null ? null : decodeFeedCursor(after));

/** The event is the value of the field; graphql would look for it under the field's name. */
const asItIs = <Event>(event: Event) => event;

export const subscriptionResolvers: Resolvers = {
  Subscription: {
    twinChanged: {
      subscribe: (_, { ids, within, properties, after }, { application }) =>
        whenSettled(application, () =>
          application.watchTwins({
            ids: ids ?? null,
            within: within ?? null,
            properties: properties ?? null,
            after: toPosition(after),
          }),
        ),
      resolve: asItIs,
    },
    stateChanged: {
      subscribe: (_, { ids, within, kinds, snapshot, after, from }, { application }) =>
        whenSettled(application, () =>
          application.watchStates({
            ids: ids ?? null,
            within: within ?? null,
            kinds: kinds ?? null,
            snapshot: snapshot ?? false,
            after: toPosition(after),
            from: from ?? null,
          }),
        ),
      resolve: asItIs,
    },
    topologyChanged: {
      subscribe: (_, { within, after }, { application }) =>
        whenSettled(application, () => application.watchTopology({ within: within ?? null, after: toPosition(after) })),
      resolve: asItIs,
    },
    impactChanged: {
      subscribe: (_, { scenario, kinds }, { application }) =>
        whenSettled(application, () => application.watchImpact(scenario, kinds ?? null)),
      resolve: asItIs,
    },
  },
  TwinEvent: { __resolveType: (event) => TYPE_BY_EVENT[event.kind] },
  StateEvent: { __resolveType: (event) => TYPE_BY_EVENT[event.kind] },
  TopologyEvent: { __resolveType: (event) => TYPE_BY_EVENT[event.kind] },
  TwinChange: {
    cursor: encodeEventCursor,
    skipped: (event) => event.skipped ?? 0,
    twin: (event, _, { application }) => application.topology.twin(event.id) ?? null,
    changed: (event, _, { application }) => {
      const model = application.topology.twin(event.id)?.model;
      const resolved = model == null ? undefined : application.resolvedModel(model);
      return event.changed.map(({ name, after }) => toPropertyRow(name, after ?? EMPTY_PROPERTY, resolved));
    },
  },
  StateChange: {
    cursor: encodeEventCursor,
    skipped: (event) => event.skipped ?? 0,
    twin: (event, _, { application }) => {
      const twin = application.topology.twin(event.id) ?? event.lastSeen ?? event.twin;
      if (!twin) throw notFound('twin', event.id);
      return twin;
    },
    causes: (event, _, context) => twinsById(context, event.causes),
  },
  TopologyChange: {
    cursor,
    addedTwins: (event, _, context) => twinsById(context, event.addedTwins),
    addedRelationships: (event, _, { application: { topology } }) =>
      event.addedRelationships.filter(({ source, target }) => topology.twin(source) && topology.twin(target)),
  },
  ImpactEvent: {
    cursor,
    summary: (event, _, context) => summaryOf(event.result, context),
    added: (event) => toAffectedParents(event.result, pick(event.result.answer.affected, event.added)),
    changed: (event) => toAffectedParents(event.result, pick(event.result.answer.affected, event.changed)),
  },
  Gap: {
    cursor,
    // A cursor stands behind an event: the last one before what is missing.
    missedFrom: (gap) => encodeFeedCursor(gap.missedFrom - 1),
  },
};

/** In the order of the answer: the worst first. */
function pick(affected: AffectedRows, ids: readonly string[]): AffectedTwin[] {
  const indexes = Int32Array.from(ids, (id) => affected.indexOf(id) as number).sort();
  return Array.from(indexes, (index) => affected.at(index) as AffectedTwin);
}
