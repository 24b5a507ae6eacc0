/** An import into a running server: checked as far as that goes without the graph, then sent in pages. */
import type { ImportInput } from '../application/inputs.ts';
import { parseModel } from '../application/parse-model.ts';
import { parseRelationship } from '../application/parse-relationship.ts';
import { parseTwin } from '../application/parse-twin.ts';
import { type Fault, InputFaults } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';
import type { RelationshipType } from '../domain/relationship.ts';
import type { Ask } from './graphql-client.ts';

/** Items of one mutation: half of what the server takes. */
const ITEMS_PER_PAGE = 5_000;
/** Characters of one mutation: a fourth of the bytes that the server takes, as characters can be several bytes. */
const CHARACTERS_PER_PAGE = 4_000_000;

const MUTATIONS = {
  models: 'mutation ($items: [JSON!]!) { upsertModels(models: $items) { id } }',
  twins: 'mutation ($items: [TwinInput!]!) { upsertTwins(twins: $items) { id } }',
  relationships: 'mutation ($items: [RelationshipInput!]!) { upsertRelationships(relationships: $items) { id } }',
} as const;
const KINDS = ['models', 'twins', 'relationships'] as const;

/** @throws InputFaults with paths over the whole input; pages before the faulty one are in the graph then */
export async function importRemotely(
  ask: Ask,
  input: ImportInput,
  { dryRun, onProgress }: { dryRun: boolean; onProgress?: (done: number, total: number) => void },
): Promise<{ models: number; twins: number; relationships: number }> {
  await checkForm(ask, input);
  const counts = {
    models: input.models.length,
    twins: input.twins.length,
    relationships: input.relationships.length,
  };
  // Of references only the server knows, which would write at once.
  if (dryRun) return counts;
  const total = input.models.length + input.twins.length + input.relationships.length;
  let done = 0;
  for (const kind of KINDS) {
    for (const page of pagesOf(input[kind])) {
      try {
        await ask(MUTATIONS[kind], { items: page.items });
      } catch (error) {
        throw error instanceof InputFaults ? moveFaults(error, kind, page.start) : error;
      }
      done += page.items.length;
      onProgress?.(done, total);
    }
  }
  return counts;
}

/** All that is wrong in form, at once: page by page the first faulty page would hide the others, and leave half a graph. */
async function checkForm(ask: Ask, input: ImportInput): Promise<void> {
  const { relationshipTypes } = await ask<{ relationshipTypes: RelationshipType[] }>(
    '{ relationshipTypes { name impact mode description } }',
  );
  const typeByName = new Map(relationshipTypes.map((type) => [type.name, type]));
  const faults = new Faults();
  for (const [i, item] of input.models.entries()) {
    const model = parseModel(item, `models[${i}]`, faults);
    for (const type of model?.relationshipTypes ?? []) typeByName.set(type.name, type);
  }
  for (const [i, item] of input.twins.entries()) parseTwin(item, `twins[${i}]`, faults);
  for (const [i, item] of input.relationships.entries()) {
    parseRelationship(item, `relationships[${i}]`, typeByName, faults);
  }
  faults.throwIfAny();
}

function* pagesOf(items: readonly unknown[]): Generator<{ start: number; items: unknown[] }> {
  let page: unknown[] = [];
  let length = 0;
  for (const [index, item] of items.entries()) {
    const itemLength = JSON.stringify(item).length;
    if (page.length > 0 && (page.length === ITEMS_PER_PAGE || length + itemLength > CHARACTERS_PER_PAGE)) {
      yield { start: index - page.length, items: page };
      page = [];
      length = 0;
    }
    page.push(item);
    length += itemLength;
  }
  if (page.length > 0) yield { start: items.length - page.length, items: page };
}

/** Faults of a page, as faults of the whole. */
function moveFaults(error: InputFaults, kind: keyof typeof MUTATIONS, start: number): InputFaults {
  const move = (text: string): string =>
    text.replace(new RegExp(`^${kind}\\[(\\d+)\\]`), (_, index: string) => `${kind}[${Number(index) + start}]`);
  return new InputFaults(error.faults.map((fault): Fault => ({ at: move(fault.at), message: move(fault.message) })));
}
