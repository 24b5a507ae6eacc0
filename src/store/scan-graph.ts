/**
 * Everything that memory holds, in pages found by id. A page by the index costs the same wherever it lies;
 * skipping or ordering would make a scan quadratic on one of the engines, and cursors are not the same on both.
 */
import type { Relationship } from '../domain/relationship.ts';
import type { Requirement, Twin } from '../domain/twin.ts';
import type { Read } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphRow } from './graph-port.ts';
import { hasFreeProperties, toRelationship } from './relationship-record.ts';
import { SharedTexts } from './shared-texts.ts';
import { hasRequirements, idOfTwinRow, toRequirements, toTwin } from './twin-record.ts';

const TWIN_IDS = statement('twins/ids');
const READ_TWINS = statement('twins/read');
const READ_REQUIREMENTS = statement('requirements/read');
const READ_RELATIONSHIPS = statement('relationships/read');
const READ_FREE = statement('relationships/read-free');

/** Twins of one page: memory holds a few, and each costs a round trip. */
const TWINS_PER_PAGE = 5_000;
const NO_REQUIREMENTS: readonly Requirement[] = [];
/** Neo4j reads each on a connection of its own. */
const PAGES_AHEAD = 3;

export function scanTwins(read: Read): AsyncIterable<Twin[]> {
  const texts = new SharedTexts();
  return scanPages(read, null, async (ids) => {
    const rows = await read(READ_TWINS, { ids });
    const requiring = rows.filter(hasRequirements).map(idOfTwinRow);
    const requirements = toRequirements(
      requiring.length === 0 ? [] : await read(READ_REQUIREMENTS, { ids: requiring }),
    );
    return rows.map((row) => toTwin(row, requirements.get(idOfTwinRow(row)) ?? NO_REQUIREMENTS, texts));
  });
}

/** `sources`: twins that may have some; null: they are looked for. */
export function scanRelationships(read: Read, sources: readonly string[] | null): AsyncIterable<Relationship[]> {
  const texts = new SharedTexts();
  return scanPages(read, sources, async (ids) => {
    const rows = await read(READ_RELATIONSHIPS, { ids });
    const freeOf = new Set(rows.filter(hasFreeProperties).map(([source]) => source));
    const freeRows = freeOf.size === 0 ? [] : await read(READ_FREE, { ids: [...freeOf] });
    const valuesById = new Map(freeRows.map(([id, values]) => [id, values as GraphRow]));
    const relationships: Relationship[] = [];
    for (const row of rows) {
      const free = valuesById.size === 0 ? undefined : valuesById.get(row[3] ?? null);
      const relationship = toRelationship(row, free, texts);
      if (relationship) relationships.push(relationship);
    }
    return relationships;
  });
}

/** The next pages are read while their reader works on the one before. */
async function* scanPages<T>(
  read: Read,
  given: readonly string[] | null,
  readPage: (ids: string[]) => Promise<T>,
): AsyncIterable<T> {
  const ids = given ?? (await read(TWIN_IDS, {})).map(([id]) => id as string);
  const ahead: Promise<T>[] = [];
  let start = 0;
  const askAhead = (): void => {
    for (; ahead.length < PAGES_AHEAD && start < ids.length; start += TWINS_PER_PAGE) {
      const page = readPage(ids.slice(start, start + TWINS_PER_PAGE));
      page.catch(() => undefined); // Heard when the page is asked for; its reader may have gone.
      ahead.push(page);
    }
  };
  askAhead();
  for (let page = ahead.shift(); page; page = ahead.shift()) {
    askAhead();
    yield await page;
  }
}
