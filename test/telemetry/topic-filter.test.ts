/** Topic filters as MQTT 5 has them, 4.7. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonFilter, compileFilter, filtersOverlap, whyNotFilter } from '../../src/telemetry/topic-filter.ts';
import { FUZZ } from '../support/fuzz-settings.ts';

describe('a filter', () => {
  it.each([
    [
      'sport/tennis/player1/#',
      ['sport/tennis/player1', 'sport/tennis/player1/ranking', 'sport/tennis/player1/a/b'],
      ['sport/tennis'],
    ],
    ['sport/#', ['sport', 'sport/'], ['sports', 'a/sport']],
    ['sport/tennis/+', ['sport/tennis/player1', 'sport/tennis/'], ['sport/tennis/player1/ranking', 'sport/tennis']],
    ['+/+', ['/finance', 'a/b'], ['a', 'a/b/c']],
    ['/+', ['/finance'], ['finance', 'a/b']],
    ['#', ['a', 'a/b', '/'], ['$SYS/a']],
    ['+/a', ['x/a'], ['$SYS/a']],
    ['+', ['a'], ['a/b', '$a']],
    ['$aws/things/+/shadow/#', ['$aws/things/t/shadow/update'], ['$aws/things/t/u/shadow/update']],
    ['a.b/(c)', ['a.b/(c)'], ['axb/(c)']],
  ])('%s takes what it should', (filter, taken, left) => {
    const matches = compileFilter(filter);
    expect(taken.filter((topic) => !matches(topic))).toEqual([]);
    expect(left.filter((topic) => matches(topic))).toEqual([]);
  });

  it.each(['', 'a#', 'a/#/b', 'a+', '+a/b', '$share/g/a'])('is not %j', (filter) => {
    expect(whyNotFilter(filter)).not.toBeNull();
  });
});

describe('two filters', () => {
  it.each([
    ['a/+', 'a/b', true],
    ['a/#', 'a', true],
    ['a/+/c', 'a/b/+', true],
    ['a/+', 'a/+/c', false],
    ['a', 'b', false],
    ['#', 'a/b', true],
    ['#', '$aws/a', false],
    // Who names the first level has it.
    ['+/b', 'a/#', false],
    ['+/b', '+/+', true],
  ])('%s and %s share topics: %j', (a, b, expected) => {
    expect(filtersOverlap(a, b)).toBe(expected);
    expect(filtersOverlap(b, a)).toBe(expected);
  });

  it.each([
    ['a/+', 'a/b', 'a/b'],
    ['a/#', 'a', 'a'],
    ['a/#', 'a/+/c', 'a/+/c'],
    ['a/+/c', 'a/b/+', 'a/b/c'],
    ['+/b/#', 'a/+', 'a/b'],
    ['+/b', 'a/#', 'a/b'],
    ['#', '#', '#'],
    ['a', 'b', null],
    ['#', '$aws/a', null],
  ])('%s and %s both take the topics of %j', (a, b, expected) => {
    expect(commonFilter(a, b)).toBe(expected);
    expect(commonFilter(b, a)).toBe(expected);
  });

  it('that share no topic never take the same one', () => {
    const level = fc.constantFrom('a', 'b', '+');
    const filter = fc
      .tuple(fc.constantFrom('a', 'b'), fc.array(level, { maxLength: 3 }), fc.boolean())
      .map(([first, levels, isOpen]) => [first, ...levels, ...(isOpen ? ['#'] : [])].join('/'));
    const topic = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
    fc.assert(
      fc.property(filter, filter, topic, (a, b, name) => {
        const both = compileFilter(a)(name) && compileFilter(b)(name);
        expect(both && !filtersOverlap(a, b)).toBe(false);
        const common = commonFilter(a, b);
        expect(common !== null && compileFilter(common)(name)).toBe(both);
      }),
      { ...FUZZ, numRuns: FUZZ.numRuns * 7 },
    );
  });
});
