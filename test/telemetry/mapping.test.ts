/** From a source's names to twins and properties, and back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mapping, type MappingSettings } from '../../src/telemetry/mapping.ts';
import { invertTemplate, parseTemplate, renderTemplate, type Template } from '../../src/telemetry/template.ts';
import { FUZZ } from '../support/fuzz-settings.ts';

const template = (text: string): Template => {
  const parsed = parseTemplate(text);
  if (parsed === null) throw new Error(`${text} is no template`);
  return parsed;
};

function mappingOf(settings: Partial<MappingSettings>, models: Record<string, string> = {}): Mapping {
  const plain = {
    twin: template('{site}:{device}'),
    property: template('{group}.{name}'),
    twins: new Map(),
    rules: [],
  };
  return new Mapping({ ...plain, ...settings }, (twin) => models[twin] ?? null);
}

describe('a template', () => {
  it.each([
    ['{a}', { a: 'x' }, 'x'],
    ['{a}:{b}', { a: 'x', b: 'y' }, 'x:y'],
    ['[{a}/]{b}', { a: 'x', b: 'y' }, 'x/y'],
    ['[{a}/]{b}', { b: 'y' }, 'y'],
    ['[{a}/]{b}', { a: '', b: 'y' }, 'y'],
    ['{a}:{b}', { a: 'x' }, null],
    ['{a}', { a: '' }, null],
    ['{toString}', {}, null],
  ])('%s of %j is %j', (text, names, expected) => {
    expect(renderTemplate(template(text), names)).toBe(expected);
  });

  it.each(['', '{a', 'a}', '{}', '{a b}', '[{a}', '{a}]', '[[{a}]]', '{a}{b}{a}'])('is not %j', (text) => {
    expect(parseTemplate(text)).toBeNull();
  });

  it('is read backwards, the first names as short as can be', () => {
    expect(invertTemplate(template('{a}.{b}'), 'x.y.z')).toEqual({ a: 'x', b: 'y.z' });
    expect(invertTemplate(template('[{a}.]{b}'), 'y')).toEqual({ b: 'y' });
    expect(invertTemplate(template('p({a})'), 'p(x)')).toEqual({ a: 'x' });
    expect(invertTemplate(template('{a}.{b}'), 'x')).toBeNull();
  });

  it('read backwards gives the same text again, whatever the names are', () => {
    const pair = template('<{a}>[/{c}]+{b}');
    const name = fc.string({ minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const text = renderTemplate(pair, { a, b }) as string;
        const names = invertTemplate(pair, text);
        expect(names).not.toBeNull();
        expect(renderTemplate(pair, names ?? {})).toBe(text);
      }),
      FUZZ,
    );
  });
});

describe('a twin', () => {
  it('is what the template makes of its source', () => {
    expect(mappingOf({}).twin({ site: 'a', device: 'b' })).toEqual({ id: 'a:b' });
    expect(mappingOf({}).twin({ site: 'a' })).toEqual({ missing: '{device} for the template {site}:{device}' });
  });

  it('can be named on its own, and found by that name', () => {
    const mapping = mappingOf({ twins: new Map([['a:b', 'P-1']]) });
    expect(mapping.twin({ site: 'a', device: 'b' })).toEqual({ id: 'P-1' });
    expect(mapping.twin({ site: 'a', device: 'c' })).toEqual({ id: 'a:c' });
  });

  it('can be ignored', () => {
    const mapping = mappingOf({ rules: [{ twin: 'test:*', ignore: true }] });
    expect(mapping.twin({ site: 'test', device: 'b' })).toBeNull();
    expect(mapping.twin({ site: 'a', device: 'test:' })).toEqual({ id: 'a:test:' });
  });
});

describe('a property', () => {
  const rules = [
    { twin: 'P-1', property: 'm.speed', as: 'rpm' },
    { model: 'Pump', property: 'm.temp', as: 'temperature', unit: 'degF' },
    { property: 'm.*', unit: 'K' },
    { property: 'debug.*', ignore: true },
  ];
  const mapping = mappingOf({ rules }, { 'P-2': 'Pump' });
  const named = (twin: string, group: string, name: string) => mapping.property(twin, { group, name });

  it('has its name by the first rule that says one, its unit by the first that says one', () => {
    expect(named('P-1', 'm', 'speed')).toEqual({ name: 'rpm', unit: 'K' });
    expect(named('P-2', 'm', 'speed')).toEqual({ name: 'm.speed', unit: 'K' });
    expect(named('P-2', 'm', 'temp')).toEqual({ name: 'temperature', unit: 'degF' });
    expect(named('P-1', 'm', 'temp')).toEqual({ name: 'm.temp', unit: 'K' });
    expect(named('P-1', 'other', 'x')).toEqual({ name: 'other.x', unit: undefined });
  });

  it('can be ignored', () => {
    expect(named('P-1', 'debug', 'x')).toBeNull();
  });

  it('is ignored or named by the first rule that says one of the two', () => {
    const few = mappingOf({
      rules: [
        { property: 'm.speed', as: 'rpm' },
        { property: 'm.temp', unit: 'K' },
        { property: 'm.*', ignore: true },
        { property: 'm.load', as: 'load' },
      ],
    });
    expect(few.property('P-1', { group: 'm', name: 'speed' })).toEqual({ name: 'rpm', unit: undefined });
    expect(few.property('P-1', { group: 'm', name: 'temp' })).toBeNull();
    expect(few.property('P-1', { group: 'm', name: 'load' })).toBeNull();
  });

  it('has the source’s names again when it is desired', () => {
    expect(mapping.sourceProperty('P-1', 'rpm')).toEqual({ group: 'm', name: 'speed' });
    expect(mapping.sourceProperty('P-2', 'temperature')).toEqual({ group: 'm', name: 'temp' });
    expect(mapping.sourceProperty('P-2', 'a.b')).toEqual({ group: 'a', name: 'b' });
    expect(mapping.sourceProperty('P-1', 'temperature')).toBeNull();
  });

  it('that is taken away is the one of its name, or all that begin so', () => {
    const source = { site: 'a', device: 'b' };
    const removed = (property: Record<string, string>, isDeep = false) =>
      mapping.removed('P-1', { source, property, isDeep });
    expect(removed({ group: 'm', name: 'speed' })).toEqual({ property: 'rpm', reach: 'ONE' });
    expect(removed({ group: 'g', name: 'n' }, true)).toEqual({ property: 'g.n', reach: 'DEEP' });
    expect(removed({ group: 'g' })).toEqual({ property: 'g.', reach: 'PREFIX' });
    // A source is not the only one: never all that a twin has.
    expect(removed({})).toBeNull();
  });
});
