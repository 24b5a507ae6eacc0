/** The executable schema: schema.graphql of the package's root with the resolvers. */
import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { type GraphQLSchema, isInterfaceType, isObjectType, isScalarType } from 'graphql';
import { guardFields } from './field-roles.ts';
import { answerFromThePast } from './moments.ts';
import { rejectErrors } from './reject-errors.ts';
import { refuseAborted } from './refuse-aborted.ts';
import { analysisResolvers } from './resolvers/analysis.ts';
import { auditResolvers } from './resolvers/audit.ts';
import { impactResolvers } from './resolvers/impact.ts';
import { modelResolvers } from './resolvers/model.ts';
import { mutationResolvers } from './resolvers/mutation.ts';
import { quarantineResolvers } from './resolvers/quarantine.ts';
import { queryResolvers } from './resolvers/query.ts';
import { relationshipResolvers } from './resolvers/relationship.ts';
import { requirementResolvers } from './resolvers/requirement.ts';
import { subscriptionResolvers } from './resolvers/subscription.ts';
import { twinResolvers } from './resolvers/twin.ts';
import { DATE_TIME, DURATION, JSON_VALUE } from './scalars.ts';

/** The same URL from src/ and from dist/. */
const SCHEMA_FILE = new URL('../../schema.graphql', import.meta.url);

export function createSchema(): GraphQLSchema {
  const schema = makeExecutableSchema({
    typeDefs: readFileSync(SCHEMA_FILE, 'utf8'),
    resolvers: [
      { DateTime: DATE_TIME, Duration: DURATION, JSON: JSON_VALUE },
      twinResolvers,
      requirementResolvers,
      relationshipResolvers,
      modelResolvers,
      queryResolvers,
      impactResolvers,
      auditResolvers,
      analysisResolvers,
      mutationResolvers,
      quarantineResolvers,
      subscriptionResolvers,
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  answerFromThePast(schema);
  guardFields(schema);
  refuseAborted(schema);
  rejectErrors(schema);
  describeScalars(schema);
  describeImplementations(schema);
  return schema;
}

/** Giving a scalar its functions replaces what the file says of it. */
function describeScalars(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type)) type.description ??= type.astNode?.description?.value;
  }
}

/** What an interface says of a field or argument holds for the types that implement it; the file says it once. */
function describeImplementations(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInterfaceType(type)) continue;
    for (const implementation of schema.getPossibleTypes(type)) {
      if (!isObjectType(implementation)) continue;
      const fields = implementation.getFields();
      for (const [name, declared] of Object.entries(type.getFields())) {
        const field = fields[name];
        if (!field) continue;
        field.description ??= declared.description;
        for (const arg of field.args) {
          arg.description ??= declared.args.find((other) => other.name === arg.name)?.description;
        }
      }
    }
  }
}
