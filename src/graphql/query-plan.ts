/**
 * What answering a query takes, worked out once for all of its rows and all of its requests: which fields of which
 * type, their resolvers, the arguments that stand in the text, and how a value becomes part of the answer.
 * graphql-js works out most of it anew for each field of each row.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  GraphQLBoolean,
  type GraphQLField,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLString,
  type GraphQLUnionType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  BREAK,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import type { RequestContext } from './context.ts';

export type Args = Record<string, unknown>;

/** What is not an answer without errors, or not planned for: graphql-js answers the query. */
export class Irregular extends Error {}

/** One field of an object in the answer. */
export interface FieldPlan {
  /** Its name in the answer. */
  readonly key: string;
  /** Of the field of Query, or of Subscription, that it is below. */
  readonly rootKey: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  /** Its place in what a run keeps for each field. */
  readonly slot: number;
  /** null: they depend on variables. */
  readonly args: Args | null;
  /** null: it is a property of the parent of the same name. */
  readonly resolve: NonNullable<GraphQLField<unknown, unknown>['resolve']> | null;
  readonly complete: Complete;
}

/** @throws Irregular, and what serialising throws */
type Complete = (value: unknown, run: PlanRun) => unknown;

/** One answer by a plan. */
export interface PlanRun {
  readonly context: RequestContext;
  infoOf(field: FieldPlan): GraphQLResolveInfo;
  completeObject(source: unknown, fields: readonly FieldPlan[]): object;
  completeList(values: unknown, complete: Complete): unknown[];
}

/** What the fields below one field of the operation share. */
interface Root {
  readonly key: string;
  /** Fields of an object by its type and the nodes that ask for it. */
  readonly fieldsByAsked: Map<string, readonly FieldPlan[]>;
}

export interface PlanParts {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly operation: OperationDefinitionNode;
  /** Of those in `@skip` and `@include`, the values that the plan is for; others are not looked at. */
  readonly variables: { readonly [name: string]: unknown };
}

type Place = Pick<FieldPlan, 'key' | 'rootKey' | 'nodes' | 'parentType' | 'slot'>;
type NodesByKey = ReadonlyMap<string, readonly FieldNode[]>;

export class QueryPlan {
  readonly #parts: PlanParts;
  readonly root: readonly FieldPlan[];
  /** Query or Subscription. */
  readonly rootType: string;
  /** By slot. */
  readonly #fields: FieldPlan[] = [];
  readonly #numberByNode = new Map<FieldNode, number>();

  /** @throws Irregular */
  constructor(parts: PlanParts) {
    const { schema, fragments, operation, variables } = parts;
    const type = schema.getRootType(operation.operation);
    if (!type) throw new Irregular('no such operation');
    this.#parts = parts;
    this.rootType = type.name;
    const nodesByKey = collectFields(schema, fragments, variables, type, operation.selectionSet);
    this.root = this.#planFields(type, nodesByKey, null);
  }

  /** Fields that have been planned so far: types are planned when their first object comes. */
  get size(): number {
    return this.#fields.length;
  }

