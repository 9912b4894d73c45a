import { expect, test } from 'vitest';
import { peaksTable } from '../../schemas/tasks/detect.ts';
import { truthTable } from '../../schemas/tasks/simulate.ts';
import detect from '../../tasks/detect.ts';
import { truthOf } from '../../tasks/lib/synthetic/truth.ts';
import simulate from '../../tasks/simulate.ts';
import unzip from '../../tasks/unzip.ts';
import { runTask } from './run-task.ts';

test('a simulated recording goes through the pipeline as an archive of the published format', {
  timeout: 120_000,
}, async () => {
  const params = { scenario: 'same_size_second_cell', level: 0.3, seed: 5, snr: 12 };
  const made = await runTask(simulate, { inputs: {}, params });
  const truth = await made.table('truth', truthTable);
  const of = (source: string) =>
    [...truth.sample_index].flatMap((at, row) => (truth.source[row] === source ? Number(at) : []));
  expect(of('other 1').length).toBeGreaterThan(10);

  const unzipped = await runTask(unzip, {
    inputs: { archive: made.path('archive') },
    params: { channels: 4, dropped_channels: [] },
  });
  const { peaks } = await runTask(detect, {
    inputs: {
      juxta: unzipped.path('juxta'),
      info: unzipped.path('info'),
      triggers: unzipped.path('triggers'),
    },
  }).then(async (run) => ({ peaks: await run.table('peaks', peaksTable) }));
  const { missed, extra } = truthOf(of('cell'), Array.from(peaks.sample_index, Number));
  expect(missed).toBeLessThan(0.01);
  expect(extra).toBeGreaterThan(0.2);

  const again = await runTask(simulate, { inputs: {}, params });
  expect(again.bytes('archive').equals(made.bytes('archive'))).toBe(true);
});

test('simulate refuses a level that the scenario does not have, and lists its levels', async () => {
  const run = runTask(simulate, { inputs: {}, params: { scenario: 'gaussian', level: 0.3 } });
  await expect(run).rejects.toThrow('gaussian has no level 0.3 (intended share below the threshold); it has 0, 0.02');
});
