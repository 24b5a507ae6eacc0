/** Twins, relationships and models come back from the graph as they went in. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TwinStore } from '../../src/application/twin-store.ts';
import type { Model } from '../../src/domain/model.ts';
import {
  allRelationships,
  allTwins,
  aRelationship,
  aState,
  aTwin,
  changed,
  commit,
  created,
  deleted,
  type EngineUnderTest,
  modelCreated,
  propertiesOf,
  relationshipCreated,
} from './store-under-test.ts';

const RICH = aTwin('rich', {
  kind: 'PROCESS',
  description: 'line 1\nline 2 "quoted" \\ ü 温度',
  model: 'pump',
  tags: ['one', 'two'],
  criticality: 2.5,
  closed: false,
  switches: true,
  conduction: [
    { medium: null, role: 'CONDUCTOR' },
    { medium: 'power', role: 'SOURCE' },
  ],
  requirements: [
    { group: 'power', mode: null, medium: 'power', min: 1, full: 2, soft: true, holdUpMs: 90_000, stateOfCharge: 0.25 },
    {
      group: 'control',
      mode: 'SUSTAIN',
      medium: null,
      min: null,
      full: null,
      soft: false,
      holdUpMs: 0,
      stateOfCharge: 1,
    },
  ],
  reportedHealth: 'DEGRADED',
  measuredHealth: 'UNKNOWN',
  maintenance: { until: null, reason: 'bearing' },
  connectivity: 'ONLINE',
  lastSeen: 1_700_000_000_123,
  revision: 7,
  createdAt: 1_600_000_000_000,
  updatedAt: 1_700_000_000_456,
});

const PUMP: Model = {
  id: 'pump',
  kind: 'ASSET',
  name: 'Pump',
  extends: ['machine', 'thing'],
  properties: [
    {
      name: 'temperature',
      schema: 'double',
      unit: 'Cel',
      writable: false,
      staleAfterMs: 60_000,
      limits: [
        { comparison: 'ABOVE', threshold: 80, state: 'DEGRADED', deadband: 2, delayMs: 0 },
        { comparison: 'ABOVE', threshold: 95.5, state: 'DOWN', deadband: 0, delayMs: 5_000 },
      ],
      history: { deadband: 0.5, maxIntervalMs: 600_000 },
    },
    {
      name: 'constructor',
      schema: 'list<string>',
      unit: null,
      writable: true,
      staleAfterMs: null,
      limits: [],
      history: null,
    },
  ],
  relationshipTypes: [
    { name: 'COOLS', impact: 'SOURCE_TO_TARGET', mode: 'SUPPLY', soft: true, description: 'takes heat away' },
    { name: 'SEES', impact: 'NONE', mode: null, soft: false, description: null },
  ],
  conduction: [{ medium: null, role: 'CONSUMER' }],
  definition: { '@id': 'pump', nested: { list: [1, [2], {}], nothing: null } },
  revision: 3,
};

export function describeTwins(engine: EngineUnderTest): void {
  describe('twins', () => {
    let store: TwinStore;
    beforeEach(async () => {
      store = await engine.open();
    });

    it('come back whole, bare and rich, also when the graph is opened again', async () => {
      const bare = aTwin('bare');
      const system = aTwin('system', { kind: 'SYSTEM' });
      await commit(store, { twins: [created(bare), created(RICH), created(system)] });
      const expected = new Map([bare, RICH, system].map((twin) => [twin.id, twin]));
      expect(await allTwins(store)).toEqual(expected);
      expect(await allTwins(await engine.reopen())).toEqual(expected);
    });

    it('change in the fields that are given, and in no other', async () => {
      await commit(store, { twins: [created(RICH, { pressure: aState(3) })] });
      const after = {
        name: 'new',
        description: null,
        tags: [],
        closed: true,
        maintenance: null,
        conduction: [],
        requirements: [],
        revision: 8,
        updatedAt: 9,
      };
      await commit(store, { twins: [changed('rich', RICH, after)] });
      expect((await allTwins(store)).get('rich')).toEqual({ ...RICH, ...after });
      expect(await propertiesOf(store, 'rich')).toEqual(new Map([['pressure', aState(3)]]));
    });

    it('change requirement groups as a whole', async () => {
      await commit(store, { twins: [created(RICH)] });
      const requirements = [...RICH.requirements].toReversed();
      await commit(store, { twins: [changed('rich', RICH, { requirements, revision: 8 })] });
      expect((await allTwins(store)).get('rich')?.requirements).toEqual(requirements);
    });

    it('change their kind', async () => {
      await commit(store, { twins: [created(RICH)] });
      await commit(store, { twins: [changed('rich', { kind: 'PROCESS' }, { kind: 'SYSTEM' })] });
      expect((await allTwins(store)).get('rich')).toEqual({ ...RICH, kind: 'SYSTEM' });
    });

    it('go with their properties, requirement groups and relationships', async () => {
      const other = aTwin('other');
      await commit(store, {
        twins: [created(RICH, { pressure: aState(3) }), created(other)],
        relationships: [relationshipCreated(aRelationship('r', 'rich', 'other'))],
      });
      await commit(store, { twins: [deleted(RICH)] });
      expect(await allTwins(store)).toEqual(new Map([['other', other]]));
      expect(await allRelationships(store)).toEqual(new Map());
      expect(await store.properties(['rich'])).toEqual(new Map());
      await commit(store, { twins: [created(aTwin('rich'))] });
      expect((await allTwins(store)).get('rich')).toEqual(aTwin('rich'));
    });

    it('that exist already are refused whole: nothing of the commit stays', async () => {
      await commit(store, { twins: [created(aTwin('a'))] });
      await expect(commit(store, { twins: [created(aTwin('b')), created(aTwin('a'))] })).rejects.toMatchObject({
        code: 'INTERNAL',
      });
      expect([...(await allTwins(store)).keys()]).toEqual(['a']);
      expect(await store.head()).toBe(1);
    });

    it.each([
      ['created twice', { twins: [created(aTwin('b')), created(aTwin('b'))] }],
      ['changed without being there', { twins: [created(aTwin('b')), changed('nobody', {}, { name: 'x' })] }],
      ['joined without being there', { relationships: [relationshipCreated(aRelationship('r', 'a', 'nobody'))] }],
    ])('%s in a commit make it fail whole', async (_, changes) => {
      await commit(store, { twins: [created(aTwin('a'))] });
      await expect(commit(store, changes)).rejects.toMatchObject({ code: 'INTERNAL' });
      expect([...(await allTwins(store)).keys()]).toEqual(['a']);
      expect(await store.head()).toBe(1);
    });

    it('are read in pages that hold each twin once', async () => {
      const ids = Array.from({ length: 12_000 }, (_, i) => `twin-${i}`);
      await commit(store, { twins: ids.map((id) => created(aTwin(id))) });
      const seen: string[] = [];
      for await (const page of store.scanTwins()) {
        expect(page.length).toBeLessThanOrEqual(5_000);
        seen.push(...page.map((twin) => twin.id));
      }
      expect(seen.toSorted()).toEqual(ids.toSorted());
    });
  });

  describe('relationships', () => {
    let store: TwinStore;
    beforeEach(async () => {
      store = await engine.open();
      await commit(store, { twins: ['a', 'b', 'c'].map((id) => created(aTwin(id))) });
    });

    it('come back whole, with their free properties', async () => {
      const bare = aRelationship('bare', 'a', 'b');
      const rich = aRelationship('rich', 'b', 'a', {
        type: 'CONNECTED_TO',
        medium: 'power',
        group: 'g',
        share: 3,
        standbyDelayMs: 2_000,
        closed: false,
        oneWay: true,
        properties: {
          id: 'mine',
          length: 12.5,
          constructor: 'ours',
          'a b': true,
          list: [1, 2],
          deep: { x: [[]] },
          none: null,
          free: 'bird',
        },
        revision: 4,
      });
      const self = aRelationship('self', 'a', 'a', { type: 'MEASURES' });
      await commit(store, { relationships: [bare, rich, self].map(relationshipCreated) });
      expect(await allRelationships(store)).toEqual(new Map([bare, rich, self].map((each) => [each.id, each])));
    });

    it('may be several between the same two twins, of one type and of many', async () => {
      const all = ['1', '2', '3'].map((id) => aRelationship(id, 'a', 'b', id === '3' ? { type: 'SUPPORTS' } : {}));
      await commit(store, { relationships: all.map(relationshipCreated) });
      const after = { ...(all[1] as (typeof all)[0]), share: 9, revision: 2 };
      await commit(store, { relationships: [{ id: '2', before: all[1] ?? null, after }] });
      expect((await allRelationships(store)).get('2')).toEqual(after);
      await commit(store, { relationships: [{ id: '1', before: all[0] ?? null, after: null }] });
      expect([...(await allRelationships(store)).keys()].toSorted()).toEqual(['2', '3']);
    });

    it('lose the free properties that a change leaves out', async () => {
      const before = aRelationship('r', 'a', 'b', { properties: { keep: 1, id: 'x', gone: [1, 'a'] } });
      const after = { ...before, properties: { keep: 2, id: 'y' }, medium: 'water', revision: 2 };
      await commit(store, { relationships: [relationshipCreated(before)] });
      await commit(store, { relationships: [{ id: 'r', before, after }] });
      expect((await allRelationships(store)).get('r')).toEqual(after);
    });

    it('can get another type and other ends under the same id', async () => {
      const before = aRelationship('r', 'a', 'b');
      const after = aRelationship('r', 'b', 'c', { type: 'DEPENDS_ON', revision: 2 });
      await commit(store, { relationships: [relationshipCreated(before)] });
      await commit(store, { relationships: [{ id: 'r', before, after }] });
      expect(await allRelationships(store)).toEqual(new Map([['r', after]]));
    });

    it('of a type that is not a name are refused before they reach the graph', async () => {
      for (const type of ['', 'feeds', 'FEEDS]->(x) DETACH DELETE x //', 'A'.repeat(65), '1A', 'É']) {
        const change = relationshipCreated(aRelationship('r', 'a', 'b', { type }));
        await expect(commit(store, { relationships: [change] }), type).rejects.toMatchObject({ code: 'BAD_INPUT' });
      }
      expect(await allRelationships(store)).toEqual(new Map());
    });

    it('are not taken for requirement groups, whatever their type', async () => {
      const twin = aTwin('d', { requirements: RICH.requirements });
      await commit(store, {
        twins: [created(twin)],
        relationships: [relationshipCreated(aRelationship('r', 'd', 'a', { type: 'REQUIRES' }))],
      });
      await commit(store, { twins: [changed('d', twin, { requirements: [] })] });
      expect([...(await allRelationships(store)).keys()]).toEqual(['r']);
    });
  });

  describe('models', () => {
    it('come back whole, change and go', async () => {
      const store = await engine.open();
      const bare: Model = {
        ...PUMP,
        id: 'bare',
        extends: [],
        properties: [],
        relationshipTypes: [],
        conduction: [],
        definition: null,
      };
      await commit(store, { models: [PUMP, bare].map(modelCreated) });
      expect(await store.models()).toEqual([bare, PUMP]);
      const after = { ...PUMP, properties: PUMP.properties.slice(1), relationshipTypes: [], revision: 4 };
      await commit(store, {
        models: [
          { id: 'pump', before: PUMP, after },
          { id: 'bare', before: bare, after: null },
        ],
      });
      expect(await store.models()).toEqual([after]);
    });
  });
}