  #planFields(type: GraphQLObjectType, nodesByKey: NodesByKey, root: Root | null): FieldPlan[] {
    return Array.from(nodesByKey, ([key, nodes]) =>
      this.#planField(type, key, nodes, root ?? { key, fieldsByAsked: new Map() }),
    );
  }

  #planField(parentType: GraphQLObjectType, key: string, nodes: readonly FieldNode[], root: Root): FieldPlan {
    // Assigning it would give the answer another prototype.
    if (key === '__proto__') throw new Irregular('a name that is not like others');
    const [node] = nodes as [FieldNode];
    const slot = this.#fields.length;
    const place = { key, rootKey: root.key, nodes, parentType, slot };
    const plan = node.name.value === '__typename' ? planTypeName(place) : this.#planDeclared(place, node, root);
    this.#fields[slot] = plan;
    return plan;
  }

  #planDeclared(place: Place, node: FieldNode, root: Root): FieldPlan {
    const field = place.parentType.getFields()[node.name.value];
    if (!field) throw new Irregular('introspection');
    return {
      ...place,
      field,
      args: isFixed(node) ? freeze(getArgumentValues(field, node, {})) : null,
      resolve: field.resolve ?? null,
      complete: this.#completion(field.type, place, root),
    };
  }

  #completion(type: GraphQLOutputType, place: Place, root: Root): Complete {
    if (isNonNullType(type)) {
      const complete = this.#completion(type.ofType, place, root);
      return (value, run) => {
        const completed = complete(value, run);
        if (completed === null) throw new Irregular('null where none may be');
        return completed;
      };
    }
    if (isLeafType(type)) return leafCompletion(type);
    if (isListType(type)) {
      const complete = this.#completion(type.ofType, place, root);
      return (value, run) => (value == null ? null : run.completeList(value, complete));
    }
    return isObjectType(type) ? this.#objectCompletion(type, place, root) : this.#abstractCompletion(type, place, root);
  }

  #objectCompletion(type: GraphQLObjectType, place: Place, root: Root): Complete {
    if (type.isTypeOf) throw new Irregular('a type that looks at its values');
    let fields: readonly FieldPlan[] | undefined;
    return (value, run) => {
      if (value == null) return null;
      fields ??= this.#fieldsBelow(type, place.nodes, root);
      return run.completeObject(value, fields);
    };
  }

  #abstractCompletion(type: GraphQLInterfaceType | GraphQLUnionType, place: Place, root: Root): Complete {
    const { resolveType } = type;
    if (!resolveType) throw new Irregular('a type that does not tell the types of its values');
    const fieldsByType = new Map<unknown, readonly FieldPlan[]>();
    return (value, run) => {
      if (value == null) return null;
      const name = resolveType(value, run.context, run.infoOf(this.#fields[place.slot] as FieldPlan), type);
      let fields = fieldsByType.get(name);
      if (!fields) {
        const found = typeof name === 'string' ? this.#parts.schema.getType(name) : undefined;
        if (!isObjectType(found) || !this.#parts.schema.isSubType(type, found)) throw new Irregular('no such type');
        fields = this.#fieldsBelow(found, place.nodes, root);
        fieldsByType.set(name, fields);
      }
      return run.completeObject(value, fields);
    };
  }

  /** A field that is reached by way of several types has the same fields below it: they are planned once. */
  #fieldsBelow(type: GraphQLObjectType, nodes: readonly FieldNode[], root: Root): readonly FieldPlan[] {
    const asked = [type.name, ...nodes.map((node) => this.#numberOf(node))].join();
    let fields = root.fieldsByAsked.get(asked);
    if (!fields) {
      const { schema, fragments, variables } = this.#parts;
      fields = this.#planFields(type, collectSubfields(schema, fragments, variables, type, nodes), root);
      root.fieldsByAsked.set(asked, fields);
    }
    return fields;
  }

  #numberOf(node: FieldNode): number {
    const number = this.#numberByNode.get(node) ?? this.#numberByNode.size;
    this.#numberByNode.set(node, number);
    return number;
  }
}

function planTypeName(place: Place): FieldPlan {
  const { name } = place.parentType;
  return { ...place, field: TypeNameMetaFieldDef, args: {}, resolve: () => name, complete: () => name };
}

/** Those of the language itself are looked at here, as they are nearly always right. */
function leafCompletion(type: GraphQLLeafType): Complete {
  const serialize = (value: unknown): unknown => {
    if (value == null) return null;
    if (value instanceof Error) throw value;
    const serialized: unknown = type.serialize(value);
    if (serialized == null) throw new Irregular('a value that cannot be told');
    return serialized;
  };
  if (type === GraphQLString || type === GraphQLID)
    return (value) => (typeof value === 'string' ? value : serialize(value));
  if (type === GraphQLBoolean) return (value) => (typeof value === 'boolean' ? value : serialize(value));
  if (type === GraphQLFloat) return (value) => (Number.isFinite(value) ? value : serialize(value));
  return serialize;
}

function isFixed({ arguments: given = [] }: FieldNode): boolean {
  let isFree = true;
  for (const argument of given)
    visit(argument, {
      Variable() {
        isFree = false;
        return BREAK;
      },
    });
  return isFree;
}

/** They are given to many requests, or to many events. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
