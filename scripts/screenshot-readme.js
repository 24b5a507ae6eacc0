// node scripts/screenshot-readme.js ADDRESS: README's picture, from a running server with the example plant.
// Opens the query page's second question, asks it, and writes docs/images/what-if.png.
import { mkdirSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [address] = argv.slice(2);
if (!address) {
  console.error('usage: node scripts/screenshot-readme.js http://127.0.0.1:4000');
  exit(2);
}
const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, colorScheme: 'light' });
  await page.goto(`${address}/graphiql/`);
  // The button works once both editors are there.
  await page.locator('.view-line').getByText('Hierarchy').waitFor();
  await page.locator('.result-window .view-line').first().waitFor({ state: 'attached' });
  await page.getByRole('tab', { name: 'WhatIf' }).click();
  await page.locator('.view-line').getByText('WhatIf').waitFor();
  // For a moment the page asks for the operation of the tab before, so it is asked until the answer is the right one.
  const answer = page.locator('.result-window').getByText('"summary"').first();
  for (let tries = 0; tries < 20 && !(await answer.isVisible()); tries += 1) {
    await page.getByRole('button', { name: /execute query/i }).click();
    await answer.waitFor({ timeout: 1000 }).catch(() => undefined);
  }
  await answer.waitFor();
  await page.screenshot({ path: `${folder}what-if.png` });
} finally {
  await browser.close();
}
