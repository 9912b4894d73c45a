/**
 * The missed fraction on synthetic recordings of known truth, 0 to 60 % missed, with and without drift. A sample of them
 * here; all with `RECORDINGS=1000 npx vitest run test/tasks/lib/signal/accuracy.test.ts`.
 */
import { expect, test } from 'vitest';
import { missedInWindows } from '../../../../tasks/lib/signal/missed-in-windows.ts';
import { randomSource } from '../../../../tasks/lib/signal/random.ts';
import { bisect, phi } from '../../../../tasks/lib/signal/truncated-gaussian.ts';
import { windowsOf } from '../../../../tasks/lib/signal/windows.ts';
import { synthetic } from './synthetic.ts';

const RECORDINGS = Number(process.env.RECORDINGS ?? 250);
const DRIFTS = [0, 0, 2, -3];

/** Mean over the recording of the share below the threshold, when the mean height goes from `height - drift/2` to `+ drift/2`. */
function shareMissed(height: number, drift: number): number {
  let sum = 0;
  for (let i = 0; i < 50; i++) sum += phi(-(height + drift * ((i + 0.5) / 50 - 0.5))) / 50;
  return sum;
}

function recording(seed: number) {
  const random = randomSource(seed);
  const uniform = () => random() / 0x1_0000_0000;
  const wanted = 0.6 * uniform();
  const drift = DRIFTS[seed % DRIFTS.length] as number;
  const found = 300 + Math.floor(5000 * uniform());
  const height = bisect((at) => shareMissed(at, drift) > wanted, -10, 10);
  const made = synthetic(seed, {
    count: Math.round(found / (1 - wanted)),
    height: (time) => height + drift * (time - 0.5),
  });
  const windows = windowsOf(made.spikes, made.length, 200_000, 30);
  return { ...made, height, drift, fit: missedInWindows(made.beyond, windows) };
}

test('the estimate is within 2 points, and the interval holds the truth 90 to 98 times in 100', {
  timeout: 600_000,
}, () => {
  const made = Array.from({ length: RECORDINGS }, (_, i) => recording(i + 1));
  const fitted = made.flatMap(({ fit, ...rest }) => (fit ? [{ ...rest, pooled: fit.pooled }] : []));
  expect(fitted.length).toBeGreaterThan(0.95 * RECORDINGS);
  const held = fitted.filter(({ pooled, missed }) => pooled.low <= missed && missed <= pooled.high);
  const coverage = held.length / fitted.length;
  const clear = fitted.filter(
    ({ spikes, height, drift }) => spikes.length >= 3000 && height - Math.abs(drift) / 2 >= 1,
  );
  const errors = clear.map(({ pooled, missed }) => Math.abs(pooled.estimate - missed)).sort((a, b) => a - b);
  const drifting = fitted.filter(({ spikes, height, drift }) => drift !== 0 && spikes.length >= 3000 && height >= 1);
  const driftErrors = drifting.map(({ pooled, missed }) => Math.abs(pooled.estimate - missed)).sort((a, b) => a - b);
  const median = (sorted: readonly number[]) => sorted[sorted.length >> 1] ?? Number.NaN;
  expect(coverage).toBeGreaterThanOrEqual(0.9);
  expect(coverage).toBeLessThanOrEqual(0.98);
  expect(median(errors)).toBeLessThan(0.02);
  expect(median(driftErrors)).toBeLessThan(0.02);
});
