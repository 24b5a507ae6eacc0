/** What must not be in the repository: traces of a machine, silenced checks, links that lead nowhere, sleeping tests. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isGenerated, PROJECT_ROOT, projectFiles, readProjectFile, withoutComments } from '../support/project-files.ts';

const TEXT = [
  '.ts',
  '.tsx',
  '.js',
  '.json',
  '.jsonl',
  '.md',
  '.graphql',
  '.cypher',
  '.yml',
  '.yaml',
  '.conf',
  '.sh',
  '.npmrc',
];
const text = [...projectFiles('.', TEXT), '.ci/run', 'Dockerfile'].filter((path) =>
  existsSync(join(PROJECT_ROOT, path)),
);
const self = 'test/tidy/traces.test.ts';
const code = ['src', 'test', 'scripts', 'examples'].flatMap((folder) => projectFiles(folder, ['.ts', '.tsx', '.js']));

/** Each `path: line` of these files that matches. */
function linesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files
    .filter((path) => path !== self)
    .flatMap((path) =>
      readProjectFile(path)
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${path}: ${line.trim().slice(0, 120)}`),
    );
}

describe('the repository', () => {
  it('names no folder of a machine', () => {
    expect(linesWith(/(^|[\s"'`=(:])\/(work|home|root|Users|tmp)\/[\w.]/, text)).toEqual([]);
  });

  it("names no package registry: where packages come from is the installer's setting", () => {
    expect(
      linesWith(/\b(registry\.[\w-]+\.\w+|npmjs\.\w+|repo1?\.maven\b|pypi\.org|artifactory|jfrog)\b/i, text),
    ).toEqual([]);
  });

  it('silences no check without a reason on its line or in a comment above it', () => {
    const silenced =
      /@ts-ignore|@ts-nocheck|@ts-expect-error\s*$|(oxlint|eslint)-disable(?!.* -- )|biome-ignore(?!.*: )/;
    const bare = code
      .filter((path) => path !== self && !isGenerated(path))
      .flatMap((path) => {
        const lines = readProjectFile(path).split('\n');
        return lines
          .filter((line, i) => silenced.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(lines[i - 1] ?? ''))
          .map((line) => `${path}: ${line.trim()}`);
      });
    expect(bare.filter((line) => !line.startsWith('scripts/generate-graphql-types.ts'))).toEqual([]);
  });

  it('leaves no test out or alone by mistake', () => {
    expect(
      linesWith(/\b(it|test)\.(only|skip|todo)\(|\bdescribe\.(only|todo)\(/, projectFiles('test', ['.ts'])),
    ).toEqual([]);
  });
});

describe('tests', () => {
  it('wait for events, never for a time: delays stand in test/support and benchmarks alone', () => {
    const sleeping = /timers\/promises|setTimeout\(\s*(r|resolve|done|ok|yes)\b/;
    const tests = projectFiles('test', ['.ts']).filter(
      (path) => !/^test\/(support|bench)\//.test(path) && path !== self,
    );
    expect(tests.filter((path) => sleeping.test(withoutComments(readProjectFile(path))))).toEqual([]);
  });
});

describe('the documents', () => {
  const documents = projectFiles('.', ['.md']);

  it('link only to what is there', () => {
    const dead = documents.flatMap((path) =>
      [...readProjectFile(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(join(PROJECT_ROOT, dirname(path), target)))
        .map((target) => `${path} -> ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('name only files of the project that are there', () => {
    const dead = documents
      .filter((path) => path !== 'CHANGELOG.md')
      .flatMap((path) =>
        [...readProjectFile(path).matchAll(/`((?:src|test|cypher|scripts|examples|docs)\/[\w./-]+\.\w+)`/g)]
          .map((match) => match[1] ?? '')
          .filter((target) => !existsSync(join(PROJECT_ROOT, target)))
          .map((target) => `${path} -> ${target}`),
      );
    expect(dead).toEqual([]);
  });
});
