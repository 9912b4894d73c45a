import { expect, test } from 'vitest';
import { amplitudeSparkline } from '../../../../tasks/lib/figure/amplitude-sparkline.ts';
import { amplitudeTail } from '../../../../tasks/lib/figure/amplitude-tail.ts';
import { gridOfPositions } from '../../../../tasks/lib/figure/electrode-grid.ts';
import { bestWaveform, footprint } from '../../../../tasks/lib/figure/footprint.ts';
import { missedOverTime } from '../../../../tasks/lib/figure/missed-over-time.ts';
import { missedWaveform } from '../../../../tasks/lib/figure/missed-waveform.ts';
import { drawn, texts } from './drawn.ts';

/** Horizontal pixels of the vertical dashed lines. */
const dashedAt = (svg: string) =>
  [...svg.matchAll(/<line transform="translate\(([-\d.]+),[-\d.]+\)" x2="0"[^>]*stroke-dasharray/g)].map(([, x]) =>
    Number(x),
  );
/** The paths of a colour. */
const path = (svg: string, color: string) =>
  [...svg.matchAll(new RegExp(`d="([^"]*)"[^>]*(?:fill|stroke)="${color}"`, 'g'))].map(([, d]) => d ?? '');

const noise = { median: 0, mad: 1, threshold: 8 };

test('amplitudeSparkline draws negative and positive spikes with their threshold', async () => {
  const down = { time: [1, 5], amplitude: [-20, -10], noise, duration: 10, peakSign: '-' } as const;
  const svg = await drawn(amplitudeSparkline(down));
  const [dots = ''] = path(svg, '#0072b2');
  // Larger spikes are drawn lower, later spikes farther right: 1 s and 5 s of 10 s, 240 pixels with a margin of 2.
  expect(dots).toBe('M120 22h0m-94.4 20.8h0');
  const up = await drawn(amplitudeSparkline({ ...down, amplitude: [20, 10], peakSign: '+' }));
  expect(path(up, '#0072b2')[0]).toBe('M25.6 1.2h0m94.4 20.8h0');
  expect(svg).toContain('stroke-dasharray');
  await drawn(amplitudeSparkline({ ...down, time: [], amplitude: [] }));
});

test('amplitudeTail has a bin edge at the threshold', async () => {
  const tail = { spikes: [8.01, 8.2, 9, 30], below: [7.99, 6, 5.1], mirrored: [5.2, 5.3], threshold: 8 };
  const svg = await drawn(amplitudeTail(tail));
  const [level = Number.NaN] = dashedAt(svg);
  const [found = ''] = path(svg, '#0072b2');
  const [below = ''] = path(svg, '#5b6672').filter((d) => d.includes('z'));
  const left = (d: string) => [...d.matchAll(/M([\d.]+) /g)].map(([, x]) => Number(x));
  for (const x of left(found)) expect(x).toBeGreaterThanOrEqual(level);
  for (const x of left(below)) expect(x).toBeLessThan(level);
  expect(left(found).length).toBe(2);
  expect(texts(svg)).toEqual(expect.arrayContaining(['spikes', 'not detected', 'distance from the baseline (MAD)']));
  await drawn(amplitudeTail({ spikes: [], below: [], mirrored: [], threshold: 8 }));
});

test('missedOverTime draws shares by square root, the limit and the accepted periods', async () => {
  const windows = [
    { from: 0, to: 10, missed: 0.04, low: 0.01, high: 0.09, sound: true },
    { from: 10, to: 20, missed: 0.64, low: 0.49, high: 0.81, sound: false },
  ];
  const svg = await drawn(missedOverTime({ windows, accepted: [{ from: 0, to: 10 }], limit: 0.25, duration: 20 }));
  const [strip, band, line] = path(svg, '#0072b2');
  expect([strip, band, line]).toEqual(['M0-10h280', 'M0 126H280V162H0z', 'M0 144h280']);
  expect(path(svg, '#d55e00')).toContain('M280 18H560V54H280z');
  expect(texts(svg)).toContain('accepted periods');
  const none = await drawn(missedOverTime({ windows: [], accepted: [], limit: 0.05, duration: 20 }));
  expect(texts(none)).toEqual(expect.arrayContaining(['no accepted period', 'no fit in windows is possible']));
});

test('missedWaveform draws the mean trace in MADs, with the threshold', async () => {
  const sample = Int32Array.from({ length: 81 }, (_, at) => at - 40);
  const around = { sample, samplingRate: 20_000, noise: { median: 1, mad: 2 }, level: -15 };
  const spike = await drawn(missedWaveform({ ...around, mean: Array.from(sample, (at) => (at === 0 ? -13 : 1)) }));
  const flat = await drawn(missedWaveform({ ...around, mean: Array.from(sample, () => 1) }));
  expect(texts(spike)).toEqual(expect.arrayContaining(['time (ms)', 'mean trace (MAD)', '\u22128']));
  expect(spike).toContain('stroke-dasharray="5,4"');
  expect(spike).not.toBe(flat);
  expect(await drawn(missedWaveform({ ...around, noise: { median: 1, mad: 0 }, mean: [...sample] }))).not.toMatch(
    /NaN/,
  );
});

test('footprint and bestWaveform draw the cell, and the footprint of 252 channels takes few bytes', async () => {
  const samples = Array.from({ length: 105 }, (_, i) => i - 45);
  const fileChannels = [...Array.from({ length: 126 }, (_, i) => i), ...Array.from({ length: 126 }, (_, i) => 128 + i)];
  const median = Float64Array.from({ length: 252 * 105 }, (_, i) => (i % 105 === 45 ? -30 : (i * 31) % 7));
  const array = {
    channels: 252,
    samples,
    median,
    mad: median.map(() => 3),
    spikes: 9,
    fileChannels,
    samplingRate: 20000,
    positions: null,
  };
  const svg = await drawn(footprint({ ...array, maxOnChannel: 130 }));
  expect(svg.length).toBeLessThan(60_000);
  expect(texts(await drawn(bestWaveform({ ...array, maxOnChannel: 130 })))).toContain('channel 130 (file channel 132)');
  for (const figure of [footprint, bestWaveform]) {
    expect(texts(await drawn(figure({ ...array, maxOnChannel: null })))).toContain('no waveforms');
  }
});

test('gridOfPositions puts electrodes at their places, y upwards, and returns null without a grid', () => {
  const grid = gridOfPositions([
    [30, 0],
    [0, 60],
    [60, 30],
  ]);
  expect(grid).toMatchObject({ columns: 3, rows: 3 });
  expect(grid?.cells).toEqual([
    { column: 1, row: 2 },
    { column: 0, row: 0 },
    { column: 2, row: 1 },
  ]);
  expect(gridOfPositions(Array.from({ length: 100 }, (_, i) => [i * 0.7, i * i] as const))).toBe(null);
});
