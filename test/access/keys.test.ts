import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ACCESS_LIMITS } from '../../src/access/access-limits.ts';
import { makeKey, parseKeys } from '../../src/access/api-key.ts';
import { createAuthenticator } from '../../src/access/create-authenticator.ts';
import { runCommand } from '../support/command-line.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const UNKNOWN = { code: 'UNAUTHENTICATED' };

function authenticatorOf(file: string, time = { now: 0 }) {
  const { log, lines } = createRecordingLog();
  const authenticator = createAuthenticator({ tokens: null, keysFile: file }, () => time.now, log);
  return { lines, authenticate: (key: string) => authenticator.authenticate(key) };
}

it('linchpin key makes a key whose line lets it in, with what it may', async () => {
  const grant = ['gateway', '--role', 'operator', '--within', 'hall-1', '--within', 'hall-2', '--model', 'pump'];
  const { code, out, err } = await runCommand(['key', ...grant, '--expires', '2027-01-31T00:00:00Z']);
  expect(code).toBe(0);
  const key = err.trim().split('\n').at(-1) ?? '';
  expect(out).not.toContain(key);
  const { authenticate } = authenticatorOf(writeInto(folder, 'cli', `# keys\n\n${out}`));
  expect(await authenticate(key)).toEqual({
    actor: 'gateway',
    role: 'operator',
    scope: { within: ['hall-1', 'hall-2'], models: ['pump'] },
    expiresAt: Date.UTC(2027, 0, 31),
  });
});

it('another secret under a known id, a hash, and an unknown id are refused alike', async () => {
  const { key, line } = makeKey({ actor: 'a', role: 'admin' });
  const { authenticate } = authenticatorOf(writeInto(folder, 'others', `${line}\n`));
  const other = makeKey({ actor: 'b', role: 'admin' }).key;
  const forged = `${key.slice(0, 17)}${other.slice(17)}`;
  for (const wrong of [other, forged, 'lpk_', (JSON.parse(line) as { hash: string }).hash, `${key} `])
    await expect(authenticate(wrong)).rejects.toMatchObject(UNKNOWN);
  expect((await authenticate(key)).actor).toBe('a');
});

it('a line that is no JSON stops the start, and is told as that, without what stands there', () => {
  const file = writeInto(folder, 'no-json', '# keys\n{sesame\n');
  expect(() => authenticatorOf(file)).toThrow(`${file}:2: expected a line of linchpin key, got no JSON`);
});

it('a key ends at its time', async () => {
  const { key, line } = makeKey({ actor: 'a', role: 'reader', expiresAt: '1970-01-01T00:00:10Z' });
  const time = { now: 9_999 };
  const { authenticate } = authenticatorOf(writeInto(folder, 'ends', line), time);
  expect((await authenticate(key)).expiresAt).toBe(10_000);
  time.now = 10_000;
  await expect(authenticate(key)).rejects.toMatchObject(UNKNOWN);
});

it('a key taken out of the file is worth nothing a second later; a faulty file changes nothing, and is told', async () => {
  const [one, two] = [makeKey({ actor: 'one', role: 'reader' }), makeKey({ actor: 'two', role: 'reader' })];
  const file = writeInto(folder, 'changing', `${one.line}\n`);
  const time = { now: 0 };
  const { authenticate, lines } = authenticatorOf(file, time);
  writeFileSync(file, `${two.line}\n${one.line.slice(0, 20)}`);
  time.now += ACCESS_LIMITS.keysFileMs;
  expect((await authenticate(one.key)).actor).toBe('one');
  expect(lines.at(-1)).toMatchObject({ level: 'error' });
  writeFileSync(file, `${two.line}\n`);
  time.now += ACCESS_LIMITS.keysFileMs;
  await expect(authenticate(one.key)).rejects.toMatchObject(UNKNOWN);
  expect((await authenticate(two.key)).actor).toBe('two');
});

it.each([
  ['no JSON', 'nonsense'],
  [
    'an unknown field, which might have been a limit',
    '{"id":"0123456789ab","hash":"HASH","actor":"a","role":"reader","withn":["x"]}',
  ],
  ['an unknown role', '{"id":"0123456789ab","hash":"HASH","actor":"a","role":"root"}'],
  [
    'a key in the place of its hash',
    '{"id":"0123456789ab","hash":"lpk_0123456789ab_secret","actor":"a","role":"reader"}',
  ],
  ['a time that is none', '{"id":"0123456789ab","hash":"HASH","actor":"a","role":"reader","expiresAt":"soon"}'],
])('a line with %s stops the start, and is named without what it holds', (_, line) => {
  const text = `# first\n${line.replace('HASH', `sha256:${'0'.repeat(64)}`)}`;
  expect(() => parseKeys(text, 'keys')).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
  expect(() => parseKeys(text, 'keys')).toThrow(/^keys:2: /);
  expect(() => parseKeys(text, 'keys')).not.toThrow(/secret/);
});

it('a file that is not there stops the start', () => {
  expect(() => authenticatorOf('/nowhere/keys')).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
});
