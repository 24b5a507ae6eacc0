import { describe, expect, it } from 'vitest';
import { statement, withType } from '../../src/store/cypher-statements.ts';
import { TWIN_KEYS } from '../../src/store/property-keys.ts';
import { statementNames } from '../contract/plans.ts';

describe('The files of cypher/', () => {
  it('hold one statement each', () => {
    for (const name of statementNames()) expect(statement(name), name).not.toContain(';');
  });

  it('create and read the keys of a twin in the order of TWIN_KEYS', () => {
    const inCreate = [...statement('twins/create').matchAll(/([\w@]+)`?: r\[(\d+)\]/g)].map((match) => [
      match[1],
      Number(match[2]),
    ]);
    expect(inCreate).toEqual(TWIN_KEYS.map((key, i) => [key, i]));
    const inRead = [...statement('twins/read').matchAll(/t\.`?([\w@]+)`? AS `?([\w@]+)`?/g)].map((match) => [
      match[1],
      match[2],
    ]);
    expect(inRead).toEqual(TWIN_KEYS.map((key) => [key, key]));
  });

  it('take nothing into their text but a name in capitals', () => {
    expect(withType('()-[:__TYPE__]->()', 'CONNECTED_TO')).toBe('()-[:CONNECTED_TO]->()');
    for (const type of ['', 'feeds', 'A B', 'A]', 'A`', '_A', 'A'.repeat(65), 'FEEDS\n']) {
      expect(() => withType('__TYPE__', type), type).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    }
  });
});
