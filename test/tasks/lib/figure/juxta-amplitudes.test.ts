import { expect, test } from 'vitest';
import { drawnBins } from '../../../../tasks/lib/figure/amplitude-histogram.ts';
import { juxtaAmplitudeOverTime } from '../../../../tasks/lib/figure/juxta-amplitude-over-time.ts';
import { juxtaPeakAmplitude } from '../../../../tasks/lib/figure/juxta-peak-amplitude.ts';
import { drawn, texts, uniform } from './drawn.ts';

const noise = { median: 0.1, mad: 1, threshold: 8.1 };
const duration = 300;

/** Spikes spread evenly over the recording, with their histogram. */
function spikes(amplitude: readonly number[], binWidth = 0.5) {
  const start = amplitude.reduce((low, value) => Math.min(low, value), 0);
  const bins = amplitude.length === 0 ? 0 : Math.ceil(-start / binWidth) - 1;
  const binLeft = Array.from({ length: bins }, (_, i) => start + i * binWidth);
  const count = binLeft.map((left) => amplitude.filter((a) => a >= left && a < left + binWidth).length);
  const time = amplitude.map((_, i) => (duration * (i + 0.5)) / amplitude.length);
  return { time, amplitude, binLeft, count, binWidth, noise, duration };
}

const next = uniform(5);
const some = spikes(Array.from({ length: 2000 }, () => -15 - 10 * next()));

test('both amplitude figures have a subtitle and axis titles', async () => {
  const over = texts(await drawn(juxtaAmplitudeOverTime(some)));
  expect(over).toContain('2,000 spikes in 300 s');
  expect(over).toContain('time (s)');
  const histogram = texts(await drawn(juxtaPeakAmplitude(some)));
  expect(histogram).toContain('2,000 spikes');
  for (const labels of [over, histogram]) {
    expect(labels).toContain('threshold −8.10');
    expect(labels).toContain('median 0.10, bands: 1 to 5 MAD (MAD 1.00)');
    expect(labels).toContain('juxta amplitude (trace units)');
    expect(labels).toContain('spikes per 0.5 units');
  }
});

test('equal data gives equal amplitude figures, as bigints and typed arrays too', async () => {
  const typed = {
    ...some,
    count: BigInt64Array.from(some.count, BigInt),
    binLeft: Float64Array.from(some.binLeft),
    time: Float64Array.from(some.time),
  };
  expect(await drawn(juxtaPeakAmplitude(typed))).toBe(await drawn(juxtaPeakAmplitude(some)));
  expect(await drawn(juxtaAmplitudeOverTime(typed))).toBe(await drawn(juxtaAmplitudeOverTime(some)));
});

const cases: [string, ReturnType<typeof spikes>, string][] = [
  ['no spikes', spikes([]), 'no spikes'],
  ['a single spike', spikes([-20]), '1 spike'],
  ['equal amplitudes', spikes(Array(300).fill(-20)), '300 spikes'],
  ['a far outlier', spikes([-20, -21, -9000]), '3 spikes'],
  [
    'a trace in volts',
    { ...spikes([-2e-5, -3e-5], 1e-6), noise: { median: 1e-7, mad: 1e-6, threshold: 8e-6 } },
    '2 spikes',
  ],
  ['no noise', { ...spikes([-1, -2]), noise: { median: 0, mad: 0, threshold: 0 } }, '2 spikes'],
  ['a threshold above zero', { ...spikes([-33, -34]), noise: { median: -30, mad: 1, threshold: -22 } }, '2 spikes'],
];

test.each(cases)('both amplitude figures draw %s', async (_, figure, subtitle) => {
  expect(texts(await drawn(juxtaPeakAmplitude(figure)))).toContain(subtitle);
  expect(texts(await drawn(juxtaAmplitudeOverTime(figure))).join()).toContain(subtitle);
});

test('amplitude figures draw the threshold of positive peaks above the median', async () => {
  const figure = { ...some, amplitude: [20, 30], time: [1, 2], binLeft: [20], count: [2], peakSign: '+' as const };
  expect(texts(await drawn(juxtaPeakAmplitude(figure)))).toContain('threshold 8.10');
  expect(texts(await drawn(juxtaAmplitudeOverTime(figure)))).toContain('threshold 8.10');
});

test('juxtaAmplitudeOverTime stays small with 200,000 spikes, spread or at the threshold', async () => {
  const amplitude = Float32Array.from({ length: 200_000 }, () => -8.2 - 90 * next() * next());
  const time = Float64Array.from(amplitude, () => duration * next());
  await drawn(juxtaAmplitudeOverTime({ ...some, amplitude, time }));
  const marginal = amplitude.map((value) => -8.1 + value / 100);
  await drawn(juxtaAmplitudeOverTime({ ...some, amplitude: marginal, time }));
});

test('drawnBins adds up neighbouring bins without losing a count', () => {
  const binLeft = Array.from({ length: 1801 }, (_, i) => i);
  const bins = drawnBins({ binLeft, count: binLeft.map(() => 2n), binWidth: 1 });
  expect(bins.width).toBe(3);
  expect(bins.left).toHaveLength(601);
  expect(bins.left.slice(0, 2)).toEqual([0, 3]);
  expect(bins.count.slice(-2)).toEqual([6, 2]);
});
