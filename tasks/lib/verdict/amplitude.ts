/** Criteria on how the amplitude changes, clear of the threshold: is it one cell, held by one pipette? Doubts only: no spike is lost by it. */
import type { AmplitudeDrift } from '../spikes/amplitude-drift.ts';
import type { AmplitudeModes } from '../spikes/amplitude-modes.ts';
import type { AmplitudeStep } from '../spikes/amplitude-step.ts';
import { type Criterion, measured, notComputed } from './criterion.ts';
import { decimal, percent, roundedUp } from './words.ts';

/** Two sizes of spikes in the distribution, and whether they follow one another in time or fire side by side. */
export function amplitudeModes(modes: AmplitudeModes | null, limit: number): Criterion {
  const criterion = 'amplitude_modes';
  if (modes === null) {
    return notComputed(criterion, limit, 'whether the spikes have one size cannot be told: too few spikes', 'unknown');
  }
  const { count: value, dipP, groups } = modes;
  const passed = value <= limit;
  const p = dipP < 0.001 ? 'p < 0.001' : `p = ${dipP.toFixed(3)}`;
  const found =
    groups === null
      ? `one size of spikes (dip test ${p})`
      : `two sizes of spikes, ${percent(groups.weight)} in the smaller group (dip test ${p}, Ashman's D ${decimal(groups.separation)}): ` +
        (groups.sideBySide
          ? 'they fire side by side, as two cells do'
          : 'they follow one another, as when the pipette moves');
  const reason = `${found}, ${passed ? `limit ${limit}` : `over the limit of ${limit} (${value} would pass)`}`;
  return measured(criterion, value, limit, { passed, over: 'doubtful', reason });
}

/** The sharpest step of amplitude, in sds of the spikes on either side. Steps are `at` a sample, in the heights' unit. */
export function amplitudeStep(
  steps: readonly (AmplitudeStep & { readonly at: number })[],
  samplingRate: number,
  mad: number,
  limit: number,
): Criterion {
  const criterion = 'amplitude_step';
  const sharpest = steps.reduce<(typeof steps)[number] | undefined>((a, b) => (a && a.sds >= b.sds ? a : b), undefined);
  if (sharpest === undefined) {
    return notComputed(criterion, limit, 'steps of amplitude cannot be looked for: fewer than 20 spikes', 'unknown');
  }
  const { sds: value, size, at } = sharpest;
  const passed = value <= limit;
  const height = mad > 0 ? `${decimal(Math.abs(size) / mad)} MAD, ` : '';
  const step = `by ${height}${decimal(value)} sd, at ${decimal(at / samplingRate)} s`;
  const reason = passed
    ? `sharpest step of the amplitude ${step}, limit ${limit} sd`
    : `the amplitude ${size > 0 ? 'rises' : 'falls'} ${step}, over the limit of ${limit} sd (${roundedUp(value)} would pass): ` +
      'the pipette has moved, or another cell fires';
  return measured(criterion, value, limit, { passed, over: 'doubtful', reason });
}

/** How many times the mean height of the lowest window that of the highest is. */
export function amplitudeDriftCriterion(drift: AmplitudeDrift | null, mad: number, limit: number): Criterion {
  const criterion = 'amplitude_drift';
  if (drift === null || !(drift.lowest > 0)) {
    return notComputed(
      criterion,
      limit,
      'the drift of the amplitude cannot be computed: no spikes beyond the baseline',
      'unknown',
    );
  }
  const value = drift.highest / drift.lowest;
  const passed = value <= limit;
  const range = mad > 0 ? ` (${decimal(drift.lowest / mad)} to ${decimal(drift.highest / mad)} MAD)` : '';
  const reason =
    `the mean amplitude changes ${decimal(value)}-fold over the recording${range}, ` +
    (passed
      ? `limit ${limit}`
      : `over the limit of ${limit} (${roundedUp(value)} would pass): it may not be the same cell throughout`);
  return measured(criterion, value, limit, { passed, over: 'doubtful', reason });
}
