import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { pathToFileURL } from 'node:url';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveFolder } from '../../src/graphql/static-files.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let fastify: FastifyInstance;
let address: string;

beforeAll(async () => {
  mkdirSync(`${folder}/app/assets`, { recursive: true });
  writeInto(folder, 'secret.txt', 'secret');
  writeInto(folder, 'app/index.html', '<title>page</title>');
  writeInto(folder, 'app/assets/main-1a2b.js', 'run()');
  fastify = Fastify({ forceCloseConnections: true });
  await serveFolder(fastify, '/app', pathToFileURL(`${folder}/app/`));
  await serveFolder(fastify, '/unbuilt', pathToFileURL(`${folder}/unbuilt/`));
  address = await fastify.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => fastify.close());

/** Without the tidying of paths that fetch does. */
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${address}/`, { path }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });

it('the page and its files are served with their types, and nothing from elsewhere is allowed into the page', async () => {
  const page = await fetch(`${address}/app`);
  expect([page.url, page.status, await page.text()]).toEqual([`${address}/app/`, 200, '<title>page</title>']);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  const script = await fetch(`${address}/app/assets/main-1a2b.js`);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('cache-control')).toContain('immutable');
});

it('nothing outside the folder is served', async () => {
  for (const path of [
    '/app/../secret.txt',
    '/app/..%2fsecret.txt',
    '/app/%2e%2e/secret.txt',
    '/app//etc/passwd',
    '/app/assets/',
  ]) {
    expect(await statusOf(path), path).toBe(404);
  }
});

it('a folder that is not built yet says how to build it', async () => {
  const answer = await fetch(`${address}/unbuilt`);
  expect([answer.status, await answer.text()]).toEqual([404, 'Not built yet: npm run build\n']);
});
