/** Changes: each is a verb of the application, which checks what it is given. */
import type { Resolvers } from '../schema-types.ts';

export const mutationResolvers: Resolvers = {
  Mutation: {
    upsertTwins: (_, { twins }, { application, caller }) => application.upsertTwins(twins, caller),
    patchTwin: (_, { id, patch, ifRevision }, { application, caller }) =>
      application.patchTwin(id, patch, { ...caller, ifRevision: ifRevision ?? null }),
    setDesired: (_, { id, properties, ifRevision }, { application, caller }) =>
      application.setDesired(id, properties, { ...caller, ifRevision: ifRevision ?? null }),
    setMaintenance: (_, { id, on, until, reason }, { application, caller }) =>
      application.setMaintenance(id, on, { ...caller, until: until ?? null, reason: reason ?? null }),
    deleteTwin: (_, { id, ifRevision }, { application, caller }) =>
      application.deleteTwin(id, { ...caller, ifRevision: ifRevision ?? null }),
    upsertRelationships: (_, { relationships }, { application, caller }) =>
      application.upsertRelationships(relationships, caller),
    deleteRelationship: (_, { id }, { application, caller }) => application.deleteRelationship(id, caller),
    upsertModels: (_, { models }, { application, caller }) => application.upsertModels(models, caller),
    report: (_, input, { application, caller }) => application.report(input, caller),
  },
};
