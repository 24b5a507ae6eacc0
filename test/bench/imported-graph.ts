/** The graph that imports are measured with: 100,000 twins of one model and 500,000 relationships, always the same. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Relationship } from '../../src/domain/relationship.ts';
import type { Twin } from '../../src/domain/twin.ts';

export const TWINS = 100_000;
export const RELATIONSHIPS = 500_000;
const ROWS = 2_000;

export function idOf(i: number): string {
  return `twin-${i}`;
}

export function twin(i: number): Twin {
  return {
    id: idOf(i),
    kind: 'ASSET',
    name: `name of ${i}`,
    description: null,
    model: 'pump',
    tags: ['imported'],
    criticality: 0,
    closed: true,
    switches: false,
    conduction: [],
    requirements: [],
    reportedHealth: 'OPERATIONAL',
    measuredHealth: 'OPERATIONAL',
    maintenance: null,
    connectivity: 'NEVER_SEEN',
    lastSeen: null,
    revision: 1,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
  };
}

export function relationship(i: number): Relationship {
  return {
    id: `r${i}`,
    type: 'FEEDS',
    source: idOf((i * 7919) % TWINS),
    target: idOf((i * 104_729) % TWINS),
    medium: 'power',
    group: null,
    share: null,
    standbyDelayMs: null,
    closed: true,
    oneWay: false,
    properties: {},
    revision: 1,
  };
}

/** The keys that are there of a twin in the graph. */
export function bareTwin(i: number) {
  const { id, name, model, tags, criticality, closed, connectivity, revision, createdAt, updatedAt } = twin(i);
  const props = { id, name, model, tags, criticality, closed, connectivity, revision, createdAt, updatedAt };
  return { props: { ...props, health: 'OPERATIONAL', measuredHealth: 'OPERATIONAL' } };
}

export function bareRelationship(i: number) {
  const { id, source, target, medium, closed, oneWay, revision } = relationship(i);
  return { source, target, props: { id, medium, closed, oneWay, revision } };
}

export function* pages<T>(count: number, toRow: (i: number) => T): Generator<T[]> {
  for (let start = 0; start < count; start += ROWS) yield Array.from({ length: ROWS }, (_, i) => toRow(start + i));
}

/** As a file of the native format. */
export async function writeGraphFile(file: string): Promise<void> {
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

function* lines(): Generator<string> {
  const limits = [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN' }];
  const properties = [{ name: 'temperature', schema: 'double', unit: 'degC', limits }];
  yield `${JSON.stringify({ model: { id: 'pump', kind: 'ASSET', name: 'Pump', properties } })}\n`;
  for (let i = 0; i < TWINS; i++) {
    const { id, kind, name, model, tags } = twin(i);
    yield `${JSON.stringify({ twin: { id, kind, name, model, tags } })}\n`;
  }
  for (let i = 0; i < RELATIONSHIPS; i++) {
    const { id, type, source, target, medium } = relationship(i);
    yield `${JSON.stringify({ relationship: { id, type, source, target, medium } })}\n`;
  }
}
