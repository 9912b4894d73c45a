import { expect, test } from 'vitest';
import { shareOf } from '../../../../tasks/lib/statistics/share.ts';
import { amplitudeDriftCriterion, amplitudeModes, amplitudeStep } from '../../../../tasks/lib/verdict/amplitude.ts';
import { shortIntervals, spikeCount, thresholdHeight } from '../../../../tasks/lib/verdict/detection.ts';
import {
  clipping,
  doubleDetection,
  noiseChange,
  refractoryContamination,
} from '../../../../tasks/lib/verdict/faults.ts';
import { longestSilence, presence, shortSilences } from '../../../../tasks/lib/verdict/presence.ts';
import { arrayLag, authorsAgreement, peakSnr } from '../../../../tasks/lib/verdict/snr-lag-authors.ts';
import { isSound, worstWindow } from '../../../../tasks/lib/verdict/worst-window.ts';

test('limits are inclusive', () => {
  expect(spikeCount(100, 100).outcome).toBe('passed');
  expect(spikeCount(99, 100).outcome).toBe('failed');
  expect(thresholdHeight(5, 1, 5).outcome).toBe('passed');
  expect(presence([{ start: 0, end: 10 }], 100, 0.9, 'unknown').outcome).toBe('passed');
  expect(peakSnr(3, 3).outcome).toBe('passed');
});

test('NaN never passes', () => {
  const outcomes = [
    thresholdHeight(Number.NaN, 1, 5),
    thresholdHeight(1, Number.NaN, 5),
    peakSnr(Number.NaN, 0),
    presence([], Number.NaN, 0, 'unknown'),
    shortSilences({ estimate: Number.NaN, low: Number.NaN, high: Number.NaN }, 0.03, 'unknown'),
    arrayLag({ early_spikes: 50, late_spikes: 50, lag: Number.NaN, correlation: 1 }, 20_000, 0.4),
    clipping(Number.NaN, 0.01),
    noiseChange([Number.NaN, 1], 2),
    refractoryContamination({ estimate: Number.NaN, low: Number.NaN, high: Number.NaN }, 0.1),
    doubleDetection({ share: { value: Number.NaN, low: Number.NaN, high: Number.NaN }, latency: 30 }, 20_000, 0.05),
    amplitudeDriftCriterion({ lowest: Number.NaN, highest: 1 }, 1, 4),
  ].map(({ outcome }) => outcome);
  expect(outcomes).not.toContain('passed');
});

test('detection in words', () => {
  expect(spikeCount(380, 100).reason).toBe('380 spikes, limit 100');
  expect(spikeCount(80, 100).reason).toBe('80 spikes, under the limit of 100');
  expect(thresholdHeight(12.4, 1.55, 5)).toMatchObject({ value: 8, outcome: 'passed' });
  expect(thresholdHeight(-50, 1.25, 5)).toMatchObject({
    value: -40,
    outcome: 'failed',
    reason: 'the threshold lies -40.0 MAD from the baseline, under the limit of 5: noise counts as spikes',
  });
  expect(thresholdHeight(0, 0, 5)).toMatchObject({ value: null, outcome: 'failed' });
});

test('short intervals are a doubt until it is certain that they are too many', () => {
  expect(shortIntervals(shareOf(1, 100), 0.01).outcome).toBe('passed');
  expect(shortIntervals(shareOf(2, 100), 0.01).outcome).toBe('doubtful');
  expect(shortIntervals(shareOf(20, 100), 0.01)).toMatchObject({
    outcome: 'failed',
    reason:
      '20.0 % of the intervals are under 1 ms (95 % interval 13.3 to 28.9 %), over the limit of 1 %: spikes counted twice, or spikes of another cell',
  });
  expect(shortIntervals(null, 0.01)).toMatchObject({ value: null, outcome: 'failed' });
});

test('longest_silence doubts a silence that the rate does not explain; presence rejects too much silence', () => {
  const gaps = [
    { start: 0, end: 20_000 },
    { start: 100_000, end: 600_000 },
  ];
  const seconds = (count: number) => ({ explained: count * 20_000, unexplained: gaps.slice(1) });
  expect(longestSilence(gaps, seconds(10), 20_000, 'unknown')).toMatchObject({
    value: 25,
    outcome: 'doubtful',
    reason:
      'there are no spikes from 5 to 30 s, over the limit of 10 s that the firing rate explains: the cell was silent, or lost',
  });
  const two = {
    explained: 10,
    unexplained: [
      { start: 100_000, end: 600_000 },
      { start: 700_000, end: 760_000 },
    ],
  };
  expect(longestSilence(two.unexplained, two, 20_000, 'unknown').reason).toContain(
    'the longest of 2 such silences of 28 s together',
  );
  const explained = { explained: 200_000, unexplained: [] };
  expect(longestSilence(gaps.slice(0, 1), explained, 20_000, 'unknown').reason).toBe(
    'the longest silence lasts 1 s, limit 10 s',
  );
  expect(presence(gaps.slice(1), 1_000_000, 0.9, 'unknown')).toMatchObject({
    value: 0.5,
    outcome: 'failed',
    reason: 'the cell fires in 50.0 % of the recording, under the limit of 90 %',
  });
  const excess = { estimate: 0.12, low: 0.09, high: 0.15 };
  expect(shortSilences(excess, 0.03, 'unknown')).toMatchObject({
    value: 0.12,
    passesAt: 0.09,
    outcome: 'doubtful',
    reason:
      '12.0 % of the time is in silences longer than the rate around them explains (95 % interval 9.0 to 15.0 %), over the limit of 3 %: the cell fires by fits and starts, or is lost again and again for moments',
  });
  expect(shortSilences(excess, 0.09, 'unknown').outcome).toBe('passed');
  expect(shortSilences(null, 0.03, 'unknown')).toMatchObject({ value: null, outcome: 'unknown' });
});

