// node scripts/complete-lock.js: after npm has written package-lock.json, adds the optional packages of other platforms
// that it left out because it could not fetch them. Without them `npm ci` calls the lock out of step with package.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(file, 'utf8'));
const PLATFORM = /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|wasm32|win32)-(\w+)(?:-(\w+))?$/;
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Where npm would find a package that is required from `from`: the nearest node_modules that has it. */
function isThere(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (lock.packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

let added = 0;
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const platform = PLATFORM.exec(name);
    if (isThere(name, path) || !platform) continue;
    if (!EXACT.test(version)) throw new Error(`${name}: expected an exact version in ${path}, got ${version}`);
    const [, os, cpu, libc] = platform;
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(dev && { dev }),
      ...(os === 'linux' && libc?.startsWith('musl') && { libc: ['musl'] }),
      ...(os === 'linux' && libc?.startsWith('gnu') && { libc: ['glibc'] }),
      optional: true,
      os: [os],
    };
    added += 1;
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);
