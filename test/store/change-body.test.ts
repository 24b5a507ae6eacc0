import { expect, test } from 'vitest';
import type { ChangeRecord, TwinChange } from '../../src/domain/change.ts';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';
import { toChangeBody, toChangeRecord } from '../../src/store/change-body.ts';

const AT = Date.UTC(2026, 5, 1);

const TWINS: readonly TwinChange[] = [
  {
    id: 'a',
    before: { lastSeen: null, revision: 1, updatedAt: AT - 5 },
    after: { lastSeen: AT, revision: 2, updatedAt: AT },
    properties: [
      { name: 'x', before: null, after: { ...EMPTY_PROPERTY, value: AT, observedAt: AT - 7, receivedAt: AT } },
      { name: 'ahead', before: { ...EMPTY_PROPERTY, value: 0.1, observedAt: AT + 3_000 }, after: null },
      {
        name: 'odd',
        before: { ...EMPTY_PROPERTY, value: null, observedAt: 0, receivedAt: -1, quality: 'BAD', desired: 7 },
        after: { ...EMPTY_PROPERTY, order: 3, activeLimits: [1], pendingLimits: [2, AT], stale: true, unit: 'bar' },
      },
    ],
  },
  { id: 'b', before: { name: 'old', updatedAt: AT - 1 }, after: { name: 'new', updatedAt: AT }, properties: [] },
];

const RECORD: ChangeRecord = {
  sequence: 4,
  at: AT,
  origin: 'telemetry',
  actor: null,
  twins: TWINS,
  relationships: [],
  models: [],
};

test('a record is read as it was written, with times before, at and behind its own, and without any', async () => {
  expect(await toChangeRecord([4, AT, await toChangeBody(RECORD)])).toEqual(RECORD);
});

test('what telemetry writes a million times tells no time in full', async () => {
  const readings = { ...RECORD, twins: [{ ...TWINS[0]!, properties: [TWINS[0]!.properties[0]!] }] };
  const body = await toChangeBody({ ...readings, twins: readings.twins });
  expect(body.split(String(AT).slice(0, 6)).length - 1).toBe(2); // timesBefore, and the value.
});

test('records of older versions are read, whose times are epoch milliseconds', async () => {
  const body = JSON.stringify({
    origin: 'telemetry',
    actor: null,
    twins: [['a', [null, 1, AT - 5], [AT, 2, AT], ['x', 0, [1, AT - 7, AT]]]],
    relationships: [],
    models: [],
  });
  const { twins } = await toChangeRecord([4, AT, body]);
  expect(twins).toEqual([
    {
      id: 'a',
      before: { lastSeen: null, revision: 1, updatedAt: AT - 5 },
      after: { lastSeen: AT, revision: 2, updatedAt: AT },
      properties: [
        { name: 'x', before: null, after: { ...EMPTY_PROPERTY, value: 1, observedAt: AT - 7, receivedAt: AT } },
      ],
    },
  ]);
});