test('the array tells a silent cell from a lost cell', () => {
  const gaps = [{ start: 100_000, end: 600_000 }];
  const silences = { explained: 40_000, unexplained: gaps };
  const excess = { estimate: 0.12, low: 0.09, high: 0.15 };
  const said = (word: 'silent' | 'lost') => [
    longestSilence(gaps, silences, 20_000, word),
    presence(gaps, 1_000_000, 0.9, word),
    shortSilences(excess, 0.03, word),
  ];
  expect(said('silent').map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
  expect(said('lost').map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
  expect(said('silent')[0]?.reason).toContain('the array does not see the cell fire there either, so it was silent');
});

test('the amplitude: steps, drift and several sizes are doubts', () => {
  const steps = [
    { row: 10, size: 1, sds: 2, at: 1000 },
    { row: 11, size: -12, sds: 7, at: 20_000 },
  ];
  expect(amplitudeStep(steps, 20_000, 2, 5)).toMatchObject({
    value: 7,
    outcome: 'doubtful',
    reason:
      'the amplitude falls by 6 MAD (7 sd) at 1 s, over the limit of 5 sd: the pipette moved, another cell fires, or the cell fires in a fast burst',
  });
  expect(amplitudeStep(steps, 20_000, 2, 7).outcome).toBe('passed');
  expect(amplitudeStep([], 20_000, 2, 5)).toMatchObject({ value: null, outcome: 'unknown' });
  expect(amplitudeDriftCriterion({ lowest: 10, highest: 50 }, 2, 4)).toMatchObject({ value: 5, outcome: 'doubtful' });
  expect(amplitudeDriftCriterion({ lowest: 10, highest: 40 }, 2, 4).reason).toBe(
    'the mean amplitude of the highest window is 4.0 times that of the lowest (5 to 20 MAD), limit 4',
  );
  const groups = { weight: 0.3, separation: 4.2, sideBySide: true };
  expect(amplitudeModes({ count: 2, dipP: 0.0004, groups }, 1)).toMatchObject({
    outcome: 'doubtful',
    reason:
      '30.0 % of the spikes form a second, smaller group by height (dip test p < 0.001), over the limit of 1 size: both sizes fire at the same time, as two cells do',
  });
  const byFit = amplitudeModes({ count: 2, dipP: 0.621, groups: { ...groups, sideBySide: false } }, 1).reason;
  expect(byFit).toContain("two Gaussians fit better than one, Ashman's D 4.2");
  expect(byFit).not.toContain('dip test');
  expect(amplitudeModes({ count: 1, dipP: 0.0001, groups: null }, 1)).toMatchObject({
    outcome: 'passed',
    reason: 'the spikes have one size',
  });
  expect(amplitudeModes(null, 1)).toMatchObject({ value: null, outcome: 'unknown' });
});

test('a second witness without an answer gives its reason', () => {
  expect(peakSnr(9.51, 0).reason).toBe('the SNR on the array is 9.5, limit 0');
  expect(peakSnr(null, 0)).toMatchObject({ value: null, outcome: 'unknown' });
  const lag = { early_spikes: 50, late_spikes: 48, lag: -30, correlation: 0.93 };
  expect(arrayLag(lag, 20_000, 0.4)).toMatchObject({
    value: 1.5,
    outcome: 'failed',
    reason:
      'the waveform on the array lies 1.50 ms earlier at the end than at the beginning (correlation 0.93), over the limit of 0.4 ms: the clocks of pipette and array differ',
  });
  expect(arrayLag({ ...lag, lag: 2 }, 20_000, 0.4).outcome).toBe('passed');
  expect(arrayLag({ ...lag, lag: null, late_spikes: 3 }, 20_000, 0.4).reason).toContain('3 in its last, 10 needed');
  expect(arrayLag({ ...lag, lag: null }, 20_000, 0.4)).toMatchObject({ value: null, outcome: 'unknown' });
  const agreement = { found: 90n, missed: 5n, extra: 5n, median_offset: -3 };
  expect(authorsAgreement(agreement, 0.95)[0]).toMatchObject({
    value: 0.9,
    outcome: 'doubtful',
    reason:
      "90.0 % of the authors' and the detected spikes are the same (90 found, 5 missed, 5 extra, median offset -3 samples), under the limit of 95 %",
  });
  expect(authorsAgreement(agreement, 0)[0]?.outcome).toBe('passed');
  expect(authorsAgreement({ found: null, missed: null, extra: null, median_offset: null }, 0.9)).toEqual([]);
});

test('a window is convicted by both witnesses in it', () => {
  const limits = { edge: 0.01, missed: 0.05, interval: 0.2 };
  const share = (estimate: number, low: number, high: number) => ({ estimate, low, high });
  const quiet = { start: 0, end: 10, edge: shareOf(0, 60, 3), missed: share(0.6, 0.3, 0.8), counted: 'no' } as const;
  const crowded = {
    start: 10,
    end: 20,
    edge: shareOf(20, 60, 3),
    missed: share(0.5, 0.2, 0.8),
    counted: 'no',
  } as const;
  const thin = { ...crowded, missed: share(0.1, 0.01, 0.4) };
  expect(worstWindow([quiet], limits).outcome).toBe('passed');
  expect(worstWindow([quiet, thin], limits).outcome).toBe('doubtful');
  expect(worstWindow([quiet, thin, crowded], limits)).toMatchObject({
    value: 0.5,
    low: 0.2,
    outcome: 'failed',
    reason:
      'from 10 to 20 s 50.0 % of the spikes are missing (99.7 % interval 20.0 to 80.0 %), over the limit of 5 %; 33.3 % of the spikes found there lie at the threshold',
  });
  expect(worstWindow(null, limits)).toMatchObject({ value: null, outcome: 'unknown' });
  // What is counted below the threshold is a doubt by itself, and at most that if it may be another cell's.
  expect(worstWindow([{ ...quiet, counted: 'own' }], limits).outcome).toBe('doubtful');
  expect(worstWindow([{ ...crowded, counted: 'own' }], limits).outcome).toBe('failed');
  expect(worstWindow([{ ...crowded, counted: 'unknown' }], limits).outcome).toBe('doubtful');
});

test('a window is sound if hardly any spike is counted below the threshold, or, without a count, if nothing speaks for missing spikes', () => {
  const limits = { edge: 0.01, missed: 0.05, interval: 0.2 };
  const at = (near: number, estimate: number, counted: 'own' | 'no') =>
    isSound({ start: 0, end: 10, edge: shareOf(near, 60, 3), missed: { estimate, low: 0, high: 1 }, counted }, limits);
  expect([at(0, 0, 'own'), at(1, 0.02, 'own'), at(1, 0.03, 'own'), at(20, 0.01, 'own')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([at(0, 0.03, 'no'), at(1, 0, 'no')]).toEqual([true, false]);
});

test('clipped heights, a noise that changes and foreign spikes are doubts, in words', () => {
  expect(clipping(0.3, 0.01)).toMatchObject({
    outcome: 'doubtful',
    reason:
      '30.0 % of the spikes are cut at one and the same height, over the limit of 1 %: the amplifier or the converter saturates',
  });
  expect(noiseChange([1, 1.1, 2.5], 2)).toMatchObject({ value: 2.5, outcome: 'doubtful' });
  expect(noiseChange([1, 1.1, 2.5], 2.5).outcome).toBe('passed');
  expect(noiseChange([0, 1], 2)).toMatchObject({ value: null, outcome: 'unknown' });
  const foreign = { estimate: 0.3, low: 0.2, high: 0.4 };
  expect(refractoryContamination(foreign, 0.1)).toMatchObject({
    outcome: 'doubtful',
    reason:
      "short intervals say that 30.0 % of the spikes are not this cell's (95 % interval 20.0 to 40.0 %), over the limit of 10 %: another cell's, or artefacts",
  });
  expect(refractoryContamination({ estimate: 0, low: 0, high: 0.6 }, 0.1).reason).toContain(
    'so few spikes cannot exclude more',
  );
  expect(refractoryContamination(null, 0.1).outcome).toBe('unknown');
});

test('spikes counted twice fail when that is certain', () => {
  const doubles = (count: number) => ({ share: shareOf(count, 100), latency: 30 });
  expect(doubleDetection(doubles(2), 20_000, 0.05).outcome).toBe('passed');
  expect(doubleDetection(doubles(7), 20_000, 0.05).outcome).toBe('doubtful');
  expect(doubleDetection(doubles(50), 20_000, 0.05)).toMatchObject({ outcome: 'failed' });
  expect(doubleDetection(doubles(50), 20_000, 0.05).reason).toContain('follow another by 1.5 ms');
  expect(doubleDetection(null, 20_000, 0.05).outcome).toBe('unknown');
});
