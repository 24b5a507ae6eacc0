import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LinchpinError } from '../../src/domain/errors.ts';
import { InputFaults } from '../../src/domain/errors.ts';
import { compareIds } from '../../src/topology/order.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let test1: TestApplication;
beforeEach(async () => {
  test1 = await openApplication();
});
afterEach(() => test1.close());

const faultsOf = async (promise: Promise<unknown>): Promise<string[]> => {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(InputFaults);
  return (error as InputFaults).faults.map((fault) => fault.at);
};

describe('upserting twins', () => {
  test('answers them as they are from then on, with defaults for what was not given', async () => {
    const { application } = test1;
    const [twin] = await application.upsertTwins([{ id: 'PR1', kind: 'PROCESS' }], NOBODY);
    expect(twin).toMatchObject({
      id: 'PR1',
      kind: 'PROCESS',
      name: 'PR1',
      criticality: 1,
      closed: true,
      revision: 1,
      connectivity: 'NEVER_SEEN',
    });
    expect(application.topology.twin('PR1')).toEqual(twin);
  });

  test('is all or nothing, and tells every fault with its place', async () => {
    const { application } = test1;
    const bad = application.upsertTwins(
      [
        { id: 'A', kind: 'ASSET' },
        { id: '', kind: 'THING' },
        { id: 'B', kind: 'ASSET', criticality: -1, requirements: [{ group: 'g', min: 3, full: 2 }] },
      ],
      NOBODY,
    );
    expect(await faultsOf(bad)).toEqual([
      'twins[1].id',
      'twins[1].kind',
      'twins[2].criticality',
      'twins[2].requirements[0].min',
    ]);
    expect(application.topology.twinCount).toBe(0);
  });

  test('changes only what is given, and nothing where nothing differs', async () => {
    const { application } = test1;
    await application.upsertTwins(
      [{ id: 'A', kind: 'ASSET', name: 'Pump', tags: ['x'], properties: { speed: 3 } }],
      NOBODY,
    );
    const sequence = application.sequence();
    const [same] = await application.upsertTwins(
      [{ id: 'A', kind: 'ASSET', name: 'Pump', properties: { speed: 3 } }],
      NOBODY,
    );
    expect([same?.revision, application.sequence()]).toEqual([1, sequence]);
    const [changed] = await application.upsertTwins([{ id: 'A', kind: 'ASSET', name: 'Pump 1' }], NOBODY);
    expect(changed).toMatchObject({ name: 'Pump 1', tags: ['x'], revision: 2 });
  });

  test('tells faults of form and of references at once, each once', async () => {
    const { application } = test1;
    const twins = [
      { id: 'A', kind: 'THING' },
      { id: ' ', kind: 'ASSET', name: '\t' },
      { id: 'B', kind: 'ASSET', model: 'none' },
    ];
    expect(await faultsOf(application.upsertTwins(twins, NOBODY))).toEqual([
      'twins[0].kind',
      'twins[1].id',
      'twins[1].name',
      'twins[2].model',
    ]);
    const relationships = [
      { type: 'FEEDS', source: '', target: 'nobody' },
      { type: 'LIKES', source: 'A', target: 'A' },
      { type: 'FEEDS', source: 'nobody', target: 'nobody else' },
    ];
    expect(await faultsOf(application.upsertRelationships(relationships, NOBODY))).toEqual([
      'relationships[0].source',
      'relationships[1].type',
      'relationships[2].source',
      'relationships[2].target',
    ]);
  });

  test('keeps a twin of one kind', async () => {
    const { application } = test1;
    await application.upsertTwins([{ id: 'A', kind: 'ASSET' }], NOBODY);
    expect(await faultsOf(application.upsertTwins([{ id: 'A', kind: 'SYSTEM' }], NOBODY))).toEqual(['twins[0].kind']);
  });

  test('takes ids and property names of any script and any prototype', async () => {
    const { application } = test1;
    const ids = [
      'a b/c',
      `"quoted" 'id' \`x\``,
      '水泵 1',
      'constructor',
      '__proto__',
      'x'.repeat(512),
      "'}) DETACH DELETE t //",
    ];
    const properties = JSON.parse(
      '{"id": 1, "constructor": "c", "__proto__": true, "name": "n", "température": 20.5, "set": 3}',
    );
    await application.upsertTwins(
      ids.map((id) => ({ id, kind: 'ASSET', properties })),
      NOBODY,
    );
    const stored = await application.properties(ids);
    for (const id of ids) {
      const values = [...(stored.get(id) ?? [])].map(([name, state]) => [name, state.value]);
      expect(values.toSorted(([a], [b]) => compareIds(String(a), String(b)))).toEqual([
        ['__proto__', true],
        ['constructor', 'c'],
        ['id', 1],
        ['name', 'n'],
        ['set', 3],
        ['température', 20.5],
      ]);
    }
    expect(application.topology.twinCount).toBe(ids.length);
  });
});

