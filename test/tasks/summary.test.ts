import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtInfoSummaryTable, verdictsTable } from '../../schemas/tasks/summary.ts';
import summary from '../../tasks/summary.ts';
import { runTask, temporaryFolder } from './run-task.ts';

const judged = (recording: string, verdict: string) => ({
  recording,
  value: { recording: [recording], verdict: [verdict], reason: [`why ${recording}`] },
});
const info = (recording: string, channel: number | null) => ({
  recording,
  value: {
    nb_spike: [7],
    max_on_channel: [channel],
    peak_value: [channel === null ? null : -25.5],
    peak_snr: [channel === null ? null : 8.5],
    noise_mad: [channel === null ? null : 3],
    file_channel: [channel === null ? null : channel + 2],
  },
});

function published(text: string): string {
  const path = join(temporaryFolder(), 'published.yaml');
  writeFileSync(path, text);
  return path;
}

const verdicts = [judged('b', 'accept'), judged('a', 'reject'), judged('c', 'borderline'), judged('own', 'accept')];

test('summary keeps the order of recordings and compares with the published list', async () => {
  const list =
    'recordings:\n  a: { decision: accepted, note: x }\n  b: { decision: accepted }\n  c: { decision: accepted, snr: 3 }\n';
  const run = await runTask(summary, {
    inputs: { gt_info: [info('b', 126), info('own', null)], verdicts, published: published(list) },
  });
  expect(await run.table('verdicts', verdictsTable)).toEqual({
    recording: ['b', 'a', 'c', 'own'],
    verdict: ['accept', 'reject', 'borderline', 'accept'],
    published: ['accepted', 'accepted', 'accepted', null],
    agrees: [true, false, null, null],
    reason: ['why b', 'why a', 'why c', 'why own'],
  });
  expect(await run.table('gt_info', gtInfoSummaryTable)).toEqual({
    recording: ['b', 'own'],
    nb_spike: BigInt64Array.of(7n, 7n),
    max_on_channel: [126, null],
    peak_value: [-25.5, null],
    peak_snr: [8.5, null],
    noise_mad: [3, null],
    file_channel: [128, null],
  });
  expect(run.text('accepted')).toBe('b\nown\n');
});

test('a published rejection agrees only with reject; a borderline verdict neither agrees nor differs', async () => {
  const list = 'recordings: { a: { decision: rejected }, b: { decision: rejected }, c: { decision: rejected } }';
  const run = await runTask(summary, { inputs: { gt_info: [], verdicts, published: published(list) } });
  expect((await run.table('verdicts', verdictsTable)).agrees).toEqual([false, true, null, null]);
});

test('summary works without a published list and without recordings', async () => {
  const run = await runTask(summary, { inputs: { gt_info: [], verdicts: [] } });
  expect((await run.table('verdicts', verdictsTable)).recording).toEqual([]);
  expect(run.text('accepted')).toBe('');
});

test.each([
  [
    'recordings: { a: { decision: maybe } }',
    /published\.yaml: the decision on a is "maybe", expected accepted or rejected/,
  ],
  ['recordings: { a: {} }', /the decision on a is nothing/],
  ['nothing: here', /no mapping 'recordings'/],
  ['recordings: {', /not valid YAML/],
])('summary names the mistake in a bad published list: %s', async (text, message) => {
  const inputs = { gt_info: [], verdicts, published: published(text) };
  await expect(runTask(summary, { inputs })).rejects.toThrow(message);
});
