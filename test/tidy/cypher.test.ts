/** The statements of cypher/: every one is used, by name, and there is no Cypher elsewhere. */
import { describe, expect, it } from 'vitest';
import { projectFiles, readProjectFile, withoutComments } from '../support/project-files.ts';

const named = projectFiles('src', ['.ts']).flatMap((file) =>
  [...withoutComments(readProjectFile(file)).matchAll(/\bstatement\('([^']+)'\)/g)].map((match) => match[1] ?? ''),
);
const there = projectFiles('cypher', ['.cypher']).map((path) => path.slice('cypher/'.length, -'.cypher'.length));

describe('the statements of cypher/', () => {
  it('are each named by the code, but for the numbered ones, which are run in order; and no other is named', () => {
    const byName = there.filter((name) => !/^schema\/\d{3}-/.test(name));
    expect([...new Set(named)].toSorted()).toEqual(byName.toSorted());
  });

  it('are numbered without gaps where they make the schema', () => {
    const numbers = there.flatMap((name) => /^schema\/(\d{3})-/.exec(name)?.[1] ?? []).map(Number);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('are all the Cypher there is: no statement stands in the code', () => {
    const cypher = /['"`]\s*(MATCH|MERGE|UNWIND|CREATE|OPTIONAL MATCH|DETACH DELETE|CALL)\s+[({$\w]/;
    // History's databases speak SQL.
    const ours = projectFiles('src', ['.ts']).filter((file) => !file.startsWith('src/history/'));
    const files = ours.filter((file) => cypher.test(withoutComments(readProjectFile(file))));
    expect(files).toEqual([]);
  });
});
