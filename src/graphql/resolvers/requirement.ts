/** Requirement groups and their members. */
import { notFound } from '../../domain/errors.ts';
import type { Resolvers } from '../schema-types.ts';
import { twinById } from './twin.ts';

export const requirementResolvers: Resolvers = {
  Requirement: {
    holdUp: (requirement) => (requirement.holdUpMs === 0 ? null : requirement.holdUpMs),
  },
  RequirementMember: {
    twin: (member, _, context) => twinById(context, member.twin),
    relationship: (member, _, { application }) => {
      const relationship = application.topology.relationship(member.relationship);
      if (!relationship) throw notFound('relationship', member.relationship);
      return relationship;
    },
    standbyDelay: (member) => member.standbyDelayMs,
  },
};
