import { expect, test } from 'vitest';
import { type ArrayCall, arrayCall } from '../../../../tasks/lib/verdict/array-call.ts';
import { type ArrayMissed, arrayMissed } from '../../../../tasks/lib/witness/capture-recapture.ts';
import { type Testimony, testify } from '../../../../tasks/lib/witness/testify.ts';
import { addSpikes, everyNth, noiseTraces, SAMPLING_RATE, spikeTimes, templateOf, type World } from './small-array.ts';

const LIMITS = { missed: 0.05, leastSnr: 10 };
const WORLD: World = { seconds: 30, rate: 20, heights: [9, 6, 4, 2], seed: 1 };

interface Scene {
  readonly world?: World;
  /** Chooses the cell's true spikes that the pipette has. */
  readonly listed?: (times: readonly number[]) => readonly number[];
  readonly tail?: (times: readonly number[]) => readonly number[];
  /** Another cell on the same electrodes: its heights and times. */
  readonly other?: { readonly heights: readonly number[]; readonly times: readonly number[] };
}

type Judged = Testimony & { readonly missed: ArrayMissed; readonly call: ArrayCall };

function hear({ world = WORLD, listed = (times) => times, tail = () => [], other }: Scene): Judged {
  const traces = noiseTraces(world);
  const template = templateOf(world.heights);
  const times = spikeTimes(world);
  addSpikes(traces, template, times);
  if (other) addSpikes(traces, templateOf(other.heights, 0), other.times);
  const spikes = [...listed(times)].sort((a, b) => a - b);
  const said = testify({ traces, template, spikes, tail: tail(times), samplingRate: SAMPLING_RATE });
  if (typeof said === 'string') throw new Error(said);
  const missed = arrayMissed(said.counts);
  return { ...said, missed, call: arrayCall(said.counts, missed, said.snr, LIMITS) };
}

test('the array calls a complete recording complete', () => {
  const { call, snr, missed, unseen } = hear({});
  expect(call).toBe('complete');
  expect(snr).toBeGreaterThan(15);
  expect(missed.high).toBeLessThan(0.05);
  expect(unseen).toBe(0);
});

test.each([
  { n: 5, rate: 40, says: 'missing' },
  // A rare cell leaves hardly any refractory time, in which other cells could be excluded.
  { n: 5, rate: 5, says: 'in doubt' },
])('the array calls a loss of a spike in $n, at $rate Hz, $says', ({ n, rate, says }) => {
  const world = { ...WORLD, rate };
  const { call, missed, candidates, spikes } = hear({ world, listed: (times) => times.filter((_, i) => i % n !== 0) });
  expect(call).toBe(says);
  expect(missed.low).toBeLessThan(1 / n);
  expect(missed.high).toBeGreaterThan(1 / n);
  const clear = spikes.filter((spike) => spike.clear).length;
  const counted = candidates.filter((candidate) => candidate.counted).length;
  expect(counted / (counted + clear)).toBeCloseTo(1 / n, 1);
});

test('testify lists candidates at the moments that the pipette missed', () => {
  const missing = (times: readonly number[]) => everyNth(times, 10);
  const { candidates } = hear({ listed: (times) => times.filter((_, i) => i % 10 !== 0) });
  const expected = missing(spikeTimes(WORLD));
  for (const { at } of candidates) expect(expected.some((time) => Math.abs(time - at) <= 2)).toBe(true);
});

