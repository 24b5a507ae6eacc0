/**
 * Questions about the past. A field of Query with `asOf` answers from the graph as it was then, and so does everything
 * below it: each of those resolvers is given the context of that moment, so none of them can reach for the present.
 */
import { type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema, isObjectType } from 'graphql';
import { LinchpinError } from '../domain/errors.ts';
import { contextOn, type RequestContext } from './context.ts';
import { API_LIMITS } from './limits.ts';

type Resolver = GraphQLFieldResolver<unknown, RequestContext, Record<string, unknown>>;

export function answerFromThePast(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name === 'Mutation' || type.name === 'Subscription') continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve as Resolver | undefined;
      if (resolve) field.resolve = (type.name === 'Query' ? fromItsMoment(resolve) : belowItsMoment(resolve)) as never;
    }
  }
}

function fromItsMoment(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const instant = instantOf(args);
    if (instant === null) return resolve(source, args, context, info);
    return goBack(context, instant).then((past) => {
      context.pasts.set(rootOf(info), past);
      return resolve(source, args, past, info);
    });
  };
}

function belowItsMoment(resolve: Resolver): Resolver {
  return (source, args, context, info) =>
    resolve(source, args, context.pasts.size === 0 ? context : (context.pasts.get(rootOf(info)) ?? context), info);
}

function instantOf(args: Record<string, unknown>): number | null {
  const { asOf, scenario } = args as { asOf?: number | null; scenario?: { asOf?: number | null } };
  return asOf ?? scenario?.asOf ?? null;
}

async function goBack(context: RequestContext, instant: number): Promise<RequestContext> {
  context.instants.add(instant);
  const most = API_LIMITS.momentsPerRequest;
  if (context.instants.size > most) {
    const expected = `at most ${most}`;
    throw new LinchpinError('LIMIT_EXCEEDED', `moments of the past in one request: ${expected}`, { expected });
  }
  const application = await context.application.asOf(instant, context.signal);
  return contextOn(application, context);
}

/** The name under which the field of Query stands in the answer. */
function rootOf({ path }: GraphQLResolveInfo): string | number {
  let root = path;
  while (root.prev) root = root.prev;
  return root.key;
}
