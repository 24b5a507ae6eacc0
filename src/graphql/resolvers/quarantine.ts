/** Twins that telemetry names and nobody knows. */
import type { QuarantinedTwin } from '../../application/quarantine.ts';
import { pageOfRanked } from '../connections.ts';
import type { Resolvers } from '../schema-types.ts';
import { pageInfo } from './twin.ts';

const MOST_RECENT_FIRST = { name: 'quarantine', idOf: (row: QuarantinedTwin) => row.id };

export const quarantineResolvers: Resolvers = {
  Query: {
    quarantine: (_, args, { application }) => pageOfRanked(application.quarantine.list(), args, MOST_RECENT_FIRST),
  },
  QuarantineConnection: { nodes: (page) => page.rows, pageInfo },
  QuarantinedTwin: { properties: (twin) => twin.readings },
  QuarantinedReading: {
    name: (reading) => reading.property,
    observedAt: (reading) => reading.observedAt ?? reading.receivedAt,
  },
};
