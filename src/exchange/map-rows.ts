/** Applies a mapping's rules to the rows of one file: each rule that fits a row makes a twin, or relationships, of it. */
import { basename } from 'node:path';
import { describeValue, LinchpinError } from '../domain/errors.ts';
import type { GraphReading } from './graph-reading.ts';
import type { Mapping, NodeRule, RelationshipRule, ValueSource } from './mapping.ts';
import { fitsConditions, type Row, RowValues } from './row.ts';

/**
 * Reads the rows of one file into a reading.
 * @throws LinchpinError BAD_INPUT when no rule is for the file: leaving a whole file out is never meant
 */
export function createRowMapper(mapping: Mapping, file: string): (reading: GraphReading, row: Row) => void {
  const isForFile = (rule: { file?: string | undefined }): boolean =>
    rule.file === undefined || matchesName(rule.file, basename(file));
  const nodeRules = mapping.nodes.filter(isForFile);
  const relationshipRules = mapping.relationships.filter(isForFile);
  if (nodeRules.length + relationshipRules.length === 0) {
    throw new LinchpinError('BAD_INPUT', `${file}: no rule of the mapping is for this file`, { at: file });
  }
  return (reading, row) => {
    let isUsed = false;
    for (const rule of nodeRules) {
      if (!fitsConditions(row, rule.when)) continue;
      isUsed = true;
      addTwin(reading, row, rule);
    }
    for (const rule of relationshipRules) {
      if (!fitsConditions(row, rule.when)) continue;
      isUsed = true;
      addRelationships(reading, row, rule);
    }
    if (!isUsed) reading.unmatchedRows++;
  };
}

function matchesName(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

function addTwin(reading: GraphReading, row: Row, rule: NodeRule): void {
  const values = new RowValues(row, (message) => reading.fault(row.line, message));
  const id = values.required('id', rule.id);
  const kind = values.required('kind', rule.kind);
  const conduction = rule.conduction?.flatMap((entry) => {
    const role = values.text('conduction.role', entry.role);
    return role === undefined ? [] : [{ medium: values.text('conduction.medium', entry.medium), role }];
  });
  const twin = withoutAbsent({
    id,
    kind,
    name: values.text('name', rule.name),
    description: values.text('description', rule.description),
    model: values.text('model', rule.model),
    tags: values.texts('tags', rule.tags, false),
    criticality: values.value('criticality', rule.criticality),
    health: values.text('health', rule.health),
    closed: values.value('closed', rule.closed),
    conduction: conduction?.length === 0 ? undefined : conduction,
    requirements: values.value('requirements', rule.requirements),
    properties: takeProperties(values, rule),
  });
  if (values.isFaulty) reading.noteUnread(id);
  else reading.add('twins', twin, row.line);
}

function addRelationships(reading: GraphReading, row: Row, rule: RelationshipRule): void {
  const values = new RowValues(row, (message) => reading.fault(row.line, message));
  const type = values.required('type', rule.type);
  const sources = values.texts('source', rule.source, true);
  // A row that may hold any number of targets may hold none.
  const targets = values.texts('target', rule.target, !isList(rule.target));
  const id = values.text('id', rule.id);
  const isSwapped = values.value('swap', rule.swap) === true;
  const common = withoutAbsent({
    medium: values.text('medium', rule.medium),
    group: values.text('group', rule.group),
    share: values.value('share', rule.share),
    standbyDelay: values.text('standbyDelay', rule.standbyDelay),
    closed: values.value('closed', rule.closed),
    oneWay: values.value('oneWay', rule.oneWay),
    properties: takeProperties(values, rule),
  });
  if (values.isFaulty) {
    reading.unread.relationships += (sources?.length ?? 1) * (targets?.length ?? 1);
    return;
  }
  if (type === undefined || sources === undefined || targets === undefined) return;
  const isOne = sources.length * targets.length === 1 && !isList(rule.target) && !isList(rule.source);
  for (const source of sources) {
    for (const target of targets) {
      const ends = isSwapped ? { source: target, target: source } : { source, target };
      const own = id === undefined ? {} : { id: isOne ? id : `${id}/${source}/${target}` };
      reading.add('relationships', { ...own, type, ...ends, ...common }, row.line);
    }
  }
}

function isList(source: ValueSource): boolean {
  return typeof source === 'object' && 'separator' in source && source.separator !== undefined;
}

function takeProperties(values: RowValues, rule: NodeRule | RelationshipRule): Record<string, unknown> | undefined {
  const { properties } = rule;
  if (properties === undefined) return undefined;
  if (typeof properties === 'object') {
    const named = Object.entries(properties);
    return withoutAbsent(
      Object.fromEntries(named.map(([name, source]) => [name, values.value(`properties.${name}`, source)])),
    );
  }
  if (properties === '*') {
    const used = usedColumns(rule);
    const rest = values.row.keys.filter((key) => !used.has(key));
    return withoutAbsent(Object.fromEntries(rest.map((key) => [key, values.value(`properties.${key}`, key)])));
  }
  const object = values.row.get(properties);
  if (object === undefined) return undefined;
  if (typeof object === 'object' && !Array.isArray(object)) return withoutAbsent(object as Record<string, unknown>);
  values.fault(`properties: expected an object at ${describeValue(properties)}, got ${describeValue(object)}`);
  return undefined;
}

/** Columns, or first keys of paths, that other fields of the rule take their values from. */
function usedColumns(rule: NodeRule | RelationshipRule): Set<string> {
  const paths: string[] = Object.keys(rule.when ?? {});
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (typeof value === 'string') paths.push(value);
    else if (typeof value === 'object' && value !== null) {
      if ('from' in value) visit(value.from);
      else if ('template' in value)
        for (const match of String(value.template).matchAll(/\{([^{}]+)\}/g)) visit(match[1]);
      else if (!('constant' in value)) for (const one of Object.values(value)) visit(one);
    }
  };
  const { file: _file, when: _when, properties: _properties, ...fields } = rule;
  visit(Object.values(fields));
  return new Set(paths.flatMap((path) => [path, path.split('.')[0] ?? path]));
}

/** Built from entries, so that a column called __proto__ is a key like any other. */
function withoutAbsent(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
