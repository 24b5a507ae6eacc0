/**
 * The API's own scalars. Inside the server an instant is epoch milliseconds and a duration milliseconds.
 * Variables and literals take the same values and are refused with the same code.
 */
import { GraphQLError, GraphQLScalarType, Kind, print, type ValueNode, valueFromASTUntyped, visit } from 'graphql';
import { formatDuration, parseDuration } from '../domain/duration.ts';
import { badInput, LinchpinError } from '../domain/errors.ts';
import { formatInstant, parseInstant } from '../domain/instant.ts';
import type { PropertyValue } from '../domain/property.ts';
import { API_LIMITS } from './limits.ts';

export const DATE_TIME = textScalar('DateTime', parseInstant, formatInstant);
export const DURATION = textScalar('Duration', parseDuration, formatDuration);

export const JSON_VALUE = new GraphQLScalarType<PropertyValue, unknown>({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: (value) => refusable(() => checkJson(value)),
  parseLiteral: (node, variables) => refusable(() => checkJson(readLiteral(node, variables)), node),
});

/** @throws LinchpinError BAD_INPUT for a whole number that would lose digits; in variables it has lost them already */
function readLiteral(node: ValueNode, variables: Parameters<typeof valueFromASTUntyped>[1]): unknown {
  visit(node, {
    IntValue({ value }) {
      if (!Number.isSafeInteger(Number(value)) && BigInt(value) !== BigInt(Number(value)))
        throw badInput('JSON', 'a whole number that loses no digits, or text', value);
    },
  });
  return valueFromASTUntyped(node, variables);
}

function textScalar(name: string, parse: (text: unknown, at?: string) => number, format: (value: number) => string) {
  return new GraphQLScalarType<number, string>({
    name,
    serialize: (value) => format(value as number),
    parseValue: (value) => refusable(() => parse(value, name)),
    parseLiteral: (node) => refusable(() => parse(node.kind === Kind.STRING ? node.value : print(node), name), node),
  });
}

/**
 * The values keep their prototypes: JSON.parse and graphql's own reader make `__proto__` an own key like any other.
 * @throws LinchpinError BAD_INPUT
 */
function checkJson(value: unknown): PropertyValue {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > API_LIMITS.jsonDepth)
      throw badInput('JSON', `a value nested at most ${API_LIMITS.jsonDepth} deep`, '…');
    const next: unknown[] = [];
    for (const inner of level) {
      if (typeof inner === 'number' && !Number.isFinite(inner)) throw badInput('JSON', 'finite numbers', inner);
      if (typeof inner === 'object' && inner !== null) for (const part of Object.values(inner)) next.push(part);
    }
    level = next;
  }
  return value as PropertyValue;
}

/** GraphQLErrors keep their extensions on the way through validation and coercion, other errors do not. */
function refusable<T>(read: () => T, node?: ValueNode): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LinchpinError)) throw error;
    throw new GraphQLError(error.message, {
      ...(node ? { nodes: node } : {}),
      extensions: { code: error.code, expected: error.details.expected, received: error.details.received },
    });
  }
}
