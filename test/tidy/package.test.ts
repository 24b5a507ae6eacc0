/** What `npm pack` would put into the package: what a user needs, and nothing else. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT, projectFiles, readProjectFile } from '../support/project-files.ts';

interface Packed {
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
  readonly size: number;
}
// Without scripts: the build is not what this test is about.
const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: PROJECT_ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
});
const [packed] = JSON.parse(answer) as [Packed];
const AT_ROOT = ['package.json', 'schema.graphql', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const paths = packed.files.map((file) => file.path);

describe('the package', () => {
  it('holds the API, every statement, the example, the documents and the licence', () => {
    const needed = [
      ...AT_ROOT,
      ...projectFiles('cypher', ['.cypher']),
      ...projectFiles('docs', ['.md']),
      'examples/water-supply/plant.jsonl',
      'examples/water-supply/README.md',
    ];
    expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('holds nothing else', () => {
    const expected = /^(dist\/|cypher\/.+\.cypher$|docs\/.+\.md$|examples\/water-supply\/[\w-]+\.(jsonl|js|md)$)/;
    expect(paths.filter((path) => !expected.test(path) && !AT_ROOT.includes(path))).toEqual([]);
    expect(paths.filter((path) => /\.(ts|tsx|map|tgz|log)$/.test(path))).toEqual([]);
  });

  it('stays small enough to be fetched in a moment', () => {
    expect(packed.size).toBeLessThan(8_000_000);
  });

  it('has a command that can be run, once it is built', () => {
    const { bin } = JSON.parse(readProjectFile('package.json')) as { bin: { linchpin: string } };
    const isBuilt = existsSync(join(PROJECT_ROOT, bin.linchpin));
    // A checkout that was never built has no command yet.
    expect(paths.includes(bin.linchpin)).toBe(isBuilt);
    const firstLine = isBuilt ? readProjectFile(bin.linchpin).split('\n', 1)[0] : '#!/usr/bin/env node';
    expect(firstLine).toBe('#!/usr/bin/env node');
  });
});

describe('package-lock.json', () => {
  it('is what npm ci asks for, with no package whose engines leave out the Node that runs this', () => {
    const install = ['ci', '--dry-run', '--offline', '--engine-strict', '--ignore-scripts'];
    expect(() => execFileSync('npm', install, { cwd: PROJECT_ROOT, stdio: 'pipe' })).not.toThrow();
  });

  it('says nothing of where packages were fetched', () => {
    expect(readProjectFile('package-lock.json')).not.toMatch(/"resolved": "\w+:/);
  });
});

describe('docs/BENCHMARKS.md', () => {
  it('names the command of every benchmark, and none that is not there', () => {
    const named = [...readProjectFile('docs/BENCHMARKS.md').matchAll(/node scripts\/bench\.js (bench-[\w-]+)/g)].map(
      (match) => match[1] ?? '',
    );
    const there = projectFiles('test/bench', ['.ts'])
      .map((path) => /bench\/(bench-[\w-]+)\.ts$/.exec(path)?.[1])
      .filter((name) => name !== undefined);
    expect([...new Set(named)].toSorted()).toEqual(there.toSorted());
  });
});
