/** Names and sizes of files, as docs/ARCHITECTURE.md and the project's habits want them. */
import { describe, expect, it } from 'vitest';
import { isGenerated, projectFiles, readProjectFile } from '../support/project-files.ts';

const code = ['src', 'test', 'scripts', 'examples'].flatMap((folder) => projectFiles(folder, ['.ts', '.tsx', '.js']));
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Words that say nothing of what a file does. */
const EMPTY_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'service', 'base', 'misc']);

/** Lines of a file in src: past that it decides more than one thing. Generated files are as long as they are. */
const MOST_LINES = 400;

describe('file names', () => {
  it('are kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.(ts|tsx|js)$/;
    expect(code.filter((path) => !kebab.test(baseName(path)))).toEqual([]);
  });

  it('say what is in the file', () => {
    const empty = (path: string): boolean =>
      baseName(path)
        .split(/[-.]/)
        .some((word) => EMPTY_WORDS.has(word));
    expect(code.filter(empty)).toEqual([]);
  });

  it('of tests end in .test.ts inside a folder of test/, where the runner looks for them', () => {
    const strays = [...projectFiles('src', ['.ts'])].filter(
      (path) => path.includes('.test.') || path.includes('.spec.'),
    );
    expect(strays).toEqual([]);
  });
});

describe('files of src', () => {
  it(`have at most ${MOST_LINES} lines`, () => {
    const long = projectFiles('src', ['.ts', '.tsx'])
      .filter((path) => !isGenerated(path))
      .map((path) => ({ path, lines: readProjectFile(path).split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });
});
