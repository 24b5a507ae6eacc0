/** The project's own files as the tidy tests see them: everything but what is installed, built or written by a run. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'data', 'coverage', '.cache']);

/** Paths from the project's root, with forward slashes, in order; `under` and `endings` narrow the list. */
export function projectFiles(under = '.', endings: readonly string[] = ['']): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!NOT_OURS.has(entry.name)) walk(path);
      } else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) {
        found.push(relative(PROJECT_ROOT, path).split(sep).join('/'));
      }
    }
  };
  walk(join(PROJECT_ROOT, under));
  return found.toSorted();
}

export function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8');
}

/** What a source file imports: a package's name, `node:` included, or the path of a file of the project. */
export interface Import {
  readonly file: string;
  readonly target: string;
  readonly isPackage: boolean;
}

const SPECIFIER =
  /^\s*(?:import|export)\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** Every static and dynamic import and re-export of a file, in order. */
export function importsOf(file: string): Import[] {
  const code = withoutComments(readProjectFile(file));
  return [...code.matchAll(SPECIFIER)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    if (!specifier.startsWith('.')) return { file, target: packageName(specifier), isPackage: true };
    const path = relative(PROJECT_ROOT, resolve(PROJECT_ROOT, dirname(file), specifier));
    return { file, target: path.split(sep).join('/'), isPackage: false };
  });
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The code without whole-line and block comments; good enough to look for imports and calls. */
export function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

/** Written by a script: its header says so. */
export function isGenerated(path: string): boolean {
  return /^\/[/*][^\n]*\bgenerated\b/i.test(readProjectFile(path));
}
