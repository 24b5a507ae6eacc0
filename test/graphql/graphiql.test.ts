import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StateEvent } from '../../src/application/application.ts';
import { createEventSource } from '../support/event-source.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf } from '../topology/graph.ts';

const CHROMIUM = '/usr/bin/chromium';
const BUILT = new URL('../../dist/graphiql/index.html', import.meta.url);
const missing = !existsSync(BUILT) ? 'GraphiQL is not built' : existsSync(CHROMIUM) ? null : 'there is no Chromium';

describe.skipIf(missing !== null)(`GraphiQL in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let api: Api;
  let browser: Browser;
  let page: Page;
  const tab = (name: string) => page.getByRole('tab', { name });
  const states = createEventSource<StateEvent>();
  let watching = 0;
  const foreign: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    const { application } = createStubApplication(graphOf(['area PART_OF site', 'pump PART_OF area']), {
      watchStates: () => {
        watching += 1;
        return states.events;
      },
    });
    const settings = { host: '127.0.0.1', port: 0, graphiql: true };
    api = await startApi(application, { settings, log: createRecordingLog().log });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(api.address) && !/^(data|blob):/.test(url)) foreign.push(url);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await api?.stop();
  });

  it('the address of the server leads to it, its first question is answered, and nothing comes from elsewhere', async () => {
    await page.goto(api.address);
    await page.waitForURL('**/graphiql/');
    // The button works once both editors are there.
    await page.locator('.view-line').getByText('Hierarchy').waitFor();
    await page.locator('.result-window .view-line').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.locator('.result-window').getByText('"site"').first().waitFor();
    for (const name of ['Hierarchy', 'Needs', 'WhatIf', 'Live']) expect(await tab(name).count(), name).toBe(1);
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('a subscription shows its events as they come', async () => {
    await tab('Live').click();
    await page.locator('.view-line').getByText('subscription').waitFor();
    // For a moment the page asks for the operation of the tab before, so the button is pressed until the right one is asked.
    const execute = page.getByRole('button', { name: /execute query/i });
    const press = async (): Promise<number> => {
      if (watching === 0 && (await execute.count()) === 1) await execute.click();
      return watching;
    };
    await expect.poll(press).toBe(1);
    states.push({
      kind: 'state',
      since: 0,
      isSnapshot: false,
      sequence: 1,
      at: 0,
      id: 'pump',
      before: 'OPERATIONAL',
      after: 'DOWN',
      causes: [],
      membership: 'STAYED',
    });
    await page.locator('.result-window').getByText('"DOWN"').first().waitFor();
    await page.getByRole('button', { name: /stop query/i }).click();
    await states.left;
    // Refused were the presses that came too early.
    expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
  });
});
