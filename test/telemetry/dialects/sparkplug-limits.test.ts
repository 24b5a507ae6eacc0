/** Limits of Sparkplug B: whatever births define, memory is bounded, and what is left out is told. */
import { describe, expect, it } from 'vitest';
import { SPARKPLUG_LIMITS } from '../../../src/telemetry/dialects/sparkplug-limits.ts';
import { SparkplugNodes } from '../../../src/telemetry/dialects/sparkplug-nodes.ts';
import { DialectProbe } from '../../support/dialect-probe.ts';
import { type Metric, sparkplugPayload } from '../../support/sparkplug.ts';

const metricsOf = (count: number): Metric[] =>
  Array.from({ length: count }, (_, i) => ({ name: `m${i}`, type: 'Int32', value: 0 }));
const message = (count: number): Parameters<SparkplugNodes['define']>[1] => ({
  timestamp: undefined,
  seq: undefined,
  metrics: Array.from({ length: count }, (_, i) => ({ name: `m${i}`, datatype: 3 })),
});

describe('beyond its limit', () => {
  it('a message of too many metrics, or too many bytes, is refused', () => {
    const host = new DialectProbe({ dialect: 'sparkplug' });
    const many = sparkplugPayload(metricsOf(SPARKPLUG_LIMITS.metrics + 1));
    expect(host.decodeBytes('spBv1.0/g/NBIRTH/n', many)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('more than 10000 metrics'),
    });
    const long = sparkplugPayload([{ name: 'm', type: 'String', value: 'x'.repeat(SPARKPLUG_LIMITS.payloadBytes) }]);
    expect(host.decodeBytes('spBv1.0/g/NBIRTH/n', long)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('larger than'),
    });
  });

  it('a source has the metrics that came first, and each further one is told', () => {
    const host = new DialectProbe({ dialect: 'sparkplug' });
    const payload = sparkplugPayload(metricsOf(SPARKPLUG_LIMITS.definitions + 2), { seq: 0 });
    const told = host.decodeBytes('spBv1.0/g/NBIRTH/n', payload);
    if (told?.kind !== 'told') throw new Error('refused');
    expect(told.readings).toHaveLength(SPARKPLUG_LIMITS.definitions);
    expect(told.refusals.filter(({ reason }) => reason.includes('has more than'))).toHaveLength(2);
  });

  it('a node has no further devices', () => {
    const nodes = new SparkplugNodes(() => {}, { ...SPARKPLUG_LIMITS, devices: 2 });
    const node = nodes.touch('g', 'n');
    expect([nodes.define(node, message(1), 'a'), nodes.define(node, message(1), 'b')]).toEqual([[], []]);
    expect(nodes.define(node, message(1), 'c')).toMatchObject([{ reason: expect.stringContaining('2 devices') }]);
    expect([[...node.deviceByName.keys()], node.definitions]).toEqual([['a', 'b'], 2]);
    expect(nodes.define(node, message(2), 'a')).toEqual([]);
  });

  it('of all sources, the nodes silent for longest are forgotten', () => {
    const forgotten: string[] = [];
    const nodes = new SparkplugNodes((key) => forgotten.push(key), { ...SPARKPLUG_LIMITS, sources: 4 });
    for (const name of ['a', 'b', 'c']) nodes.define(nodes.touch('g', name), message(1));
    nodes.define(nodes.touch('g', 'a'), message(1), 'device');
    expect(forgotten).toEqual([]);
    nodes.define(nodes.touch('g', 'd'), message(1));
    expect([forgotten, nodes.get('g/b'), nodes.get('g/a')?.definitions]).toEqual([['g/b'], undefined, 2]);
  });

  it('of all metrics, so are they; one node with more than all may have takes none', () => {
    const forgotten: string[] = [];
    const nodes = new SparkplugNodes((key) => forgotten.push(key), { ...SPARKPLUG_LIMITS, allDefinitions: 10 });
    nodes.define(nodes.touch('g', 'a'), message(6));
    nodes.define(nodes.touch('g', 'b'), message(4));
    expect(forgotten).toEqual([]);
    nodes.define(nodes.touch('g', 'c'), message(1));
    expect(forgotten).toEqual(['g/a']);
    const large = nodes.touch('g', 'large');
    expect(nodes.define(large, message(11))).toMatchObject([{ reason: expect.stringContaining('10 metrics') }]);
    expect(large.definitions).toBe(0);
  });
});
