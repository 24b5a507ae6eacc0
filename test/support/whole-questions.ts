/** Questions that ask for everything the schema has, made from the schema itself: a new field is asked for too. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Rows of each list. */
export const PAGE = 6;

/** Of a twin below a twin. */
const TWIN_INSIDE = '{ __typename id name description tags }';

/**
 * Everything below a field. Twins near the top are asked for all that they have; those farther down, for what they are
 * called: the same resolvers answer for them, and the cost of a question is limited. `argsOf`: the arguments of fields that need some, by `Type.field`.
 */
export function selectionOf(schema: GraphQLSchema, type: GraphQLNamedType, argsOf: Record<string, string>): string {
  return select(schema, type, argsOf, { isInTwin: false, path: [] });
}

interface Place {
  readonly isInTwin: boolean;
  readonly path: readonly string[];
}

function select(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  argsOf: Record<string, string>,
  { isInTwin, path }: Place,
): string {
  const isTwin = type.name === 'Twin';
  if (isTwin && (isInTwin || path.length > 1)) return TWIN_INSIDE;
  if (isAbstractType(type) && !isInterfaceType(type)) {
    const parts = schema.getPossibleTypes(type).map((each) => {
      return `... on ${each.name} ${select(schema, each, argsOf, { isInTwin, path })}`;
    });
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const inside = { isInTwin: isInTwin || isTwin, path: [...path, type.name] };
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const below = getNamedType(field.type);
    // Types that hold themselves, such as models, end here.
    if (inside.path.includes(below.name) && below.name !== 'Twin') return [];
    return `${field.name}${argsFor(type.name, field, argsOf)} ${select(schema, below, argsOf, inside)}`;
  });
  return `{ __typename ${fields.join(' ')} }`;
}

function argsFor(type: string, field: GraphQLField<unknown, unknown>, argsOf: Record<string, string>): string {
  const given = argsOf[`${type}.${field.name}`];
  if (given !== undefined) return `(${given})`;
  const needed = field.args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
  if (needed.length > 0) throw new Error(`the test gives no arguments for ${type}.${field.name}`);
  // Small pages keep the whole below what a question may cost.
  return field.args.some((arg) => arg.name === 'first') ? `(first: ${PAGE})` : '';
}
