/** The messages of Ditto's own documentation, against a slow reading of its protocol: the thing as JSON, changed by each. */
import { describe, expect, it } from 'vitest';
import { DialectProbe } from '../support/dialect-probe.ts';
import { describeWithData, hasData, readLines } from '../support/real-data.ts';
import { type Envelope, ReferenceThings } from '../support/reference-ditto.ts';

const messages = hasData('ditto-protocol')
  ? readLines<{ file: string; message: Envelope }>('ditto-protocol', 'messages.jsonl')
  : [];
const TELLING =
  /\/things\/(twin|live)\/(commands|events)\/(create|modify|merge|delete)d?$|\/(created|modified|merged|deleted)$/;
const telling = messages.filter(({ message }) => TELLING.test(message.topic) && message.status === undefined);
const others = messages.filter((each) => !telling.includes(each));

describeWithData('messages of the Ditto protocol', 'ditto-protocol', () => {
  it('are there', () => {
    expect(messages.length).toBeGreaterThan(150);
    expect(telling.length).toBeGreaterThan(60);
  });

  describe('that change things', () => {
    it('leave the twin as the protocol leaves the thing', () => {
      const probe = new DialectProbe({ dialect: 'ditto', topics: ['#'] });
      const things = new ReferenceThings();
      for (const { file, message } of telling) {
        probe.now += 1_000;
        // Times of the examples are made up; here they come one after the other.
        const { topic, path } = message;
        const told = probe.tell('ditto', { topic, path, ...('value' in message && { value: message.value }) });
        const { expected, actual } = things.take(message, told);
        expect(actual, file).toEqual(expected);
      }
    });

    it('keep their revisions and timestamps as their order', () => {
      const probe = new DialectProbe({ dialect: 'ditto', topics: ['#'] });
      const revised = telling.filter(({ message }) => 'revision' in message);
      const readings = revised.flatMap(({ message }) => probe.tell('ditto', message).readings);
      expect(readings.length).toBeGreaterThan(20);
      for (const { sequence } of readings) expect(sequence).toBeGreaterThan(0);
    });
  });

  it('that are answers, errors, policies, searches or announcements say nothing, and none is a fault', () => {
    const probe = new DialectProbe({ dialect: 'ditto', topics: ['#'] });
    const kinds = others.map(({ file, message }) => ({ file, kind: probe.decode('ditto', message)?.kind }));
    expect(kinds.filter(({ kind }) => kind !== 'empty')).toEqual([]);
  });
});
