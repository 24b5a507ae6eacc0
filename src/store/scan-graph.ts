/**
 * Everything that memory holds, in pages found by id. A page by the index costs the same wherever it lies;
 * skipping or ordering would make a scan quadratic on one of the engines, and cursors are not the same on both.
 */
import type { Relationship } from '../domain/relationship.ts';
import type { Twin } from '../domain/twin.ts';
import type { Read } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import { toRelationship } from './relationship-record.ts';
import { toRequirements, toTwin } from './twin-record.ts';

const TWIN_IDS = statement('twins/ids');
const READ_TWINS = statement('twins/read');
const READ_REQUIREMENTS = statement('requirements/read');
const READ_RELATIONSHIPS = statement('relationships/read');

/** Twins of one page: memory holds a page, and each page costs a round trip. */
const TWINS_PER_PAGE = 5_000;

export async function* scanTwins(read: Read): AsyncIterable<Twin[]> {
  for await (const ids of pagesOfIds(read)) {
    const [rows, requirements] = await Promise.all([read(READ_TWINS, { ids }), read(READ_REQUIREMENTS, { ids })]);
    const byTwin = toRequirements(requirements);
    yield rows.map((row) => toTwin(row, byTwin.get(row[1] as string) ?? []));
  }
}

export async function* scanRelationships(read: Read): AsyncIterable<Relationship[]> {
  for await (const ids of pagesOfIds(read)) {
    const rows = await read(READ_RELATIONSHIPS, { ids });
    yield rows.flatMap((row) => toRelationship(row) ?? []);
  }
}

async function* pagesOfIds(read: Read): AsyncIterable<string[]> {
  const ids = (await read(TWIN_IDS, {})).map(([id]) => id as string);
  for (let start = 0; start < ids.length; start += TWINS_PER_PAGE) yield ids.slice(start, start + TWINS_PER_PAGE);
}
