/**
 * What a query may ask of the server, the same for HTTP and WebSocket: length, tokens, depth, aliases, fields and cost.
 * All but the cost are judged before validation, because validation and the reckoning of cost can be made slow themselves.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import { getComplexity } from 'graphql-query-complexity';
import { badInput, LinchpinError } from '../domain/errors.ts';
import { estimateCost } from './cost.ts';
import { API_LIMITS } from './limits.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: { readonly [name: string]: unknown };
}

export interface Guard {
  /**
   * @throws LinchpinError LIMIT_EXCEEDED, BAD_INPUT when it is not text
   * @throws GraphQLError when it does not parse
   */
  checkQuery(query: unknown): void;
  /**
   * For a valid document.
   * @throws LinchpinError LIMIT_EXCEEDED
   * @throws GraphQLError when variables or arguments are not what they should be
   */
  checkCost(operation: Operation): void;
}

export function createGuard(schema: GraphQLSchema): Guard {
  const checked = new Set<string>();
  const costs = new WeakMap<OperationDefinitionNode, Map<string, number>>();
  return {
    checkQuery(query) {
      if (typeof query !== 'string') throw badInput('query', 'the text of a query', query);
      if (checked.has(query)) return;
      checkLimit('characters of a query', query.length, API_LIMITS.queryLength);
      checkTokens(query);
      checkShape(parse(query, { noLocation: true }));
      if (query.length > API_LIMITS.checkedQueryLength) return;
      if (checked.size >= API_LIMITS.checkedQueries) checked.delete(checked.values().next().value as string);
      checked.add(query);
    },
    checkCost({ document, operation, variables }) {
      const shape = shapeOf(variables);
      const known = costs.get(operation) ?? new Map<string, number>();
      let cost = shape === null ? undefined : known.get(shape);
      if (cost === undefined) {
        const name = operation.name?.value;
        cost = getComplexity({
          schema,
          query: document,
          variables: { ...variables },
          estimators: [estimateCost],
          ...(name === undefined ? {} : { operationName: name }),
        });
        if (shape !== null && known.size < API_LIMITS.costsPerQuery) costs.set(operation, known.set(shape, cost));
      }
      checkLimit('fields that the answer may come to', cost, API_LIMITS.queryCost);
    },
  };
}

/**
 * What of variables a cost depends on: numbers, truth values, and how long lists are; which twin is asked for does not
 * matter. Whether they fit their types is seen again when the query is executed. null: with objects in them, which are
 * changes for the most part.
 */
function shapeOf(variables: Operation['variables']): string | null {
  const shape: unknown[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (Array.isArray(value)) {
      if (value.some((each) => typeof each !== 'string')) return null;
      shape.push(name, [value.length]);
    } else if (typeof value === 'object' && value !== null) return null;
    else shape.push(name, typeof value === 'string' ? '' : value);
  }
  return JSON.stringify(shape);
}

function checkLimit(what: string, count: number, most: number): void {
  if (count <= most) return;
  throw new LinchpinError('LIMIT_EXCEEDED', `${what}: at most ${most}, got ${count}`, {
    expected: `at most ${most}`,
    received: String(count),
  });
}

/** graphql's own parser counts tokens too, but tells it as a syntax error; and for each bracket it goes deeper into the stack. */
function checkTokens(query: string): void {
  const lexer = new Lexer(new Source(query));
  let open = 0;
  for (let tokens = 0; lexer.advance().kind !== TokenKind.EOF; tokens++) {
    checkLimit('tokens of a query', tokens + 1, API_LIMITS.queryTokens);
    if (OPENING.has(lexer.token.kind)) open += 1;
    else if (CLOSING.has(lexer.token.kind)) open -= 1;
    checkLimit('brackets within brackets of a query', open, API_LIMITS.queryBrackets);
  }
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

interface Shape {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
}

/** Fragments are measured once each: spreading them out could take exponentially long. Loops of them are left to validation. */
function checkShape(document: DocumentNode): void {
  const fragmentByName = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragmentByName.set(definition.name.value, definition);
  }
  const shapeByFragment = new Map<string, Shape>();

  const measureFragment = (name: string): Shape => {
    const known = shapeByFragment.get(name);
    if (known) return known;
    shapeByFragment.set(name, { depth: 0, aliases: 0, fields: 0 });
    const fragment = fragmentByName.get(name);
    const shape = fragment ? measure(fragment.selectionSet) : { depth: 0, aliases: 0, fields: 0 };
    shapeByFragment.set(name, shape);
    return shape;
  };
  const measure = (selectionSet: SelectionSetNode): Shape => {
    let depth = 0;
    let aliases = 0;
    let fields = 0;
    for (const selection of selectionSet.selections) {
      const isField = selection.kind === Kind.FIELD;
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(selection.name.value)
          : selection.selectionSet
            ? measure(selection.selectionSet)
            : { depth: 0, aliases: 0, fields: 0 };
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
      fields += inner.fields + (isField ? 1 : 0);
    }
    return { depth, aliases, fields };
  };

  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const { depth, aliases, fields } = measure(definition.selectionSet);
    checkLimit('levels of a query', depth, API_LIMITS.queryDepth);
    checkLimit('aliases of a query', aliases, API_LIMITS.queryAliases);
    checkLimit('fields of a query', fields, API_LIMITS.queryFields);
  }
}
