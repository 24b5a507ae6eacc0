/** Which properties of its rows a query asks a list of twins for, read from the query before the rows are answered. */
import {
  type FieldNode,
  getArgumentValues,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLInterfaceType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { PropertyNames } from './loaders.ts';

/**
 * Of the twins in the field that is resolved now; `path` leads to the twins from there (edges: ['node']).
 * undefined: none are asked for. null: all.
 */
export function askedProperties(info: GraphQLResolveInfo, path: readonly string[] = []): PropertyNames | undefined {
  let level: readonly FieldNode[] = info.fieldNodes;
  for (const name of path) level = fieldsOf(level, info).filter((field) => field.name.value === name);
  const { properties, property } = (info.schema.getType('Twin') as GraphQLInterfaceType).getFields();
  const names = new Set<string>();
  let isAsked = false;
  for (const field of fieldsOf(level, info)) {
    if (field.name.value === 'input') return null;
    if (field.name.value === 'property' && property) {
      isAsked = true;
      names.add(String(getArgumentValues(property, field, info.variableValues).name));
    } else if (field.name.value === 'properties' && properties) {
      isAsked = true;
      const given = getArgumentValues(properties, field, info.variableValues).names as string[] | null | undefined;
      if (given == null) return null;
      for (const name of given) names.add(name);
    }
  }
  return isAsked ? names : undefined;
}

/** The fields one level below, through fragments of any type. */
function fieldsOf(parents: readonly FieldNode[], info: GraphQLResolveInfo): FieldNode[] {
  const fields: FieldNode[] = [];
  const collect = (selectionSet: SelectionSetNode | undefined): void => {
    for (const selection of selectionSet?.selections ?? []) {
      if (!isIncluded(selection, info)) continue;
      if (selection.kind === Kind.FIELD) fields.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else collect(info.fragments[selection.name.value]?.selectionSet);
    }
  };
  for (const parent of parents) collect(parent.selectionSet);
  return fields;
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (!selection.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false;
}
