import { expect, test } from 'vitest';
import { electrodeGrid } from '../../../../tasks/lib/figure/electrode-grid.ts';
import { gtWaveforms } from '../../../../tasks/lib/figure/gt-waveforms.ts';
import { gtWaveformsFlatten } from '../../../../tasks/lib/figure/gt-waveforms-flatten.ts';
import { drawn, texts, uniform } from './drawn.ts';

const arrayChannels = Array.from({ length: 252 }, (_, i) => (i < 126 ? i : i + 2));

/** Waveforms of the given size with values from `value`. */
function waveforms(channels: number, value: () => number, spread: () => number) {
  const samples = Int32Array.from({ length: 105 }, (_, i) => i - 45);
  const cells = channels * samples.length;
  return {
    channels,
    samples,
    median: Float64Array.from({ length: cells }, value),
    mad: Float64Array.from({ length: cells }, spread),
    spikes: 150,
    fileChannels: channels === 252 ? arrayChannels : Array.from({ length: channels }, (_, i) => i),
    maxOnChannel: channels - 1,
    samplingRate: 20_000,
  };
}

const next = uniform(9);
const quiet = (channels: number) =>
  waveforms(
    channels,
    () => 32_767 + 4 * next(),
    () => 5 + next(),
  );

test('both waveform figures have a subtitle and axis titles', async () => {
  const flat = texts(await drawn(gtWaveformsFlatten(quiet(252))));
  expect(flat).toContain('150 spikes, 252 channels of 105 samples, side by side');
  expect(flat).toContain('median ± 1 MAD (ADC units)');
  expect(flat).toContain('channel');
  const array = texts(await drawn(gtWaveforms(quiet(252))));
  expect(array).toContain('150 spikes, 252 channels down the columns in file order, corners left out');
  expect(array).toContain('largest on channel 251 (file channel 253)');
  expect(array).toContain('time from juxta peak (ms)');
  expect(array).toContain('median ± 1 MAD (ADC units)');
  expect(array.join('|')).toMatch(/(^|\|)\d+ ADC units, 2 ms/);
});

test('waveform figures of 252 random channels stay small, and equal data gives equal figures', async () => {
  const wild = waveforms(
    252,
    () => 65_535 * next(),
    () => 30_000 * next(),
  );
  expect(await drawn(gtWaveforms(wild))).toBe(await drawn(gtWaveforms(wild)));
  expect(await drawn(gtWaveformsFlatten(wild))).toBe(await drawn(gtWaveformsFlatten(wild)));
});

test.each([1, 2, 5, 33, 64])('both waveform figures draw %i channels', async (channels) => {
  const labels = texts(await drawn(gtWaveforms(quiet(channels))));
  expect(labels).toContain(`channel ${channels - 1}`);
  await drawn(gtWaveformsFlatten(quiet(channels)));
});

test('both waveform figures draw no spikes, a single spike, and equal values', async () => {
  const none = { ...quiet(4), spikes: 0, median: new Float64Array(), mad: new Float64Array(), maxOnChannel: null };
  expect(texts(await drawn(gtWaveforms(none)))).toContain('no spikes');
  expect(texts(await drawn(gtWaveformsFlatten(none)))).toContain('no spikes');
  const equal = {
    ...waveforms(
      252,
      () => 32_767,
      () => 0,
    ),
    spikes: 1,
  };
  expect(texts(await drawn(gtWaveforms(equal))).join()).toContain('1 spike,');
  expect(texts(await drawn(gtWaveformsFlatten(equal))).join()).toContain('1 spike,');
});

test('a dip of a single sample is visible in the flattened waveforms', async () => {
  const flat = waveforms(
    252,
    () => 32_767,
    () => 0,
  );
  const without = await drawn(gtWaveformsFlatten(flat));
  flat.median[137 * 105 + 45] = 32_000;
  const line = /d="([^"]*)"[^>]*stroke-width="0.9"|stroke-width="0.9"[^>]*d="([^"]*)"/.exec(
    await drawn(gtWaveformsFlatten(flat)),
  );
  expect(without).not.toContain(line?.[1] ?? line?.[2]);
  expect(line?.[1] ?? line?.[2]).toMatch(/l[.\d]+ 2\d\d/);
});

test('electrodeGrid gives every channel of the array its own cell and leaves the corners free', () => {
  const { cells, columns, rows, isArray } = electrodeGrid(arrayChannels);
  expect([columns, rows, isArray]).toEqual([16, 16, true]);
  const places = new Set(cells.map(({ column, row }) => 16 * column + row));
  expect(places.size).toBe(252);
  for (const corner of [0, 15, 240, 255]) expect(places.has(corner)).toBe(false);
  expect(cells[0]).toEqual({ column: 0, row: 1 });
  expect(cells[125]).toEqual({ column: 7, row: 15 });
  expect(cells[126]).toEqual({ column: 8, row: 0 });
  expect(cells[251]).toEqual({ column: 15, row: 14 });
});

test('electrodeGrid arranges other channels compactly', () => {
  expect(electrodeGrid([3, 5, 7, 9])).toMatchObject({ columns: 2, rows: 2, isArray: false });
  const others = Array.from({ length: 252 }, (_, i) => i);
  expect(electrodeGrid(others)).toMatchObject({ columns: 16, rows: 16, isArray: false });
  expect(electrodeGrid([4]).cells).toEqual([{ column: 0, row: 0 }]);
});
