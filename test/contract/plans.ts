/** How the engines would run each statement: by index wherever one serves. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { statement } from '../../src/store/cypher-statements.ts';

/** Statements that want all nodes of a label: loading a graph, and conditions on properties of any name. */
const MAY_SCAN: ReadonlySet<string> = new Set([
  'twins/ids',
  'twins/where',
  'twins/desired',
  'models/read',
  'models/read-properties',
  'models/read-types',
]);

const ROOT = new URL('../../', import.meta.url).pathname;

/** Names of all statements, by folder. */
export function statementNames(): string[] {
  return readdirSync(join(ROOT, 'cypher'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.cypher'))
    .map((path) => path.slice(0, -'.cypher'.length));
}

export interface PlannedStatement {
  readonly name: string;
  readonly text: string;
  readonly mayScan: boolean;
  /** Every parameter, as an empty list: plans are made without looking at values. */
  readonly parameters: { readonly [name: string]: unknown };
}

/** All but the schema's numbered ones, which are not planned. */
export function plannedStatements(): PlannedStatement[] {
  return statementNames()
    .filter((name) => !/^schema\/\d/.test(name))
    .map((name) => {
      const text = statement(name).replaceAll('__TYPE__', 'FEEDS').replaceAll('__KIND__', 'Asset');
      const parameters = Object.fromEntries([...text.matchAll(/\$(\w+)/g)].map((match) => [match[1] as string, []]));
      return { name, text, mayScan: MAY_SCAN.has(name), parameters };
    });
}
