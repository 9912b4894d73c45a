import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import report from '../../tasks/report.ts';
import { runTask } from '../tasks/run-task.ts';
import { smallTrace, smallView } from '../tasks/small-recording.ts';
import { launch } from './chromium.ts';

/** As many as were published, one with the longest name there can be. */
const names = Array.from({ length: 19 }, (_, i) =>
  i === 3 ? 'a'.repeat(64) : `2017${String(i).padStart(4, '0')}_patch1`,
);
const [first = '', second = ''] = names;

let browser: Browser;
let address: string;

beforeAll(async () => {
  const heights = [16, 8, 10];
  const views = await Promise.all(
    heights.map((height, i) => smallView(names[i] as string, smallTrace({ height, spikes: 200, seed: i + 1 }))),
  );
  const of = (port: 'section' | 'sparkline' | 'info' | 'criteria') =>
    names.map((recording, i) => ({ recording, value: (views[i % 3] as (typeof views)[number])[port] }));
  const verdicts = {
    recording: names,
    verdict: names.map((_, i) => ['accept', 'reject', 'borderline'][i % 3]),
    published: names.map((_, i) => ['accepted', 'rejected', null][i % 3]),
    agrees: names.map((_, i) => [true, false, null][i % 3]),
    reason: names.map((_, i) => `reason ${i}: ${'numbers and words '.repeat(8)}`),
  };
  const inputs = {
    verdicts,
    info: of('info'),
    criteria: of('criteria'),
    sections: of('section'),
    sparklines: of('sparkline'),
  };
  address = `file://${(await runTask(report, { inputs })).path('report')}`;
  browser = await launch();
});
afterAll(() => browser?.close());

/** What went wrong in any page of a test: errors, warnings, and requests for anything but the page. */
let wrong: string[] = [];
let pages: Page[] = [];
afterEach(async () => {
  for (const page of pages) await page.context().close();
  pages = [];
  expect(wrong).toEqual([]);
});

async function open(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
  wrong = [];
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })).newPage();
  page.on('console', (message) => wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) wrong.push(`asked for ${request.url()}`);
  });
  await page.goto(address + hash);
  pages.push(page);
  return page;
}

const rows = (page: Page) => page.locator('table.recordings tbody tr:visible th').allInnerTexts();
const status = (page: Page) => page.locator('article.shown .status').innerText();

test.each([
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 390 },
] as const)('no violation that axe-core knows, $colorScheme, $width pixels wide', async ({ colorScheme, width }) => {
  for (const hash of ['', `#${second}`]) {
    const page = await open(hash, { viewport: { width, height: 900 }, colorScheme });
    const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
      `${axe.source}; axe.run()`,
    );
    const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
    expect(violations, hash).toEqual([]);
  }
});

test.each([1440, 900, 390])('nothing sticks out of a window %i pixels wide', async (width) => {
  for (const hash of ['', `#${names[3]}`]) {
    const page = await open(hash, { viewport: { width, height: 900 } });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), hash).toBe(0);
  }
});

test('a column sorts up, down, and back', async () => {
  const page = await open();
  const spikes = page.getByRole('button', { name: 'Spikes' });
  const shown = () =>
    page
      .locator('table.recordings tbody tr')
      .evaluateAll((all) =>
        all.map((row) => Number(row.querySelector<HTMLElement>('[data-label=Spikes]')?.dataset.value)),
      );
  const before = await shown();
  await spikes.click();
  expect(await shown()).toEqual(before.toSorted((a, b) => a - b));
  await spikes.click();
  expect(await shown()).toEqual(before.toSorted((a, b) => b - a));
  expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
  await spikes.click();
  expect(await rows(page)).toEqual(names);
});

test('rows are filtered by verdict and by text', async () => {
  const page = await open();
  await page.getByRole('checkbox', { name: 'accept' }).uncheck();
  expect((await rows(page)).length).toBe(12);
  await page.getByRole('searchbox').fill('20170004');
  expect(await rows(page)).toEqual(['20170004_patch1']);
  expect(await page.locator('.filters output').innerText()).toBe('1 of 19 recordings');
});

test('a recording opens by keyboard, and its trace is zoomed and moved through', async () => {
  const page = await open();
  await page.getByRole('link', { name: first, exact: true }).first().focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe(first);
  expect(await page.locator('article:visible').count()).toBe(1);
  expect(await status(page)).toMatch(/^0\.00 to 20\.00 s: \d+ spikes\.$/);
  const canvas = page.getByRole('application');
  await canvas.focus();
  await page.keyboard.press('+');
  expect(await status(page)).toMatch(/^5\.00 to 15\.00 s/);
  await page.keyboard.press('ArrowRight');
  expect(await status(page)).toMatch(/^10\.00 to 20\.00 s/);
  await page.keyboard.press('n');
  expect(await status(page)).toMatch(
    /^Peak 1 of \d+ near the threshold: \d+\.\d\d MAD high at .* s, (not )?detected\. /,
  );
  await expect.poll(() => canvas.locator('svg path[stroke="#1f2933"][d^="M"]').count()).toBeGreaterThan(0);
  await page.keyboard.press('Home');
  expect(await status(page)).toMatch(/^0\.00 to 20\.00 s/);
  await page.goBack();
  expect(await rows(page)).toEqual(names);
});

test('the trace follows the mouse', async () => {
  const page = await open(`#${first}`);
  const canvas = page.getByRole('application');
  await canvas.dblclick();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('the trace is not shown');
  const middle = { x: box.x + box.width / 2, y: box.y + 100 };
  const before = await status(page);
  expect(before).not.toMatch(/^0\.00/);
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x - 200, middle.y, { steps: 4 });
  await page.mouse.up();
  const start = (text: string) => Number.parseFloat(text);
  expect(start(await status(page))).toBeGreaterThan(start(before));
});

test('light and dark', async () => {
  const page = await open('', { colorScheme: 'light' });
  const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  expect(await paper()).toBe('rgb(255, 255, 255)');
  await page.getByRole('button', { name: 'Dark' }).click();
  expect(await paper()).toBe('rgb(20, 24, 29)');
});

test('without a script everything stands there, and so it does in print', async () => {
  const plain = await open('', { javaScriptEnabled: false });
  expect(await plain.locator('article:visible').count()).toBe(19);
  expect(await plain.locator('article:visible svg.chart[role=img]').count()).toBeGreaterThan(19 * 6);
  const printed = await open();
  await printed.emulateMedia({ media: 'print' });
  expect(await printed.locator('article:visible').count()).toBe(19);
  expect(await printed.locator('.filters').isVisible()).toBe(false);
});

test('the page of 19 recordings is small', async () => {
  expect(readFileSync(address.slice('file://'.length)).length).toBeLessThan(5_000_000);
});
