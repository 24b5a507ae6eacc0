/**
 * Queries and events are answered by plans, at both doors: a list takes a fraction of graphql-js's time. A plan knows
 * only answers without errors. Whatever else happens, an error, a null where none may be, a query that it does not
 * know, ends the attempt, and graphql-js answers from the beginning: reading again changes nothing. So errors, their
 * paths and codes, and what becomes null with them are those of graphql-js.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getVariableValues,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { RequestContext } from './context.ts';
import { type Args, type FieldPlan, freeze, Irregular, type PlanRun, QueryPlan } from './query-plan.ts';

export interface PlannedQuestion {
  /** Valid. */
  readonly document: DocumentNode;
  /** One of its operations. */
  readonly operation: OperationDefinitionNode;
  /** As they came. */
  readonly variables: { readonly [name: string]: unknown };
}

/** An answer, by the event where it is to one; null: graphql-js is to answer. */
export type AnswerByPlan = (
  context: RequestContext,
  event?: unknown,
) => Promise<{ readonly data: Record<string, unknown> } | null>;

/** null: graphql-js is to answer. */
export type PlanAnswers = (question: PlannedQuestion) => AnswerByPlan | null;

/** Plans of one operation that differ in what `@skip` and `@include` leave; more combinations are not planned. */
const PLANS_PER_OPERATION = 16;

/** Plans last as long as the operation that they are of is kept by whoever parsed it. */
export function createPlannedQueries(schema: GraphQLSchema): PlanAnswers {
  const plansByOperation = new WeakMap<OperationDefinitionNode, PlansOfOperation>();
  return ({ document, operation, variables: given }) => {
    if (operation.operation === OperationTypeNode.MUTATION) return null;
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 1 });
    if (!coerced) return null;
    let plans = plansByOperation.get(operation);
    if (!plans) plansByOperation.set(operation, (plans = new PlansOfOperation(schema, document, operation)));
    const plan = plans.planFor(coerced);
    if (!plan) return null;
    const parts = { plan, plans, variables: coerced, args: [] };
    return async (context, event) => {
      try {
        return { data: await new Run(parts, context, event).answer() };
      } catch {
        return null;
      }
    };
  };
}

class PlansOfOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  /** Variables that decide which fields there are. */
  readonly #deciding = new Set<string>();
  readonly #planByDecision = new Map<string, QueryPlan | null>();

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.schema = schema;
    this.operation = operation;
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments[definition.name.value] = definition;
    visit(document, {
      Directive: ({ arguments: given = [] }) => {
        for (const { value } of given) if (value.kind === Kind.VARIABLE) this.#deciding.add(value.name.value);
      },
    });
  }

  planFor(variables: Args): QueryPlan | null {
    const decision = [...this.#deciding].map((name) => String(variables[name])).join();
    let plan = this.#planByDecision.get(decision);
    if (plan === undefined && this.#planByDecision.size < PLANS_PER_OPERATION) {
      plan = this.#plan(variables);
      this.#planByDecision.set(decision, plan);
    }
    return plan ?? null;
  }

  #plan(given: Args): QueryPlan | null {
    const { schema, operation, fragments } = this;
    // Not the others, which would be kept with the plan.
    const variables: Args = {};
    for (const name of this.#deciding) if (Object.hasOwn(given, name)) variables[name] = given[name];
    try {
      return new QueryPlan({ schema, operation, fragments, variables });
    } catch {
      return null;
    }
  }
}

interface RunParts {
  readonly plan: QueryPlan;
  readonly plans: PlansOfOperation;
  readonly variables: Args;
  /** By slot, those that depend on variables. */
  readonly args: Args[];
}

class Run implements PlanRun {
  readonly context: RequestContext;
  readonly #parts: RunParts;
  readonly #event: unknown;
  /** By slot: the same for all rows. */
  readonly #infos: GraphQLResolveInfo[] = [];
  /** Promises whose values have no place in the answer yet. */
  #waiting = 0;
  #isOver = false;
  #settle: { resolve(): void; reject(error: unknown): void } | undefined;

  constructor(parts: RunParts, context: RequestContext, event: unknown) {
    this.#parts = parts;
    this.context = context;
    this.#event = event;
  }

  async answer(): Promise<Record<string, unknown>> {
    try {
      const data = this.completeObject(this.#event, this.#parts.plan.root);
      if (this.#waiting > 0)
        await new Promise<void>((resolve, reject) => {
          this.#settle = { resolve, reject };
        });
      return data;
    } finally {
      this.#isOver = true;
    }
  }

  completeObject(source: unknown, fields: readonly FieldPlan[]): Record<string, unknown> {
    if (source instanceof Error) throw source;
    const answer: Record<string, unknown> = {};
    for (const field of fields) {
      const { key, resolve, complete } = field;
      const value = resolve
        ? resolve(source, field.args ?? this.#argsOf(field), this.context, this.infoOf(field))
        : propertyOf(source, field.field.name);
      if (isPromise(value)) {
        answer[key] = null; // Holds its place among the others.
        this.#wait(value, (settled) => {
          answer[key] = complete(settled, this);
        });
      } else answer[key] = complete(value, this);
    }
    return answer;
  }

  completeList(values: unknown, complete: FieldPlan['complete']): unknown[] {
    if (!Array.isArray(values)) return this.completeList(listOf(values), complete);
    const answer: unknown[] = [];
    for (const [i, value] of values.entries()) {
      if (isPromise(value)) {
        answer.push(null);
        this.#wait(value, (settled) => {
          answer[i] = complete(settled, this);
        });
      } else answer.push(complete(value, this));
    }
    return answer;
  }

  /** As graphql-js has it, but for the path, which names the field of the operation alone: rows share it. */
  infoOf(field: FieldPlan): GraphQLResolveInfo {
    return (this.#infos[field.slot] ??= {
      fieldName: field.field.name,
      fieldNodes: field.nodes,
      returnType: field.field.type,
      parentType: field.parentType,
      path: { prev: undefined, key: field.rootKey, typename: this.#parts.plan.rootType },
      schema: this.#parts.plans.schema,
      fragments: this.#parts.plans.fragments,
      rootValue: this.#event,
      operation: this.#parts.plans.operation,
      variableValues: this.#parts.variables,
    });
  }

  #argsOf({ slot, field, nodes }: FieldPlan): Args {
    const { args, variables } = this.#parts;
    return (args[slot] ??= freeze(getArgumentValues(field, nodes[0] as (typeof nodes)[0], variables)));
  }

  #wait(promise: PromiseLike<unknown>, fill: (value: unknown) => void): void {
    this.#waiting += 1;
    Promise.resolve(promise)
      .then((value) => {
        if (this.#isOver) return;
        fill(value);
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#settle?.resolve();
      })
      .catch((error: unknown) => this.#settle?.reject(error));
  }
}

function propertyOf(source: unknown, name: string): unknown {
  const value = typeof source === 'object' ? (source as Record<string, unknown> | null)?.[name] : undefined;
  if (typeof value === 'function') throw new Irregular('a property that is asked for its value');
  return value;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** @throws Irregular for a text, or what is no list */
function listOf(values: unknown): unknown[] {
  if (values instanceof Error) throw values;
  if (typeof values !== 'object' || values === null || !(Symbol.iterator in values)) throw new Irregular('no list');
  return [...(values as Iterable<unknown>)];
}
