/** docs/MQTT.md says what the code does. */
import { describe, expect, it } from 'vitest';
import { createCounters } from '../../src/telemetry/counters.ts';
import { readProjectFile } from '../support/project-files.ts';

describe('docs/MQTT.md', () => {
  it('tells of every counter, and of none that is not there', () => {
    const [, table = ''] = readProjectFile('docs/MQTT.md').split('## Counters');
    const told = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    expect(told).toEqual(Object.keys(createCounters()));
  });
});
