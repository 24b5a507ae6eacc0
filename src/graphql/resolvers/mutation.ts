/** Changes: each is a verb of the application, which checks what it is given. */
import type { RequestContext } from '../context.ts';
import type { Resolvers } from '../schema-types.ts';
import { requireNoScope } from './quarantine.ts';

export const mutationResolvers: Resolvers = {
  Mutation: {
    upsertTwins: (_, { twins }, context) => change(context, (verbs, caller) => verbs.upsertTwins(twins, caller)),
    patchTwin: (_, { id, patch, ifRevision }, context) =>
      change(context, (verbs, caller) => verbs.patchTwin(id, patch, { ...caller, ifRevision: ifRevision ?? null })),
    setDesired: (_, { id, properties, ifRevision }, context) =>
      change(context, (verbs, caller) =>
        verbs.setDesired(id, properties, { ...caller, ifRevision: ifRevision ?? null }),
      ),
    setMaintenance: (_, { id, on, until, reason }, context) =>
      change(context, (verbs, caller) =>
        verbs.setMaintenance(id, on, { ...caller, until: until ?? null, reason: reason ?? null }),
      ),
    deleteTwin: (_, { id, ifRevision }, context) =>
      change(context, (verbs, caller) => verbs.deleteTwin(id, { ...caller, ifRevision: ifRevision ?? null })),
    upsertRelationships: (_, { relationships }, context) =>
      change(context, (verbs, caller) => verbs.upsertRelationships(relationships, caller)),
    deleteRelationship: (_, { id }, context) =>
      change(context, (verbs, caller) => verbs.deleteRelationship(id, caller)),
    upsertModels: (_, { models }, context) => change(context, (verbs, caller) => verbs.upsertModels(models, caller)),
    report: (_, input, context) => change(context, (verbs, caller) => verbs.report(input, caller)),
    adopt(_, { twin }, context) {
      requireNoScope(context.principal, 'adopt');
      return change(context, (verbs, caller) => verbs.adoptTwin(twin, caller));
    },
  },
};

/** Changes of one request run one after the other; what was read before one is not true behind it. */
async function change<Answer>(
  { application, caller, loaders }: RequestContext,
  verb: (application: RequestContext['application'], caller: RequestContext['caller']) => Promise<Answer>,
): Promise<Answer> {
  const answer = await verb(application, caller);
  loaders.clear();
  return answer;
}
