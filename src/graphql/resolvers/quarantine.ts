/** Twins that telemetry names and nobody knows. */
import { LinchpinError } from '../../domain/errors.ts';
import type { Principal } from '../../domain/principal.ts';
import { pageOfRanked } from '../connections.ts';
import type { Resolvers } from '../schema-types.ts';
import { pageInfo } from './twin.ts';

export const quarantineResolvers: Resolvers = {
  Query: {
    quarantine(_, args, { application, principal }) {
      requireNoScope(principal, 'quarantine');
      const twins = application.quarantine.list();
      return pageOfRanked(twins, args, { name: 'quarantine', idAt: (index) => twins[index]?.id });
    },
  },
  QuarantineConnection: { nodes: (page) => page.rows, pageInfo },
  QuarantinedTwin: { properties: (twin) => twin.readings },
  QuarantinedReading: {
    name: (reading) => reading.property,
    observedAt: (reading) => reading.observedAt ?? reading.receivedAt,
  },
};

/** What is in no hierarchy yet is in nobody's scope. @throws LinchpinError FORBIDDEN */
export function requireNoScope({ scope }: Principal, what: string): void {
  if (scope !== null) throw new LinchpinError('FORBIDDEN', `${what}: unknown twins are in no scope`);
}
