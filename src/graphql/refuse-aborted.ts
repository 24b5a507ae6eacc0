/**
 * A request that was cancelled, or ran out of time, begins no field of Query any more; what it had begun is ended by
 * its signal. Else what is answered anew after a failure would ask for everything again, for nobody.
 */
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { RequestContext } from './context.ts';

export function refuseAborted(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (parent, args, context: RequestContext, info) => {
      context.cancellation.throwIfAborted();
      return resolve(parent, args, context, info);
    };
  }
}
