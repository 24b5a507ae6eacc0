/**
 * Writes the whole graph in the native format: models, twins, relationships, each ordered by id, so that two exports of one
 * graph are the same text. Imported into an empty graph it gives the same graph; what only the past made (times, qualities,
 * revisions, connectivity, maintenance) is not in it.
 */
import type { Application } from '../application/application.ts';
import { toNativeLine } from './native.ts';
import { relationshipToInput, twinToInput } from './to-input.ts';

/** Twins whose properties are read by one statement. */
const TWINS_PER_PAGE = 1_000;

/** The text in pieces. Twins that are deleted meanwhile are left out, with their relationships. */
export async function* exportGraph(
  application: Pick<Application, 'models' | 'topology' | 'properties'>,
): AsyncGenerator<string> {
  const byId = (a: string, b: string): number => (a < b ? -1 : 1);
  const models = application.models().toSorted((a, b) => byId(a.id, b.id));
  yield models.map((model) => toNativeLine('model', model.definition)).join('');

  const { topology } = application;
  const ids = [...topology.nodes()].map((node) => node.twin.id).toSorted(byId);
  const written = new Set<string>();
  for (let start = 0; start < ids.length; start += TWINS_PER_PAGE) {
    const page = ids.slice(start, start + TWINS_PER_PAGE);
    const propertiesByTwin = await application.properties(page);
    let text = '';
    for (const id of page) {
      const twin = topology.twin(id);
      if (!twin) continue;
      written.add(id);
      text += toNativeLine('twin', twinToInput(twin, propertiesByTwin.get(id) ?? new Map()));
    }
    yield text;
  }

  const relationships = [...topology.links()].map((link) => link.relationship).toSorted((a, b) => byId(a.id, b.id));
  for (let start = 0; start < relationships.length; start += TWINS_PER_PAGE) {
    const page = relationships.slice(start, start + TWINS_PER_PAGE);
    const whole = page.filter(({ source, target }) => written.has(source) && written.has(target));
    yield whole.map((relationship) => toNativeLine('relationship', relationshipToInput(relationship))).join('');
  }
}
