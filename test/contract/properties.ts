/** Property values come back as they went in, whatever their names and shapes; conditions find twins by them. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PropertyCondition, TwinStore } from '../../src/application/twin-store.ts';
import { EMPTY_PROPERTY, type PropertyState, type PropertyValue } from '../../src/domain/property.ts';
import { TWIN_KEYS } from '../../src/store/property-keys.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import {
  aReading,
  aState,
  aTwin,
  allTwins,
  changed,
  commit,
  created,
  type EngineUnderTest,
  ingest,
  propertiesOf,
} from './store-under-test.ts';

/** Names that are keys of ours, of JavaScript, of Cypher or of an engine, and names that need quoting anywhere. */
const HOSTILE_NAMES: readonly string[] = [
  // One with an @ is no name of a property.
  ...TWIN_KEYS.filter((key) => !key.includes('@')),
  ...words('__proto__ constructor prototype toString hasOwnProperty valueOf length then toJSON'),
  ...words('set match return null true end case in value at order kind labels type r t p rows'),
  ...words('$date $decimal $vector $bytes 0 -1 1.5 00 . .. a.b a[0] {a} (a) // /**/ :Label ;'),
  ...words('quo\'te quo"te back`tick back\\slash'),
  ...words('温度 температура حرارة é e\u0301 😀 \u{1F468}\u200D\u{1F469}'),
  ' ',
  'with space',
  "'; DROP (t) //",
  'x'.repeat(256),
];

function words(text: string): string[] {
  return text.split(' ');
}

/** Values as JSON has them, with those that engines are known to bend. */
const NUMBERS = [
  0,
  1,
  -1,
  0.1,
  20,
  20.5,
  1e21,
  1e-300,
  Number.MAX_VALUE,
  2 ** 53,
  -(2 ** 53),
  2 ** 31,
  4_294_967_296.5,
];
const TEXTS = [
  '',
  ' ',
  'text',
  '5',
  'true',
  'null',
  'json:5',
  'json:{}',
  'json:',
  '温度 😀',
  'a\u0000b',
  'line\r\n',
  "'; DROP",
  '2026-01-01T00:00:00Z',
];
const LISTS = [[1], [1, 2.5, -3], ['a', ''], [true, false], ['json:[1]']];
const JSON_VALUES: readonly PropertyValue[] = [
  [],
  [null],
  [1, 'a'],
  [1, true],
  [[1], [2]],
  [{}],
  {},
  { a: 1 },
  { b: { c: [1, { d: null }] } },
  { $date: 'x' },
  { constructor: 1 },
];
const VALUES: readonly PropertyValue[] = [...NUMBERS, ...TEXTS, true, false, ...LISTS, ...JSON_VALUES];