describe('patching a twin', () => {
  test('with an old revision is refused, and says the current one', async () => {
    const { application } = test1;
    await application.upsertTwins([{ id: 'A', kind: 'ASSET' }], NOBODY);
    await application.patchTwin('A', { name: 'first' }, { ...NOBODY, ifRevision: 1 });
    const error = await application
      .patchTwin('A', { name: 'second' }, { ...NOBODY, ifRevision: 1 })
      .catch((e: LinchpinError) => e);
    expect(error).toMatchObject({ code: 'CONFLICT', details: { revision: 2 } });
    expect(application.topology.twin('A')?.name).toBe('first');
  });

  test('removes a property that is given as null', async () => {
    const { application } = test1;
    await application.upsertTwins([{ id: 'A', kind: 'ASSET', properties: { a: 1, b: 'x' } }], NOBODY);
    await application.patchTwin('A', { properties: { a: null } }, NOBODY);
    expect([...((await application.properties(['A'])).get('A')?.keys() ?? [])]).toEqual(['b']);
  });

  test('takes an operator’s word back that is given as null', async () => {
    const { application } = test1;
    await application.upsertTwins([{ id: 'A', kind: 'ASSET', health: 'DOWN' }], NOBODY);
    expect(application.status('A').health).toBe('DOWN');
    await application.patchTwin('A', { health: null }, NOBODY);
    expect(application.status('A').health).toBe('OPERATIONAL');
  });

  test('of a twin that is not there says so', async () => {
    await expect(test1.application.patchTwin('nobody', { name: 'x' }, NOBODY)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('relationships', () => {
  const twins = ['A', 'B', 'C'].map((id) => ({ id, kind: 'SYSTEM' }));

  test('need both ends and a known type', async () => {
    const { application } = test1;
    await application.upsertTwins(twins, NOBODY);
    expect(
      await faultsOf(application.upsertRelationships([{ type: 'FEEDS', source: 'A', target: 'Z' }], NOBODY)),
    ).toEqual(['relationships[0].target']);
    expect(
      await faultsOf(application.upsertRelationships([{ type: 'LIKES', source: 'A', target: 'B' }], NOBODY)),
    ).toEqual(['relationships[0].type']);
  });

  test('given again without an id are the same ones, changed', async () => {
    const { application } = test1;
    await application.upsertTwins(twins, NOBODY);
    const [first] = await application.upsertRelationships(
      [{ type: 'FEEDS', source: 'A', target: 'B', medium: 'water' }],
      NOBODY,
    );
    const [second] = await application.upsertRelationships(
      [{ type: 'FEEDS', source: 'A', target: 'B', medium: 'water', share: 5 }],
      NOBODY,
    );
    expect(second).toMatchObject({ id: first?.id, share: 5, revision: 2 });
    expect(application.topology.relationshipCount).toBe(1);
  });

  test('of parts never go in a loop', async () => {
    const { application } = test1;
    await application.upsertTwins(twins, NOBODY);
    await application.upsertRelationships([{ type: 'PART_OF', source: 'A', target: 'B' }], NOBODY);
    const loop = application.upsertRelationships(
      [
        { type: 'PART_OF', source: 'C', target: 'A' },
        { type: 'PART_OF', source: 'B', target: 'C' },
      ],
      NOBODY,
    );
    expect(await faultsOf(loop)).toHaveLength(1);
    expect(application.topology.relationshipCount).toBe(1);
  });

  test('that are opened or closed change what is supplied, at once', async () => {
    const { application } = test1;
    await application.upsertTwins(
      [
        { id: 'S', kind: 'ASSET', conduction: [{ role: 'SOURCE' }] },
        { id: 'L', kind: 'ASSET', conduction: [{ role: 'CONSUMER' }] },
      ],
      NOBODY,
    );
    const cable = { type: 'CONNECTED_TO', source: 'S', target: 'L' };
    for (const [closed, state] of [
      [true, 'OPERATIONAL'],
      [false, 'DOWN'],
      [true, 'OPERATIONAL'],
    ] as const) {
      await application.upsertRelationships([{ ...cable, closed }], NOBODY);
      expect(application.status('L').state).toBe(state);
    }
  });

  test('go with their twin', async () => {
    const { application } = test1;
    await application.upsertTwins(twins, NOBODY);
    await application.upsertRelationships(
      [
        { type: 'FEEDS', source: 'A', target: 'B' },
        { type: 'FEEDS', source: 'B', target: 'C' },
      ],
      NOBODY,
    );
    await application.deleteTwin('B', NOBODY);
    expect([application.topology.twinCount, application.topology.relationshipCount]).toEqual([2, 0]);
    expect(application.status('C').state).toBe('OPERATIONAL');
  });
});

describe('models', () => {
  test('give their twins limits, media and types', async () => {
    const { application } = test1;
    await application.upsertModels(
      [
        {
          id: 'Machine',
          kind: 'ASSET',
          properties: [
            {
              name: 'temperature',
              schema: 'double',
              unit: 'degC',
              limits: [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN' }],
            },
          ],
        },
        {
          id: 'Pump',
          kind: 'ASSET',
          extends: ['Machine'],
          relationshipTypes: [{ name: 'COOLS', impact: 'SOURCE_TO_TARGET', mode: 'SUSTAIN' }],
        },
      ],
      NOBODY,
    );
    await application.upsertTwins(
      [
        { id: 'P', kind: 'ASSET', model: 'Pump', properties: { temperature: 95 } },
        { id: 'Q', kind: 'ASSET' },
      ],
      NOBODY,
    );
    await application.upsertRelationships([{ type: 'COOLS', source: 'P', target: 'Q' }], NOBODY);
    expect(application.status('Q').state).toBe('DOWN');
    expect(application.causes('Q', 10)).toEqual(['P']);
  });

  test('whose limits change judge their twins anew', async () => {
    const { application } = test1;
    const model = (threshold: number): object => ({
      id: 'M',
      kind: 'ASSET',
      properties: [{ name: 't', schema: 'double', limits: [{ comparison: 'ABOVE', threshold, state: 'DOWN' }] }],
    });
    await application.upsertTwins([{ id: 'A', kind: 'ASSET', properties: { t: 50 } }], NOBODY);
    await application.upsertModels([model(90)], NOBODY);
    await application.patchTwin('A', { model: 'M' }, NOBODY);
    expect(application.status('A').health).toBe('OPERATIONAL');
    await application.upsertModels([model(40)], NOBODY);
    expect(application.status('A').health).toBe('DOWN');
  });

  test('do not inherit from themselves', async () => {
    const loop = [
      { id: 'A', kind: 'ASSET', extends: ['B'] },
      { id: 'B', kind: 'ASSET', extends: ['A'] },
    ];
    expect(await faultsOf(test1.application.upsertModels(loop, NOBODY))).toEqual([
      'models[0].extends[0]',
      'models[1].extends[0]',
    ]);
  });
});
