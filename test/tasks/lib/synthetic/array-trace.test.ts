import { expect, test } from 'vitest';
import { medianOf } from '../../../../tasks/lib/statistics/median-of.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { arrayTrace } from '../../../../tasks/lib/synthetic/array-trace.ts';
import { drawOf } from '../../../../tasks/lib/synthetic/draw.ts';
import { simulate } from '../../../../tasks/lib/synthetic/simulate.ts';
import { tissueOf } from '../../../../tasks/lib/synthetic/tissue.ts';

const cell = {
  train: { rate: 10, bursting: 0 },
  shape: { half: 5, afterWave: 0 },
  height: () => 30,
};
const simulated = simulate({ seconds: 10, cell, others: [cell] }, 1);

test.each([4, 16])('an array of %i electrodes shows the cell at its SNR among its neighbours', (electrodes) => {
  const length = simulated.trace.length;
  const plan = { electrodes, snr: 12 };
  const tissue = tissueOf(simulated, plan, length, drawOf(2));
  expect(Math.max(...tissue.cell.depth)).toBeCloseTo(1, 12);
  // The pipette's other cell, and a crowd.
  expect(tissue.others.length).toBeGreaterThan(50);
  expect(tissue.others[0]?.at).toEqual(simulated.others[0]?.at);

  const frames = arrayTrace(tissue, plan, length, drawOf(3));
  expect(frames).toHaveLength(length * electrodes);
  const best = tissue.cell.depth.indexOf(Math.max(...tissue.cell.depth));
  const at = (sample: number) => (frames[sample * electrodes + best] as number) - 32_767;
  const random = randomSource(4);
  const anywhere = Float64Array.from({ length: 20_000 }, () => Math.abs(at(random() % length)));
  const mad = 1.4826 * (medianOf(anywhere) as number);
  const troughs = medianOf(Float64Array.from(simulated.cell.at, at)) as number;
  expect(-troughs / mad).toBeGreaterThan(10.5);
  expect(-troughs / mad).toBeLessThan(13.5);
});

test('arrayTrace makes the same frames from the same seeds', () => {
  const plan = { electrodes: 4, snr: 8 };
  const frames = () =>
    arrayTrace(tissueOf(simulated, plan, simulated.trace.length, drawOf(2)), plan, simulated.trace.length, drawOf(3));
  expect(Buffer.from(frames().buffer).equals(Buffer.from(frames().buffer))).toBe(true);
});
