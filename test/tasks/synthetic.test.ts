import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { levelsTable, rocTable, witnessesTable } from '../../schemas/tasks/roc.ts';
import { judgedTable, syntheticParams } from '../../schemas/tasks/synthetic.ts';
import roc from '../../tasks/roc.ts';
import synthetic from '../../tasks/synthetic.ts';
import { drawn, texts } from './lib/figure/drawn.ts';
import { runTask } from './run-task.ts';

test('a scenario is made, judged and drawn; the curves gather it', async () => {
  const params = { scenario: 'spike_count_missed', recordings: 1 };
  const run = await runTask(synthetic, { inputs: {}, params });
  const judged = await run.table('judged', judgedTable);
  expect([...judged.level]).toEqual([30, 60, 100, 300, 1000, 4000]);
  expect(judged.verdict.slice(-2)).toEqual(['reject', 'reject']);
  expect(judged.deciding[0]).toContain('spike_count');
  expect(judged.deciding.at(-1)).toContain('missed_fraction');
  expect(judged.missed_fraction.at(-1)).toBeCloseTo(judged.missed_share.at(-1) ?? Number.NaN, 1);
  const labels = texts(await drawn(run.figures.verdict_shares as never));
  expect(labels).toEqual(expect.arrayContaining(['spikes found, 20 % missed', '4000', 'true missed share']));

  const sound = {
    ...judged,
    missed_share: judged.missed_share.map(() => 0),
    verdict: judged.verdict.map(() => 'accept'),
  };
  const gathered = await runTask(roc, {
    inputs: {
      judged: [
        { recording: 'spike_count_missed', value: run.path('judged') },
        { recording: 'sound', value: sound },
      ],
    },
  });
  const levels = await gathered.table('levels', levelsTable);
  expect(levels.scenario.filter((scenario) => scenario === 'sound')).toHaveLength(6);
  const witnesses = await gathered.table('witnesses', witnessesTable);
  expect(witnesses.witness[0]).toBe('reject');
  expect([witnesses.area[0], witnesses.true_positive[0], witnesses.false_positive[0]]).toEqual([1, 1, 0]);
  expect((await gathered.table('roc', rocTable)).witness.length).toBeGreaterThan(6);
  expect(texts(await drawn(gathered.figures.roc_curves as never))).toContain('reject: area 1.000');
});

test('curves need recordings of both kinds', async () => {
  const run = runTask(roc, { inputs: { judged: [] } });
  await expect(run).rejects.toThrow('found 0 and 0');
});

test('synthetic.yaml runs every scenario', () => {
  const { each } = parse(readFileSync(new URL('../../synthetic.yaml', import.meta.url), 'utf8'));
  expect(each.recording).toEqual(syntheticParams.properties.scenario.enum);
});
