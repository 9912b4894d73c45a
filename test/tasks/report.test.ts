import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import report from '../../tasks/report.ts';
import { runTask, temporaryFolder } from './run-task.ts';

const names = ['sound', 'cut_off', 'unseen'];

const written = (text: string): string => {
  const path = join(temporaryFolder(), 'part');
  writeFileSync(path, text);
  return path;
};

const criteria = (failed: boolean) => ({
  criterion: ['missed_fraction', 'presence'],
  value: [failed ? null : 0.01, 1],
  low: [failed ? 0.6 : 0, null],
  high: [failed ? null : 0.02, null],
  limit: [0.05, 0.9],
  passed: [!failed, true],
  outcome: [failed ? 'failed' : 'passed', 'passed'],
  passes_at: [null, 1],
  reason: ['', ''],
});

const info = {
  stem: ['patch_1'],
  padding: [7],
  samples: [20_000],
  sampling_rate: [20_000],
  channels: [4],
  dropped_channels: [''],
  mea_dtype: ['<u2'],
  juxta_dtype: ['<f4'],
  gain: [0.1],
  offset: [32767],
  modelled: ['all of it'],
};

async function page() {
  const viewed = names.slice(0, 2);
  const verdicts = {
    recording: names,
    verdict: ['accept', 'reject', 'borderline'],
    published: ['accepted', null, 'rejected'],
    agrees: [true, null, null],
    reason: ['fine', 'cut & <off>', 'nobody knows'],
  };
  const inputs = {
    verdicts,
    info: viewed.map((recording) => ({ recording, value: info })),
    criteria: viewed.map((recording, i) => ({ recording, value: criteria(i === 1) })),
    sections: viewed.map((recording) => ({ recording, value: written(`<p>view of ${recording}</p>`) })),
    sparklines: viewed.map((recording) => ({ recording, value: written('<svg></svg>') })),
  };
  return (await runTask(report, { inputs, params: { title: 'Truth & <lies>' } })).text('report');
}

test('report writes a page with a row and a section for each recording, even without a view', async () => {
  const html = await page();
  const rows = [...html.matchAll(/<tr data-verdict="(\w+)">/g)].map(([, verdict]) => verdict);
  expect(rows).toEqual(['accept', 'reject', 'borderline']);
  for (const name of names) {
    expect(html.includes(`<a href="#${name}">`) && html.includes(`<article id="${name}"`), name).toBe(true);
  }
  expect(html.includes('<b>1 of 2</b> agree with the published list, 1 borderline')).toBe(true);
  for (const part of [
    'rejected<span class="unseen">, undecided</span>',
    'view of sound',
    '<td class="why">fine</td>',
    'Made up: all of it',
  ]) {
    expect(html.includes(part), part).toBe(true);
  }
});

test('the page is self-contained and escapes text from users', async () => {
  const html = await page();
  for (const part of [
    'default-src &#39;none&#39;',
    '<title>Truth &amp; &lt;lies&gt;</title>',
    'cut &amp; &lt;off&gt;',
  ]) {
    expect(html.includes(part), part).toBe(true);
  }
  const [body = ''] = html.split('<footer>');
  expect(/<(?:img|link|iframe|object)\b|(?:src|href)="(?!#)/.exec(body)).toBe(null);
  expect(html.match(/<script/g)?.length).toBe(html.match(/<\/script>/g)?.length);
});
