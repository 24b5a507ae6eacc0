// node scripts/bench.js NAME [ARGUMENTS]: bundles test/bench/NAME.ts into a folder of .cache and runs it with plain node.
// The folder is two levels below the root, as src/graphql is: packages and files of the root are found from there.
// Bundled, the benchmark measures what the built server runs, not how a test runner loads modules.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [name, ...rest] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../test/bench/', import.meta.url));
const entry = join(folder, `${name}.ts`);
if (!name || !existsSync(entry)) {
  const names = readdirSync(folder)
    .filter((file) => file.startsWith('bench-'))
    .map((file) => file.replace(/\.ts$/, ''));
  console.error(`usage: node scripts/bench.js NAME\nnames: ${names.join(', ')}`);
  process.exit(2);
}
const cache = fileURLToPath(new URL('../.cache/', import.meta.url));
mkdirSync(cache, { recursive: true });
const out = mkdtempSync(join(cache, 'bench-'));
try {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: { ssr: entry, outDir: out, emptyOutDir: false, target: 'node20', minify: false },
  });
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-semi-space-size=32', join(out, `${name}.js`), ...rest],
    {
      stdio: 'inherit',
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(out, { recursive: true });
}