test('testify finds missed later spikes of bursts, which are smaller, by their times', () => {
  const traces = noiseTraces(WORLD);
  const template = templateOf(WORLD.heights);
  const times = spikeTimes(WORLD).filter((time, row, all) => time - (all[row - 1] ?? 0) > 400);
  const later = everyNth(times, 4).map((time) => time + 100);
  addSpikes(traces, template, times);
  addSpikes(traces, templateOf(WORLD.heights.map((height) => 0.72 * height)), later);
  const said = testify({ traces, template, spikes: times, tail: [], samplingRate: SAMPLING_RATE });
  if (typeof said === 'string') throw new Error(said);
  const { counts, candidates } = said;
  expect(counts.following).toBeGreaterThan(0.5 * later.length);
  expect(counts.preceding).toBeLessThan(0.1 * later.length);
  expect(candidates.filter(({ inBurst }) => inBurst)).toHaveLength(counts.following);
  const missed = arrayMissed(counts);
  expect(missed.bursts).toBe(true);
  expect(arrayCall(counts, missed, said.snr, LIMITS)).not.toBe('complete');
});

test('testify finds nine in ten missed spikes like the cell’s own, and its spikes pass the same test', () => {
  const { candidates, passing, spikes, unseen } = hear({ listed: (times) => times.filter((_, i) => i % 4 !== 0) });
  expect(candidates.length).toBeGreaterThan(100);
  expect(candidates.filter(({ own }) => own).length / candidates.length).toBeGreaterThan(0.9);
  expect(passing / (spikes.length - unseen)).toBeGreaterThan(0.85);
  expect(passing / (spikes.length - unseen)).toBeLessThan(1);
});

test('testify lists events of a neighbour as another’s', () => {
  const other = { heights: [8, 7, 3, 3], times: spikeTimes({ ...WORLD, rate: 12, seed: 9 }) };
  const { candidates } = hear({ other });
  const strangers = candidates.filter(({ own }) => !own);
  expect(strangers.length).toBeGreaterThan(0.5 * candidates.length);
});

test('testify counts artefacts in the list as spikes that the array did not see', () => {
  const { unseen, call, spikes } = hear({
    listed: (times) => [...times, ...everyNth(times, 4).map((time) => time + 31)],
  });
  expect(unseen / spikes.length).toBeCloseTo(0.2, 1);
  expect(call).toBe('complete');
});

test('testify tells the cell’s peaks below the threshold from others', () => {
  const quiet = (times: readonly number[]) => everyNth(times, 10).map((time) => time + 30);
  const { tail } = hear({
    listed: (times) => times.filter((_, i) => i % 10 !== 0),
    tail: (times) => [...everyNth(times, 10), ...quiet(times)].sort((a, b) => a - b),
  });
  const own = tail.filter(({ score }) => score > 0.6);
  const others = tail.filter(({ score }) => score < 0.4);
  expect(own).toHaveLength(tail.length / 2);
  expect(others).toHaveLength(tail.length / 2);
});

test('testify finds a second cell in the list as a second group, of its share', () => {
  const other = { heights: [3, 5, 8, 8], times: spikeTimes({ ...WORLD, rate: 4, seed: 7 }) };
  const { groups } = hear({ other, listed: (times) => [...times, ...other.times] });
  expect(groups?.separation).toBeGreaterThan(4);
  expect(groups?.valley).toBeLessThan(0.5);
  const share = other.times.length / (other.times.length + spikeTimes(WORLD).length);
  expect(groups?.share).toBeCloseTo(share, 1);
});

test('testify finds no second group behind a single cell', () => {
  expect(hear({}).groups?.separation).toBeLessThan(4);
});

test('an array that hardly sees the cell cannot tell if spikes are missing', () => {
  const { call, snr } = hear({ world: { ...WORLD, heights: [2, 1, 1, 1] } });
  expect(snr).toBeLessThan(10);
  expect(call).toBe('cannot tell');
});

test('testify names too few spikes, and spikes that the array did not record, as its reasons', () => {
  const traces = noiseTraces(WORLD);
  const recorded = { traces, template: templateOf(WORLD.heights), tail: [], samplingRate: SAMPLING_RATE };
  expect(testify({ ...recorded, spikes: [1000, 2000] })).toBe('too few spikes');
  expect(testify({ ...recorded, spikes: spikeTimes(WORLD) })).toBe('spikes not seen');
});
