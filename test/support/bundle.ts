/** Bundles a TypeScript file into a program for plain node: a test that starts it many times pays for the build once. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll } from 'vitest';

/** The program's path; it goes when the test file is through. Two levels below the root, where packages and cypher/ are found. */
export async function bundle(entry: string): Promise<string> {
  const cache = fileURLToPath(new URL('../../.cache/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'program-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const output = { ssr: entry, outDir: folder, emptyOutDir: false, target: 'node20' };
  await build({ configFile: false, logLevel: 'error', build: output });
  return join(folder, basename(entry).replace(/\.ts$/, '.js'));
}
