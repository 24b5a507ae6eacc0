import { describe, expect, it } from 'vitest';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';
import { LatestStates, type LatestTwin } from '../../src/store/latest-states.ts';

const twin = (revision: number, count: number): LatestTwin => ({
  revision,
  lastSeen: null,
  states: new Map(Array.from({ length: count }, (_, i) => [`p${i}`, EMPTY_PROPERTY])),
});

describe('The latest states', () => {
  it('are those put last', () => {
    const latest = new LatestStates();
    latest.put('a', twin(1, 1));
    latest.put('a', twin(2, 3));
    expect(latest.get('a')?.revision).toBe(2);
    latest.forget('a');
    expect(latest.get('a')).toBeUndefined();
  });

  it('of twins that were written longest ago go first, when there are too many', () => {
    const latest = new LatestStates();
    for (let i = 0; i < 400; i++) latest.put(`t${i}`, twin(1, 1_000));
    latest.put('t0', twin(2, 1_000));
    expect(latest.get('t1')).toBeDefined();
    latest.put('one more', twin(1, 1));
    expect(latest.get('t1')).toBeUndefined();
    expect(latest.get('t0')?.revision).toBe(2);
    expect(latest.get('t399')).toBeDefined();
  });

  it('of twins that go on reporting stay, however long ago they came', () => {
    const latest = new LatestStates();
    for (let i = 0; i < 400; i++) latest.put(`t${i}`, twin(1, 1_000));
    latest.advance('t0', { before: latest.get('t0') as LatestTwin, lastSeen: 7, taken: [] });
    latest.put('one more', twin(1, 1));
    expect(latest.get('t0')).toMatchObject({ revision: 2, lastSeen: 7 });
    expect(latest.get('t1')).toBeUndefined();
  });

  it('count what was forgotten no more', () => {
    const latest = new LatestStates();
    const { states } = twin(1, 300_000);
    for (let i = 0; i < 3; i++) {
      latest.put('big', { revision: i, lastSeen: null, states });
      latest.forget('big');
      latest.forget('nobody');
    }
    latest.put('small', twin(1, 1));
    latest.put('big', { revision: 1, lastSeen: null, states });
    expect(latest.get('small')).toBeDefined();
  });
});
