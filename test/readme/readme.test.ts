/** README.md says what the example plant really answers: each question in it is asked, each answer compared. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config.ts';
import { importFiles } from '../../src/exchange/import-files.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { PROJECT_ROOT, readProjectFile } from '../support/project-files.ts';

const readme = readProjectFile('README.md');

/** Fenced blocks in order, with their languages. */
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
  language: match[1] ?? '',
  text: match[2] ?? '',
}));
const isSubscription = (text: string): boolean => text.startsWith('subscription');

/** Each question with the answer that stands right behind it. */
const questions = blocks.flatMap(({ language, text }, i) =>
  language === 'graphql' && !isSubscription(text)
    ? [{ query: text, answer: JSON.parse(blocks[i + 1]?.text ?? '') as unknown }]
    : [],
);

let running: TestApplication;
let api: Api;
beforeAll(async () => {
  running = await openApplication();
  await importFiles(running.application, [join(PROJECT_ROOT, 'examples/water-supply/plant.jsonl')], {
    format: 'native',
    mapping: null,
    keepGoing: false,
    dryRun: false,
    actor: null,
  });
  api = await startApi(running.application);
});
afterAll(async () => {
  await api?.stop();
  await running?.close();
});

describe('README.md', () => {
  it.each(questions)('gives the answer that the example plant gives: $query', async ({ query, answer }) => {
    expect(questions.length).toBeGreaterThanOrEqual(2);
    const { data, errors } = await api.query(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual(answer);
  });

  it('shows the event that follows from its message', async () => {
    const at = blocks.findIndex((block) => block.language === 'graphql' && isSubscription(block.text));
    const [subscription, command, event] = blocks.slice(at, at + 3).map((block) => block.text) as [
      string,
      string,
      string,
    ];
    const [, topic = '', payload = ''] = /-t '([^']+)' -m '([^']+)'/.exec(command) ?? [];
    const [, twin = ''] = /^twins\/(.+)\/telemetry$/.exec(topic) ?? [];
    // With the states of the moment it tells when it stands: what comes after them is what the message did.
    const events = api.subscribe(subscription.replace('kinds:', 'snapshot: true, kinds:'));
    await events.next();
    const readings = Object.entries(JSON.parse(payload) as Record<string, number>).map(([property, value]) => ({
      twin,
      property,
      value,
      receivedAt: running.time.now,
      quality: 'GOOD' as const,
    }));
    await running.application.ingest(readings);
    let change = await events.next();
    while (change.data.stateChanged.before === change.data.stateChanged.after) change = await events.next();
    await events.stop();
    expect(change.data).toEqual(JSON.parse(event));
  });

  it('names settings that exist', () => {
    const named = [...readme.matchAll(/\b((?:NEO4J|MQTT|DATA|ALLOW)_[A-Z]+)\b/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !Object.hasOwn(SETTINGS, name))).toEqual([]);
  });

  it('uses scripts of package.json and commands of linchpin alone', () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    const run = [...readme.matchAll(/npm (?:run )?(start|test|build|[a-z]+:[a-z]+)\b/g)].map((match) => match[1] ?? '');
    expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const commands = [...readme.matchAll(/npx linchpin ([a-z]+)/g)].map((match) => match[1] ?? '');
    expect(commands.filter((name) => !readProjectFile('src/cli/run.ts').includes(name))).toEqual([]);
  });
});
