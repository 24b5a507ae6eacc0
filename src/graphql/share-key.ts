/** Which subscriptions are the same: the text, the variables and what the caller may see. */
import { type FieldNode, Kind, type OperationDefinitionNode, type ValueNode } from 'graphql';
import type { Principal } from '../domain/principal.ts';

export interface LiveQuestion {
  readonly query: string;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly variables: { readonly [name: string]: unknown };
}

/** Each event answers by itself; an answer to impactChanged is told against the one before it. */
const SHARED_FIELDS: ReadonlySet<string> = new Set(['twinChanged', 'stateChanged', 'topologyChanged']);
/** Where a subscription begins is its own. */
const BEGINNINGS: ReadonlySet<string> = new Set(['after', 'from', 'snapshot']);

/** null: it begins at a place of its own, or its answers build on one another. */
export function shareKey(
  { query, operation, operationName, variables }: LiveQuestion,
  { role, scope }: Principal,
): string | null {
  const [field, ...others] = operation.selectionSet.selections;
  if (!field || field.kind !== Kind.FIELD || others.length > 0 || !SHARED_FIELDS.has(field.name.value)) return null;
  if (!beginsNow(field, operation, variables)) return null;
  return JSON.stringify([query, operationName, variables, role, scope]);
}

function beginsNow(
  field: FieldNode,
  operation: OperationDefinitionNode,
  variables: { readonly [name: string]: unknown },
): boolean {
  return (field.arguments ?? []).every(({ name, value }) => {
    if (!BEGINNINGS.has(name.value)) return true;
    const given = valueOf(value, operation, variables);
    return given === null || given === undefined || given === false;
  });
}

/** As far as it matters here: whether it is given. */
function valueOf(
  value: ValueNode,
  operation: OperationDefinitionNode,
  variables: { readonly [name: string]: unknown },
): unknown {
  if (value.kind === Kind.NULL) return null;
  if (value.kind === Kind.BOOLEAN) return value.value;
  if (value.kind !== Kind.VARIABLE) return true;
  const name = value.name.value;
  if (Object.hasOwn(variables, name)) return variables[name];
  const declared = operation.variableDefinitions?.find((each) => each.variable.name.value === name)?.defaultValue;
  return declared ? valueOf(declared, operation, {}) : undefined;
}
