/** Real networks with ground truth lie beside the project, not in it; tests that need them are skipped where they are not there. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe } from 'vitest';
import type { Relationship } from '../../src/domain/relationship.ts';
import type { ImpactTwin } from '../../src/impact/types.ts';
import { PROJECT_ROOT } from './project-files.ts';

const DATA = join(PROJECT_ROOT, '../shared/data');

export function hasData(folder: string): boolean {
  return existsSync(join(DATA, folder));
}

/** A suite over one folder of the data. */
export function describeWithData(title: string, folder: string, suite: () => void): void {
  describe.skipIf(!hasData(folder))(`${title} (skipped where ../shared/data/${folder} is missing)`, suite);
}

export function dataPath(...parts: readonly string[]): string {
  return join(DATA, ...parts);
}

/** Names of the folders inside; none where the data are missing. */
export function dataFolders(folder: string): string[] {
  if (!hasData(folder)) return [];
  const entries = readdirSync(join(DATA, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Lines of a .jsonl file, or of its .gz. */
export function readLines<T>(...parts: readonly string[]): T[] {
  const path = join(DATA, ...parts);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString();
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}

/** How the truths tell large sets. */
export function hashOf(ids: Iterable<string>): string {
  const text = [...ids].toSorted().join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export function twinOf(id: string, more: Partial<ImpactTwin> = {}): ImpactTwin {
  const healthy = { kind: 'ASSET', criticality: 0, health: 'OPERATIONAL', planned: false, closed: true } as const;
  return { id, ...healthy, conduction: [], requirements: [], ...more };
}

export function relationshipOf(
  id: string,
  type: string,
  source: string,
  target: string,
  more: Partial<Relationship> = {},
): Relationship {
  const plain = { medium: null, group: null, share: null, standbyDelayMs: null, closed: true, oneWay: false };
  return { id, type, source, target, ...plain, properties: {}, revision: 1, ...more };
}
