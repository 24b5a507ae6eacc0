/** The role that a field takes. Reading takes the least; every change, and what is told of others' doings, stands here. */
import { defaultFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { type Role, requireRole } from '../domain/principal.ts';
import type { RequestContext } from './context.ts';
import type { MutationPatchTwinArgs, MutationResolvers, QueryResolvers } from './schema-types.ts';

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

/** Questions that take more than the role reader. */
const ROLE_BY_QUERY: Partial<Record<keyof QueryResolvers, Needed>> = { auditLog: 'admin' };

/** Puts the roles before the resolvers. */
export function guardFields(schema: GraphQLSchema): void {
  guard(schema.getMutationType(), ROLE_BY_MUTATION);
  guard(schema.getQueryType(), ROLE_BY_QUERY);
}

function guard(type: GraphQLObjectType | null | undefined, roles: Readonly<Record<string, Needed>>): void {
  for (const [name, needed] of Object.entries(roles)) {
    const field = type?.getFields()[name];
    if (!field) throw new Error(`the schema has no ${name}`);
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (parent, args, context: RequestContext, info) => {
      const role = typeof needed === 'string' ? needed : needed(args as never);
      requireRole(context.principal, role, name);
      return resolve(parent, args, context, info);
    };
  }
}
