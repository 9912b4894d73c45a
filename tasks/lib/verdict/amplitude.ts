/** Criteria on changes of the amplitude, clear of the threshold: is it a single cell, and does the pipette hold it? Doubts only: such changes lose no spike. */
import type { AmplitudeDrift } from '../spikes/amplitude-drift.ts';
import { type AmplitudeModes, MAX_DIP_P } from '../spikes/amplitude-modes.ts';
import type { AmplitudeStep } from '../spikes/amplitude-step.ts';
import { type Criterion, measured, notComputed } from './criterion.ts';
import { decimal, percent } from './words.ts';

/** Finds two sizes of spikes in the distribution, and tells whether they follow each other in time or fire side by side. */
export function amplitudeModes(modes: AmplitudeModes | null, limit: number): Criterion {
  const criterion = 'amplitude_modes';
  if (modes === null) {
    return notComputed(criterion, limit, 'too few spikes to tell whether they have one size', 'unknown');
  }
  const { count: value, groups } = modes;
  const passed = value <= limit;
  if (groups === null) {
    const reason = 'the spikes have one size';
    return measured(criterion, value, limit, { passed, over: 'doubtful', brief: reason, reason });
  }
  const brief = `${percent(groups.weight)} of the spikes form a second, smaller group`;
  const when = groups.sideBySide
    ? 'both sizes fire at the same time, as two cells do'
    : 'one size comes after the other, as when the pipette moves';
  const reason = `${brief} by height (${provenBy(modes, groups)}), ${passed ? 'limit' : 'over the limit of'} ${limit === 1 ? '1 size' : `${limit} sizes`}: ${when}`;
  return measured(criterion, value, limit, { passed, over: 'doubtful', brief, reason });
}

/** The test that proved two sizes: the dip test where it is significant, else the two fitted Gaussians. */
function provenBy({ dipP }: AmplitudeModes, { separation }: NonNullable<AmplitudeModes['groups']>): string {
  if (dipP >= MAX_DIP_P) return `two Gaussians fit better than one, Ashman's D ${decimal(separation)}`;
  return dipP < 0.001 ? 'dip test p < 0.001' : `dip test p = ${dipP.toFixed(3)}`;
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
    return notComputed(
      criterion,
      limit,
      'fewer than 20 spikes are too few to look for steps of the amplitude',
      'unknown',
    );
  }
  const { sds: value, size, at } = sharpest;
  const passed = value <= limit;
  const direction = size > 0 ? 'rises' : 'falls';
  const sds = `${decimal(value)} sd`;
  const height = mad > 0 ? `${decimal(Math.abs(size) / mad)} MAD` : sds;
  const moment = `at ${decimal(at / samplingRate)} s`;
  const step = `${mad > 0 ? `${height} (${sds})` : sds} ${moment}`;
  const reason = passed
    ? `the sharpest step of the amplitude is ${step}, limit ${limit} sd`
    : `the amplitude ${direction} by ${step}, over the limit of ${limit} sd: ` +
      'the pipette moved, another cell fires, or the cell fires in a fast burst';
  const brief = `the amplitude ${direction} by ${height} ${moment}`;
  return measured(criterion, value, limit, { passed, over: 'doubtful', brief, reason });
}

/** Mean height of the highest window over that of the lowest. */
export function amplitudeDriftCriterion(drift: AmplitudeDrift | null, mad: number, limit: number): Criterion {
  const criterion = 'amplitude_drift';
  if (drift === null || !(drift.lowest > 0)) {
    return notComputed(
      criterion,
      limit,
      'the drift of the amplitude cannot be measured: no spikes beyond the baseline',
      'unknown',
    );
  }
  const value = drift.highest / drift.lowest;
  const passed = value <= limit;
  const range = mad > 0 ? ` (${decimal(drift.lowest / mad)} to ${decimal(drift.highest / mad)} MAD)` : '';
  const reason =
    `the mean amplitude of the highest window is ${value.toFixed(1)} times that of the lowest${range}, ` +
    (passed ? `limit ${limit}` : `over the limit of ${limit}: it may not be the same cell throughout`);
  const brief = `the mean amplitude changes by a factor of ${value.toFixed(1)} (limit ${limit})`;
  return measured(criterion, value, limit, { passed, over: 'doubtful', brief, reason });
}
