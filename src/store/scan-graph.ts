/**
 * Everything that memory holds, in pages found by id. A page by the index costs the same wherever it lies;
 * skipping or ordering would make a scan quadratic on one of the engines, and cursors are not the same on both.
 */
import type { Relationship } from '../domain/relationship.ts';
import type { Twin } from '../domain/twin.ts';
import type { Read } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphRow } from './graph-port.ts';
import { hasFreeProperties, toRelationship } from './relationship-record.ts';
import { toRequirements, toTwin } from './twin-record.ts';

const TWIN_IDS = statement('twins/ids');
const READ_TWINS = statement('twins/read');
const READ_REQUIREMENTS = statement('requirements/read');
const READ_RELATIONSHIPS = statement('relationships/read');
const READ_FREE = statement('relationships/read-free');

/** Twins of one page: memory holds two pages, and each page costs a round trip. */
const TWINS_PER_PAGE = 5_000;

export function scanTwins(read: Read): AsyncIterable<Twin[]> {
  return scanPages(read, async (ids) => {
    const [rows, requirements] = await Promise.all([read(READ_TWINS, { ids }), read(READ_REQUIREMENTS, { ids })]);
    const byTwin = toRequirements(requirements);
    return rows.map((row) => toTwin(row, byTwin.get(row[1] as string) ?? []));
  });
}

export function scanRelationships(read: Read): AsyncIterable<Relationship[]> {
  return scanPages(read, async (ids) => {
    const rows = await read(READ_RELATIONSHIPS, { ids });
    const sources = new Set(rows.filter(hasFreeProperties).map(([source]) => source));
    const free = sources.size === 0 ? [] : await read(READ_FREE, { ids: [...sources] });
    const valuesById = new Map(free.map(([id, values]) => [id, values as GraphRow]));
    return rows.flatMap((row) => toRelationship(row, valuesById.get(row[3] ?? null)) ?? []);
  });
}

/** The next page is read while its reader works on the one before. */
async function* scanPages<T>(read: Read, readPage: (ids: string[]) => Promise<T>): AsyncIterable<T> {
  const ids = (await read(TWIN_IDS, {})).map(([id]) => id as string);
  const pageAt = (start: number): Promise<T> | undefined => {
    if (start >= ids.length) return undefined;
    const page = readPage(ids.slice(start, start + TWINS_PER_PAGE));
    page.catch(() => undefined); // Heard when the page is asked for; its reader may have gone.
    return page;
  };
  let start = 0;
  for (let page = pageAt(start); page; ) {
    const ready = await page;
    start += TWINS_PER_PAGE;
    page = pageAt(start);
    yield ready;
  }
}
