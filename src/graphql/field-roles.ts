/** The role that a field takes. Reading takes the least; every change, and what is told of others' doings, stands here. */
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { type Role, requireRole } from '../domain/principal.ts';
import type { RequestContext } from './context.ts';
import type { MutationPatchTwinArgs, MutationResolvers } from './schema-types.ts';

type Needed = Role | ((args: never) => Role);

/** What an operator says of a twin: how it is, not what it is. */
const OPERATORS_FIELDS: ReadonlySet<string> = new Set(['health', 'closed']);

const ROLE_BY_MUTATION: Record<keyof MutationResolvers, Needed> = {
  report: 'operator',
  setDesired: 'operator',
  setMaintenance: 'operator',
  patchTwin: ({ patch }: MutationPatchTwinArgs) =>
    Object.keys(patch).every((field) => OPERATORS_FIELDS.has(field)) ? 'operator' : 'admin',
  upsertTwins: 'admin',
  deleteTwin: 'admin',
  upsertRelationships: 'admin',
  deleteRelationship: 'admin',
  upsertModels: 'admin',
  adopt: 'admin',
};

/** Puts the roles before the resolvers. */
export function guardFields(schema: GraphQLSchema): void {
  for (const [name, needed] of Object.entries(ROLE_BY_MUTATION)) {
    const field = schema.getMutationType()?.getFields()[name];
    if (!field) throw new Error(`the schema has no mutation ${name}`);
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (parent, args, context: RequestContext, info) => {
      const role = typeof needed === 'string' ? needed : needed(args as never);
      requireRole(context.principal, role, name);
      return resolve(parent, args, context, info);
    };
  }
}
