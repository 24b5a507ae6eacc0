/** Import directions. The rooms and what each may import stand in docs/ARCHITECTURE.md, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { importsOf, projectFiles, readProjectFile, withoutComments } from '../support/project-files.ts';

const files = projectFiles('src', ['.ts', '.tsx']);
const imports = files.flatMap(importsOf);
const inside = imports.filter((one) => !one.isPackage);
const packages = imports.filter((one) => one.isPackage);

/** `src/store/neo4j.ts` is in room `store`, `src/main.ts` in room `main.ts`. */
const roomOf = (path: string): string => path.split('/')[1] ?? path;

/** Rows of ARCHITECTURE.md's table: | `room` | what it is | rooms it may import | packages it alone may import | */
interface Room {
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
}
const roomByName = new Map<string, Room>();
const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
for (const line of readProjectFile('docs/ARCHITECTURE.md').split('\n')) {
  const cells = line.split('|').slice(1, -1);
  const [room] = names(cells[0] ?? '');
  if (cells.length !== 4 || room === undefined) continue;
  roomByName.set(room, { mayImport: names(cells[2] ?? ''), packages: names(cells[3] ?? '') });
}

describe('the import directions of docs/ARCHITECTURE.md', () => {
  it('know every room of src, and no room that is gone', () => {
    expect([...roomByName.keys()].toSorted()).toEqual([...new Set(files.map(roomOf))].toSorted());
  });

  it('are kept by every import', () => {
    const broken = inside
      .filter((one) => roomOf(one.file) !== roomOf(one.target))
      .filter((one) => !roomByName.get(roomOf(one.file))?.mayImport.includes(roomOf(one.target)))
      .map((one) => `${one.file} imports ${one.target}`);
    expect(broken).toEqual([]);
  });

  it('let a package in only where its room says so', () => {
    const broken = packages
      .filter((one) => !one.target.startsWith('node:'))
      .filter((one) => !roomByName.get(roomOf(one.file))?.packages.includes(one.target))
      .map((one) => `${one.file} imports ${one.target}`);
    expect(broken).toEqual([]);
  });

  it('keep files inside src: nothing there imports a test, a script or an example', () => {
    expect(inside.filter((one) => !one.target.startsWith('src/'))).toEqual([]);
  });
});

describe('the code', () => {
  it('has no import cycle, types included', () => {
    expect(cycles()).toEqual([]);
  });

  it('has no barrels: no index file, no `export *`', () => {
    expect(files.filter((file) => /(^|\/)index\.tsx?$/.test(file))).toEqual([]);
    expect(files.filter((file) => /^export \* /m.test(withoutComments(readProjectFile(file))))).toEqual([]);
  });

  it('reads the environment in src/config.ts alone', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(withoutComments(readProjectFile(file))));
    expect(readers.filter((file) => file !== 'src/config.ts')).toEqual([]);
  });

  it('takes time and chance as arguments in its core', () => {
    const core = files.filter((file) => /^src\/(domain|topology|impact|application|simulation)\//.test(file));
    const givesTheRealOnes = 'src/domain/timers.ts';
    const ambient = /\b(Date\.now|performance\.now|Math\.random|setTimeout|setInterval|setImmediate)\(|\bnew Date\(\)/;
    const users = core.filter((file) => ambient.test(withoutComments(readProjectFile(file))));
    expect(users.filter((file) => file !== givesTheRealOnes)).toEqual([]);
  });

  it('does no input or output in its core', () => {
    const core = packages.filter((one) => /^src\/(domain|topology|impact|application)\//.test(one.file));
    expect(
      core.filter((one) => /^node:(fs|net|http|https|child_process|process|os|dgram|tls)/.test(one.target)),
    ).toEqual([]);
  });
});

/** Cycles among the files of src, each as the chain of its files; found by depth-first search with a stack of its own. */
function cycles(): string[] {
  const targetsByFile = new Map(files.map((file) => [file, [] as string[]]));
  for (const one of inside) targetsByFile.get(one.file)?.push(one.target);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, chain: readonly string[]): void => {
    const at = chain.indexOf(file);
    if (at >= 0) {
      found.push([...chain.slice(at), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    done.add(file);
    for (const target of targetsByFile.get(file) ?? []) visit(target, [...chain, file]);
  };
  for (const file of files) visit(file, []);
  return found;
}
