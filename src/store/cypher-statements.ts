/** The statements of cypher/, one a file, by name. The folder stands beside src/ and dist/ alike. */
import { readdirSync, readFileSync } from 'node:fs';
import { LinchpinError } from '../domain/errors.ts';

const FOLDER = new URL('../../cypher/', import.meta.url);

/**
 * Begins a line that only Neo4j reads, a hint: right after a graph was filled, and until its index statistics follow,
 * Neo4j takes a scan of the index to be free, and keeps that plan. Grafeo knows no hints.
 */
const ONLY_NEO4J = '//neo4j ';

/** Names of the texts that were handed out, for those who tell what ran. */
const nameByText = new Map<string, string>();

/** The file of a statement, such as `twins/read`. */
export function nameOf(text: string): string {
  return nameByText.get(text) ?? 'statement';
}

/** The text of cypher/NAME.cypher, without its comments but with Neo4j's lines, which are comments to others. */
export function statement(name: string): string {
  const file = readFileSync(new URL(`${name}.cypher`, FOLDER), 'utf8');
  const text = file
    .split('\n')
    .filter((line) => !line.startsWith('//') || line.startsWith(ONLY_NEO4J))
    .join('\n')
    .trim();
  nameByText.set(text, name);
  return text;
}

/** The text as Neo4j reads it. */
export function withHints(text: string): string {
  return text.replaceAll(ONLY_NEO4J, '');
}

const NAME_IN_TEXT = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * A relationship's type in place of __TYPE__: names cannot be parameters in Cypher, and nothing else may enter a text.
 * Whether a model declares the type is for the caller to know; here it is kept from being anything but a name.
 */
export function withType(text: string, type: string): string {
  if (!NAME_IN_TEXT.test(type)) {
    throw new LinchpinError('BAD_INPUT', `a relationship type is 1 to 64 of A-Z, 0-9 and _, and begins with a letter`, {
      expected: String(NAME_IN_TEXT),
    });
  }
  return fill(text, '__TYPE__', type);
}

/** A twin's kind as a label, from the closed list in twin-record.ts, in place of __KIND__. */
export function withLabel(text: string, label: 'Asset' | 'Process' | 'System'): string {
  return fill(text, '__KIND__', label);
}

function fill(text: string, place: string, name: string): string {
  const filled = text.replaceAll(place, name);
  nameByText.set(filled, nameOf(text));
  return filled;
}

/** The numbered statements that make a graph's schema, in order. */
export function schemaStatements(): { readonly version: number; readonly text: string }[] {
  return readdirSync(new URL('schema/', FOLDER))
    .flatMap((file) => {
      const match = /^(\d{3})-.*\.cypher$/.exec(file);
      return match
        ? [{ version: Number(match[1]), text: statement(`schema/${file.slice(0, -'.cypher'.length)}`) }]
        : [];
    })
    .toSorted((a, b) => a.version - b.version);
}
