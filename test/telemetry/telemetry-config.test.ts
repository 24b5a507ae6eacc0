/** The file of TELEMETRY_CONFIG. */
import { describe, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import { createNativeDialect } from '../../src/telemetry/dialects/native.ts';
import { DIALECT_KINDS } from '../../src/telemetry/dialects/dialect-kinds.ts';
import { parseTelemetryConfig } from '../../src/telemetry/telemetry-config.ts';
import { readProjectFile } from '../support/project-files.ts';

const NATIVE = createNativeDialect('twins').filters;
const parse = (config: unknown) =>
  parseTelemetryConfig(typeof config === 'string' ? config : JSON.stringify(config), NATIVE);

/** One line for each fault. */
function faults(config: unknown): string[] {
  try {
    parse(config);
  } catch (error) {
    expect(error).toBeInstanceOf(LinchpinError);
    expect((error as LinchpinError).code).toBe('BAD_CONFIG');
    return (error as LinchpinError).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe('a file that is right', () => {
  it('may say nothing', () => {
    expect(parse({})).toEqual({ dialects: [], unknownTwins: { kind: 'quarantine' } });
  });

  it('gives each dialect its topics, templates and policy', () => {
    const { dialects, unknownTwins } = parse({
      unknownTwins: 'refuse',
      dialects: [
        { dialect: 'things-stack' },
        {
          dialect: 'ditto',
          name: 'line',
          topics: ['ditto/#'],
          twin: '{name}',
          unknownTwins: { provision: { kind: 'ASSET' } },
        },
      ],
    });
    expect(unknownTwins).toEqual({ kind: 'refuse' });
    expect(dialects.map(({ name }) => name)).toEqual(['things-stack', 'line']);
    expect(dialects[0]?.filters).toContain('v3/+/devices/+/up');
    expect(dialects[0]?.unknownTwins).toEqual({ kind: 'refuse' });
    expect(dialects[1]?.unknownTwins).toEqual({ kind: 'provision', twinKind: 'ASSET', model: null });
    expect(dialects[1]?.mapping.twin.text).toBe('{name}');
    expect(dialects[1]?.mapping.property.text).toBe('{feature}.{property}');
  });

  it('is what docs/MQTT.md shows', () => {
    const [, example = ''] =
      /## Other dialects[^`]*```json\n(.*?)```/s.exec(
        readProjectFile('docs/MQTT.md').replace('`TELEMETRY_CONFIG`', 'TELEMETRY_CONFIG'),
      ) ?? [];
    expect(faults(example)).toEqual([]);
    expect(parse(example).dialects).toHaveLength(1);
  });

  it('may name every dialect without more than its topics, and all of them beside one another', () => {
    const named = DIALECT_KINDS.map(({ name, topics }) => ({
      dialect: name,
      ...(topics.length === 0 && { topics: [`${name}/#`] }),
    }));
    expect(faults({ dialects: named })).toEqual([]);
    for (const dialect of parse({ dialects: named }).dialects) expect(dialect.create()).toBeDefined();
  });
});

describe('a file that is not right', () => {
  it('tells everything that is wrong with it', () => {
    const told = faults({
      unknownTwins: 'forget',
      dialects: [
        { dialect: 'carrier-pigeon' },
        { dialect: 'ditto', topics: ['a#'], twin: '{nobody}', property: 'x', color: 'red' },
        { dialect: 'ditto' },
        { dialect: 'things-stack', options: { downlinkPort: 0, x: 1 } },
      ],
    });
    expect(told).toEqual([
      expect.stringMatching(/^unknownTwins: expected quarantine, refuse/),
      expect.stringMatching(/^dialects\[0\]\.dialect: expected one of .*ditto/),
      expect.stringMatching(/^dialects\[1\]: expected none of the keys color/),
      expect.stringMatching(/^dialects\[2\]\.topics: expected topic filters/),
      expect.stringMatching(/^dialects\[3\]\.options\.downlinkPort: expected at least 1, got 0/),
      expect.stringMatching(/^dialects\[3\]\.options: expected none of the keys x/),
    ]);
  });

  it.each([
    [{ dialect: 'ditto' }, /^dialects\[0\]\.topics: expected topic filters/],
    [{ dialect: 'ditto', topics: ['a#'] }, /^dialects\[0\]\.topics\[0\]: expected a topic filter with .*, got "a#"/],
    [
      { dialect: 'ditto', topics: ['a'], twin: '{nobody}' },
      /^dialects\[0\]\.twin: expected a template of \{namespace\}, \{name\}/,
    ],
    [{ dialect: 'ditto', topics: ['a'], property: 'x' }, /^dialects\[0\]\.property: expected a template/],
    [
      { dialect: 'things-stack', options: { downlinkPort: 0 } },
      /^dialects\[0\]\.options\.downlinkPort: expected at least 1, got 0/,
    ],
    [
      { dialect: 'ditto', topics: ['twins/#'] },
      /topics of its own, but twins\/# and twins\/\+\/telemetry \(MQTT_TOPIC_ROOT\)/,
    ],
    [{ dialect: 'ditto', topics: ['a/+', 'a/b'] }, /a\/b and a\/\+ \(dialects\[0\]\) share some/],
  ])('%j is told', (dialect, reason) => {
    expect(faults({ dialects: [dialect] })).toEqual([expect.stringMatching(reason)]);
  });

  it('has one primary host at most, as a connection has one last will', () => {
    const host = (id: string, primary: boolean): object => ({
      dialect: 'sparkplug',
      topics: [`spBv1.0/${id}/#`],
      options: { host: { id, primary } },
    });
    expect(faults({ dialects: [host('a', true), host('b', false)] })).toEqual([]);
    expect(faults({ dialects: [host('a', true), host('b', true)] })).toEqual([expect.stringMatching('last will')]);
  });

  it('is told when it is no JSON', () => {
    expect(faults('{')).toEqual([expect.stringMatching(/^not JSON/)]);
    expect(faults([])).toEqual([expect.stringMatching(/^the file: expected/)]);
  });
});
