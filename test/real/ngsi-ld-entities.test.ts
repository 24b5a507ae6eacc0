/** Entities of a context broker's own tests and of the smart data models, in a notification. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DialectProbe } from '../support/dialect-probe.ts';
import { dataPath, describeWithData, hasData } from '../support/real-data.ts';

interface Entity {
  readonly id: string;
  readonly type: string;
}

function filesOf(...parts: string[]): string[] {
  if (!hasData('ngsi-ld')) return [];
  const folder = dataPath('ngsi-ld', ...parts);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.json(ld)?$/.test(name))
    .map((name) => join(folder, name));
}

/** Those of entities; others are subscriptions, fragments, and what is wrong on purpose. */
function entitiesIn(file: string): Entity[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  return (Array.isArray(content) ? content : [content]).filter(
    (one: Partial<Entity> | null) => typeof one?.id === 'string' && typeof one.type === 'string',
  ) as Entity[];
}

function tell(...data: Entity[]) {
  const probe = new DialectProbe({ dialect: 'ngsi-ld' });
  return probe.tellAll('ngsi-ld/x', {
    metadata: {},
    body: { type: 'Notification', notifiedAt: '2026-02-01T00:00:00Z', data },
  });
}

describeWithData('NGSI-LD entities', 'ngsi-ld', () => {
  it('of a broker are told with every attribute that they have', () => {
    const [entity] = entitiesIn(dataPath('ngsi-ld', 'stellio', 'entity_with_all_attributes_2.jsonld'));
    const told = tell(entity as Entity);
    expect(told.refusals).toEqual([]);
    const own = new Set(['id', 'type', 'scope', '@context']);
    const attributes = Object.keys(entity as object).filter((key) => !own.has(key));
    const names = new Set(told.readings.map(({ property }) => property.split('.')[0]));
    expect(names).toEqual(new Set(attributes));
    const valueOf = (name: string): unknown => told.readings.find(({ property }) => property === name)?.value;
    expect(valueOf('float')).toBe(44.75);
    expect(valueOf('multiInstanceProperty.urn:ngsi-ld:Dataset:03')).toBe(93);
    expect(valueOf('localizedName')).toEqual({ en: 'Bee Hive Two', es: 'Colmena Dos' });
    expect(valueOf('relationship')).toBe('urn:ngsi-ld:AnotherEntity:02');
    expect(told.readings.find(({ property }) => property === 'observedProperty')?.observedAt).toBe(
      Date.parse('2023-02-25T12:02:06Z'),
    );
    expect(told.readings.find(({ property }) => property === 'propertyWithMetadata')?.unit).toBe('MTR');
  });

  it('of a water network tell simplified what they tell normalized', () => {
    const folder = dataPath('ngsi-ld', 'epanet', 'Junction', 'examples');
    const [normalized] = entitiesIn(join(folder, 'example-normalized.jsonld'));
    const [simplified] = entitiesIn(join(folder, 'example.jsonld'));
    const [long, short] = [tell(normalized as Entity), tell(simplified as Entity)];
    const namesOf = (told: typeof long): string[] => told.readings.map(({ property }) => property).toSorted();
    expect(namesOf(long)).toEqual(expect.arrayContaining(namesOf(short)));
    expect(long.readings.find(({ property }) => property === 'elevation')).toMatchObject({ value: 105.8, unit: 'MTR' });
  });

  it('of all files are told without a fault of the message', () => {
    const files = [...filesOf('stellio'), ...filesOf('epanet')];
    const entities = files.flatMap(entitiesIn);
    expect(entities.length).toBeGreaterThan(50);
    let readings = 0;
    for (const entity of entities) readings += tell(entity).readings.length;
    expect(readings).toBeGreaterThan(entities.length);
  });
});
