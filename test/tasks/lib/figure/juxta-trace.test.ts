import { expect, test } from 'vitest';
import { juxtaTrace, tracePlot } from '../../../../tasks/lib/figure/juxta-trace.ts';
import { type DrawnTrace, tracePaths } from '../../../../tasks/lib/figure/juxta-trace-paths.ts';
import { drawn, texts } from './drawn.ts';

/** 1,000 samples in bins of 10; bin k lies between -k and k; spikes at samples 205 and 705. */
const trace: DrawnTrace = {
  samples: 1000,
  samplingRate: 100,
  bin: 10,
  low: Array.from({ length: 100 }, (_, k) => -k),
  high: Array.from({ length: 100 }, (_, k) => k),
  spikes: [205, 705],
  amplitudes: [-20, -70],
  marginal: [
    { sample: 205, detected: true },
    { sample: 300, detected: false },
  ],
  reach: 2,
  windows: [0, -5, -20, -5, 0, 0, -4, -8, -4, 0],
};
const plot = { width: 100, height: 200, yDomain: [-100, 100] } as const;

test('tracePaths draws the extremes of every bin', () => {
  const { envelope, samples } = tracePaths(trace, { from: 0, to: 10 }, plot);
  expect(envelope).toMatch(/^M0 100h1v-1h1v-1h1/);
  expect(samples).toBe('');
});

test('tracePaths merges bins that are narrower than a pixel', () => {
  const { envelope } = tracePaths(trace, { from: 0, to: 10 }, { ...plot, width: 10 });
  expect(envelope).toMatch(/^M0 91h1v-10h1v-10h1/);
});

test('tracePaths draws a short stretch with every sample around marginal peaks and their marks', () => {
  const paths = tracePaths(trace, { from: 2, to: 2.1 }, plot);
  expect(paths.envelope).toBe('M0 80h100v40h-100z');
  expect(paths.samples).toBe('M30 100l10 5l10 15l10-15l10-5');
  expect(paths.spikes).toBe('M50 120h0');
  expect(paths.marginalSpikes).toMatch(/^M50 120/);
  expect(paths.belowThreshold).toBe('');
  expect(tracePaths(trace, { from: 2.95, to: 3.05 }, plot).belowThreshold).toMatch(/^M50 108/);
});

test('juxtaTrace draws axes, noise and threshold', async () => {
  const noise = { median: 0, mad: 1, threshold: 8 };
  const whole = tracePlot(trace, noise, '-', { width: 600, height: 300 });
  expect(whole.yDomain[0]).toBeLessThan(-99);
  const svg = await drawn(juxtaTrace(trace, { noise, sign: '-' }, { from: 0, to: 10 }, whole));
  expect(texts(svg)).toEqual(expect.arrayContaining(['time (s)', 'juxta signal (trace units)']));
  expect(svg).toContain('stroke-dasharray');
});
