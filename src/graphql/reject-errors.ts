/**
 * A resolver that throws answers with a rejected promise instead. graphql-js stops completing a list where an item fails
 * at once, and forgets items before it that are still awaited: should one of those fail too, nobody hears of it, and
 * Node ends the process. What fails later is waited for like the rest.
 */
import { type GraphQLSchema, isObjectType } from 'graphql';

export function rejectErrors(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve) continue;
      field.resolve = (parent, args, context, info) => {
        try {
          return resolve(parent, args, context, info);
        } catch (error) {
          return Promise.reject(error);
        }
      };
    }
  }
}
