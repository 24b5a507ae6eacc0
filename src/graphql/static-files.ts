/** Files of a built web app, served as they are; nothing but what was there at start. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const TYPE_BY_EXTENSION: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** No foreign origin; styles are put into the page by the editor itself. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Serves the folder under the path, or says how to build it where it is not there. */
export async function serveFolder(fastify: FastifyInstance, path: string, folder: URL): Promise<void> {
  const root = fileURLToPath(folder);
  const names = await filesIn(root);
  if (names.length === 0) {
    fastify.get(path, (_, reply) => reply.code(404).type('text/plain').send('Not built yet: npm run build\n'));
    return;
  }
  for (const name of names) {
    const url = name === 'index.html' ? `${path}/` : `${path}/${name}`;
    const { size } = await stat(`${root}/${name}`);
    // Names of assets hold a hash of their content.
    const caching = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    fastify.get(url, (_, reply) =>
      reply
        .headers({ ...SECURITY_HEADERS, 'cache-control': caching, 'content-length': size })
        .type(TYPE_BY_EXTENSION[extname(name)] ?? 'application/octet-stream')
        .send(createReadStream(`${root}/${name}`)),
    );
  }
  fastify.get(path, (_, reply) => reply.redirect(`${path}/`));
}

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, `${entry.parentPath}/${entry.name}`).replaceAll(sep, '/'));
}