export function describeProperties(engine: EngineUnderTest): void {
  describe('properties', () => {
    let store: TwinStore;
    beforeEach(async () => {
      store = await engine.open();
    });

    const write = async (properties: Record<string, PropertyState>): Promise<void> => {
      await commit(store, { twins: [created(aTwin('t'), properties)] });
    };

    it('may have any name: ours, JavaScript’s, Cypher’s, in any script', async () => {
      const entries = HOSTILE_NAMES.map((name, i): [string, PropertyState] => [name, aState(i, { desired: name })]);
      const properties = Object.create(null) as Record<string, PropertyState>;
      for (const [name, state] of entries) properties[name] = state;
      await write(properties);
      expect(await propertiesOf(store, 't')).toEqual(new Map(entries));
      expect((await store.properties(['t'], HOSTILE_NAMES)).get('t')).toEqual(new Map(entries));
      expect((await allTwins(store)).get('t')).toEqual(aTwin('t'));
    });

    it('take readings under any name', async () => {
      await write({});
      const readings = HOSTILE_NAMES.map((property, i) => aReading('t', property, i));
      expect((await ingest(store, ...readings)).map(({ reading }) => reading)).toEqual(readings);
      const later = HOSTILE_NAMES.map((property, i) => aReading('t', property, `later ${i}`, { observedAt: 4_000 }));
      expect((await ingest(store, ...later)).map(({ before }) => before?.value)).toEqual(
        HOSTILE_NAMES.map((_, i) => i),
      );
      const states = await propertiesOf(store, 't');
      expect(new Map([...(states ?? [])].map(([name, state]) => [name, state.value]))).toEqual(
        new Map(HOSTILE_NAMES.map((name, i) => [name, `later ${i}`])),
      );
      expect((await allTwins(store)).get('t')).toMatchObject({ name: 'name of t', revision: 3, tags: [] });
    });

    it('may have any text as a name', async () => {
      const name = fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
        .filter((text) => !/[@\p{Cc}]/u.test(text) && text.isWellFormed());
      await write({});
      let revision = 1;
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), async (names) => {
          const before = aTwin('t', { revision });
          revision += 1;
          const properties = names.map((each) => ({ name: each, before: null, after: aState(each) }));
          await commit(store, { twins: [changed('t', before, { revision }, properties)] });
          expect((await store.properties(['t'], names)).get('t')).toEqual(
            new Map(names.map((each) => [each, aState(each)])),
          );
        }),
        { ...FUZZ, numRuns: Math.ceil(FUZZ.numRuns / 10) },
      );
    });

    it('refuse a name that could be taken for metadata of another', async () => {
      for (const name of ['temperature@at', '@', ''])
        await expect(write({ [name]: aState(1) }), name).rejects.toMatchObject({ code: 'BAD_INPUT' });
    });

    it.each(VALUES.map((value) => [JSON.stringify(value), value]))(
      'keep the value %s, reported and desired',
      async (_, value) => {
        await write({ reported: aState(value), wished: aState(null, { desired: value }) });
        const states = await propertiesOf(store, 't');
        expect(states?.get('reported')).toEqual(aState(value));
        expect(states?.get('wished')).toEqual(aState(null, { desired: value }));
        await ingest(store, aReading('t', 'measured', value));
        expect((await propertiesOf(store, 't'))?.get('measured')?.value).toEqual(value);
      },
    );

    it('tell a desired null from nothing desired', async () => {
      await write({ nothing: aState(1), null: aState(1, { desired: null }) });
      const states = await propertiesOf(store, 't');
      expect(states?.get('nothing')).not.toHaveProperty('desired');
      expect(states?.get('null')).toHaveProperty('desired', null);
    });

    it('keep all that is known of them, and go when they are taken away', async () => {
      const full: PropertyState = {
        value: 1,
        desired: 2,
        unit: 'Cel',
        quality: 'UNCERTAIN',
        observedAt: 1,
        receivedAt: 2,
        order: 3,
        activeLimits: [0, 2],
        pendingLimits: [1, 1_700_000_000_000],
        stale: true,
      };
      const bare = { ...EMPTY_PROPERTY };
      const ordered = { ...EMPTY_PROPERTY, order: 4 };
      await write({ full, bare, ordered });
      expect(await propertiesOf(store, 't')).toEqual(new Map(Object.entries({ full, bare, ordered })));
      const cleared = { ...EMPTY_PROPERTY, value: 5, receivedAt: 1 };
      const changes = [
        { name: 'full', before: full, after: cleared },
        { name: 'bare', before: bare, after: null },
      ];
      await commit(store, { twins: [changed('t', {}, { revision: 2 }, changes)] });
      expect(await propertiesOf(store, 't')).toEqual(new Map(Object.entries({ full: cleared, ordered })));
    });

    it('are read for many twins at once, unknown ones left out', async () => {
      await commit(store, {
        twins: ['a', 'b', 'c'].map((id) => created(aTwin(id), id === 'c' ? {} : { x: aState(id), y: aState(1) })),
      });
      expect(await store.properties(['a', 'nobody', 'c'])).toEqual(
        new Map([
          [
            'a',
            new Map([
              ['x', aState('a')],
              ['y', aState(1)],
            ]),
          ],
          ['c', new Map()],
        ]),
      );
      expect(await store.properties(['b', 'c'], ['x', 'z'])).toEqual(
        new Map([
          ['b', new Map([['x', aState('b')]])],
          ['c', new Map()],
        ]),
      );
      expect(await store.properties([])).toEqual(new Map());
    });

    it('are read of those twins alone that have some of them', async () => {
      await commit(store, {
        twins: [
          created(aTwin('a'), { x: aState('a'), y: aState(1) }),
          created(aTwin('b'), { y: aState(false) }),
          created(aTwin('c'), { other: aState(1) }),
          created(aTwin('d'), {}),
        ],
      });
      expect(await store.presentProperties(['a', 'b', 'c', 'd', 'nobody'], ['x', 'y'])).toEqual(
        new Map([
          [
            'a',
            new Map([
              ['x', aState('a')],
              ['y', aState(1)],
            ]),
          ],
          ['b', new Map([['y', aState(false)]])],
        ]),
      );
    });

    it('that somebody set by hand count as properties', async () => {
      await commit(store, { twins: [created(aTwin('t'), { plain: { ...EMPTY_PROPERTY, value: 5 } })] });
      expect((await propertiesOf(store, 't'))?.get('plain')).toEqual({ ...EMPTY_PROPERTY, value: 5 });
    });
  });

  describe('conditions on properties', () => {
    let store: TwinStore;
    beforeEach(async () => {
      store = await engine.open();
      const twins: Record<string, Record<string, PropertyState>> = {
        cold: { temperature: aState(5, { observedAt: 100 }), mode: aState('auto') },
        warm: { temperature: aState(20.5, { observedAt: 200 }), mode: aState('manual'), id: aState('x') },
        hot: { temperature: aState(90, { observedAt: 300 }), mode: aState('auto'), tags: aState(['a', 'b']) },
        text: { temperature: aState('90', { observedAt: 400 }), mode: aState(true), config: aState({ b: [1], a: 2 }) },
        bare: {},
      };
      await commit(store, { twins: Object.entries(twins).map(([id, properties]) => created(aTwin(id), properties)) });
    });

    const cases: readonly [string, PropertyCondition[], string[]][] = [
      ['equal', [{ property: 'temperature', eq: 5 }], ['cold']],
      ['equal to a text, not to its number', [{ property: 'temperature', eq: '90' }], ['text']],
      ['equal to a flag', [{ property: 'mode', eq: true }], ['text']],
      ['equal to a list', [{ property: 'tags', eq: ['a', 'b'] }], ['hot']],
      ['equal to JSON, whatever the order of its keys', [{ property: 'config', eq: { a: 2, b: [1] } }], ['text']],
      ['not equal, of those that have the property', [{ property: 'mode', ne: 'auto' }], ['text', 'warm']],
      ['above', [{ property: 'temperature', gt: 20.5 }], ['hot']],
      ['at or above', [{ property: 'temperature', gte: 20.5 }], ['hot', 'warm']],
      ['below', [{ property: 'temperature', lt: 20.5 }], ['cold']],
      ['at or below', [{ property: 'temperature', lte: 20.5 }], ['cold', 'warm']],
      ['one of', [{ property: 'temperature', in: [5, '90', { no: 1 }] }], ['cold', 'text']],
      ['one of none', [{ property: 'temperature', in: [] }], []],
      ['observed before', [{ property: 'temperature', observedBefore: 200 }], ['cold']],
      ['observed after', [{ property: 'temperature', observedAfter: 200 }], ['hot', 'text']],
      [
        'several at once',
        [
          { property: 'temperature', gt: 1, lt: 50 },
          { property: 'mode', eq: 'manual' },
        ],
        ['warm'],
      ],
      ['named like a key of ours', [{ property: 'id', eq: 'x' }], ['warm']],
      ['that nobody has', [{ property: 'nothing', gt: 0 }], []],
      ['none', [], ['bare', 'cold', 'hot', 'text', 'warm']],
    ];
    it.each(cases)('%s', async (_, conditions, ids) => {
      expect((await store.twinsWhere(conditions)).toSorted()).toEqual(ids);
    });
  });
}
