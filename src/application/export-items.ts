/**
 * The whole graph as items that an import takes: models, twins, relationships, each ordered by id, so that two exports of one
 * graph are the same. Imported into an empty graph they give the same graph; what only the past made (times, qualities,
 * revisions, connectivity, maintenance) is not in them.
 */
import type { PropertyState, PropertyValue } from '../domain/property.ts';
import type { Application } from './application.ts';
import type { RelationshipInput, TwinInput } from './inputs.ts';
import { relationshipToInput, twinToInput } from './to-input.ts';

export type ExportItem =
  | { readonly model: PropertyValue }
  | { readonly twin: TwinInput }
  | { readonly relationship: RelationshipInput };

/** Twins whose properties are read by one statement. */
const ITEMS_PER_PAGE = 1_000;

/** In pages. Twins that are deleted meanwhile are left out, with their relationships. */
export async function* exportItems(
  application: Pick<Application, 'models' | 'topology' | 'properties'>,
): AsyncGenerator<ExportItem[]> {
  const byId = (a: string, b: string): number => (a < b ? -1 : 1);
  const models = application.models().toSorted((a, b) => byId(a.id, b.id));
  yield models.map((model) => ({ model: model.definition }));

  const { topology } = application;
  const ids = [...topology.nodes()].map((node) => node.twin.id).toSorted(byId);
  const written = new Set<string>();
  for (let start = 0; start < ids.length; start += ITEMS_PER_PAGE) {
    const page = ids.slice(start, start + ITEMS_PER_PAGE);
    const propertiesByTwin = await application.properties(page);
    const items: ExportItem[] = [];
    for (const id of page) {
      const twin = topology.twin(id);
      if (!twin) continue;
      written.add(id);
      const states = propertiesByTwin.get(id) ?? new Map<string, PropertyState>();
      const properties = Array.from(states, ([name, state]) => ({ name, ...state }));
      items.push({ twin: twinToInput(twin, properties) });
    }
    yield items;
  }

  const relationships = [...topology.links()].map((link) => link.relationship).toSorted((a, b) => byId(a.id, b.id));
  const whole = relationships.filter(({ source, target }) => written.has(source) && written.has(target));
  for (let start = 0; start < whole.length; start += ITEMS_PER_PAGE) {
    const page = whole.slice(start, start + ITEMS_PER_PAGE);
    yield page.map((relationship) => ({ relationship: relationshipToInput(relationship) }));
  }
}
