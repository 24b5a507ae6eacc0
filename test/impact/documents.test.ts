/** The document of the rules cannot drift from the tests that hold them. */
import { expect, test } from 'vitest';
import { readProjectFile } from '../support/project-files.ts';

interface Rule {
  readonly number: number;
  readonly tests: { readonly file: string; readonly title: string }[];
}

function rules(): Rule[] {
  const found: Rule[] = [];
  for (const line of readProjectFile('docs/IMPACT.md').split('\n')) {
    const number = line.match(/^(\d+)\. /)?.[1];
    if (number !== undefined) found.push({ number: Number(number), tests: [] });
    const [, file, title] = line.match(/^ +— (\S+): "(.+)"$/) ?? [];
    if (file !== undefined && title !== undefined) found.at(-1)?.tests.push({ file, title });
  }
  return found;
}

test('the rules of impact are numbered without a gap, and each names a test', () => {
  const all = rules();
  expect(all.length).toBeGreaterThan(50);
  expect(all.map(({ number }) => number)).toEqual(all.map((_, at) => at + 1));
  expect(all.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test('each test that a rule of impact names is there', () => {
  const missing = rules()
    .flatMap(({ tests }) => tests)
    .filter(({ file, title }) => !readProjectFile(file).includes(`'${title}'`));
  expect(missing).toEqual([]);
});
