import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { arrayTotalsTable, levelsTable, totalsTable } from '../../schemas/tasks/evidence.ts';
import { rocTable, witnessesTable } from '../../schemas/tasks/roc.ts';
import { judgedTable, syntheticParams } from '../../schemas/tasks/synthetic.ts';
import evidence from '../../tasks/evidence.ts';
import roc from '../../tasks/roc.ts';
import synthetic from '../../tasks/synthetic.ts';
import { drawn, texts } from './lib/figure/drawn.ts';
import { runTask, temporaryFolder } from './run-task.ts';

const file = (text: string) => {
  const path = join(temporaryFolder(), 'before.csv');
  writeFileSync(path, text);
  return path;
};

test('synthetic makes, judges and draws a scenario; evidence and roc gather it', async () => {
  const params = { scenario: 'lognormal', recordings: 1 };
  const run = await runTask(synthetic, { inputs: {}, params });
  const judged = await run.table('judged', judgedTable);
  expect([...judged.level]).toEqual([0, 0.05, 0.1, 0.2]);
  expect(new Set(judged.half)).toEqual(new Set(['held back']));
  expect(judged.missed_share.at(-1)).toBeGreaterThan(0.05);
  expect(judged.verdict.at(-1)).toBe('reject');
  expect(judged.deciding.at(-1)).not.toBe('');
  const labels = texts(await drawn(run.figures.verdict_shares as never));
  expect(labels).toEqual(expect.arrayContaining(['intended share below the threshold', '0.2', 'true missed share']));
  const value = run.path('judged');

  const last = `lognormal,0.2,${judged.seed.at(-1)}`;
  const head = `scenario,level,seed,missed_share,extra_share,verdict,${intervals('missed_fraction')},${intervals('missed_fraction_in_windows')},missed_in_periods`;
  const before = file(`${head}\n${last},${judged.missed_share.at(-1)},0,accept,0,0.1,,,0.2\n`);
  const gathered = [{ recording: 'lognormal', value }];
  const shown = await runTask(evidence, { inputs: { judged: gathered, before } });
  const levels = await shown.table('levels', levelsTable);
  expect([...levels.recordings]).toEqual([1, 1, 1, 1]);
  expect([...levels.accept_before]).toEqual([null, null, null, 1]);
  expect([...levels.reject].at(-1)).toBe(1);
  const totals = await shown.table('totals', totalsTable);
  const accepted = totals.measure.indexOf('lost 10 % or more: accepted');
  expect([totals.half[accepted], totals.before[accepted], totals.of_before[accepted]]).toEqual(['held back', 1, 1]);
  expect(shown.text('tables')).toContain('| `lognormal` | 0.2 | 1 |');
  expect([...levels.reject_with_array].at(-1)).toBe(1);
  const beside = await shown.table('array_totals', arrayTotalsTable);
  const lost = Array.from(beside.measure, (measure, at) => ({
    measure,
    half: beside.half[at],
    snr: beside.snr[at],
    at,
  })).filter(({ measure, half }) => measure === 'lost 10 % or more: rejected' && half === 'held back');
  const total = lost.find(({ snr }) => snr === 'any')?.at ?? -1;
  expect(beside.of_with_array[total]).toBe(judged.missed_share.filter((share) => share >= 0.1).length);
  const [under, over] = ['under 10', '10 to 12', '12 to 15', '15 and over'].reduce(
    ([all, counted], range) => {
      const { at = -1 } = lost.find(({ snr }) => snr === range) ?? {};
      return [all + (beside.of_alone[at] ?? 0), counted + (beside.alone[at] ?? 0)] as const;
    },
    [0, 0] as readonly [number, number],
  );
  expect([under, over]).toEqual([beside.of_alone[total], beside.alone[total]]);

  const other = file(`${head}\n${last},0.99,0,accept,0,0.1,,,0.2\n`);
  await expect(runTask(evidence, { inputs: { judged: gathered, before: other } })).rejects.toThrow(
    'it was made otherwise',
  );
  const short = file('scenario,level\n');
  await expect(runTask(evidence, { inputs: { judged: gathered, before: short } })).rejects.toThrow("no column 'seed'");

  const curves = await runTask(roc, { inputs: { judged: gathered } });
  const witnesses = await curves.table('witnesses', witnessesTable);
  expect(witnesses.witness[0]).toBe('reject');
  expect((await curves.table('roc', rocTable)).witness.length).toBeGreaterThan(6);
  expect(texts(await drawn(curves.figures.roc_curves as never)).join()).toContain('reject: area');
});

const intervals = (name: string) => `${name}_low,${name}_high`;

test('roc refuses recordings that all lost spikes or all did not', async () => {
  const run = runTask(roc, { inputs: { judged: [] } });
  await expect(run).rejects.toThrow('found 0 and 0');
});

test('synthetic.yaml runs every scenario', () => {
  const { each } = parse(readFileSync(new URL('../../synthetic.yaml', import.meta.url), 'utf8'));
  expect(each.recording).toEqual(syntheticParams.properties.scenario.enum);
});
