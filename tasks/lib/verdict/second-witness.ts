/** Criteria on what others saw of the same spikes: the array, and the authors of the recording. */
import { type Criterion, measured, notComputed } from './criterion.ts';
import { decimal, limitPercent, percent, roundedDown, roundedUp } from './words.ts';

/** Signal-to-noise ratio on the best electrode. */
export function peakSnr(value: number | null, limit: number): Criterion {
  const criterion = 'peak_snr';
  if (value === null) {
    const reason = 'the peak SNR on the array cannot be computed: no waveform, or no noise on the best electrode';
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const passed = value >= limit;
  const reason =
    `peak SNR ${value.toFixed(1)} on the array, ` +
    (passed ? `limit ${limit}` : `under the limit of ${limit} (${roundedDown(value)} would pass)`);
  return measured(criterion, value, limit, { passed, over: 'failed', reason });
}

/** What `waveforms` measured of the lag, and the samples a second. */
export interface Lag {
  readonly early_spikes: number;
  readonly late_spikes: number;
  readonly lag: number | null;
  readonly correlation: number | null;
}

/** How far, in ms, the cell's waveform on the array has moved against its spikes in the pipette. */
export function arrayLag(
  { early_spikes, late_spikes, lag, correlation }: Lag,
  samplingRate: number,
  limit: number,
): Criterion {
  const criterion = 'array_lag';
  if (lag === null) {
    const few = Math.min(early_spikes, late_spikes) < 10;
    const why = few
      ? `${early_spikes} picked spikes in its first third, ${late_spikes} in its last, 10 needed of each`
      : 'the waveform on the array does not stand out of the noise';
    const reason = `whether array and pipette keep the same time cannot be told: ${why}`;
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const value = (Math.abs(lag) * 1000) / samplingRate;
  const passed = value <= limit;
  const reason =
    `the waveform on the array lies ${value.toFixed(2)} ms ${lag < 0 ? 'earlier' : 'later'} at the end than at the beginning ` +
    `(correlation ${(correlation ?? 0).toFixed(2)}), ` +
    (passed
      ? `limit ${limit} ms`
      : `over the limit of ${limit} ms (${roundedUp(value)} would pass): their clocks differ`);
  return measured(criterion, value, limit, { passed, over: 'failed', reason });
}

/** What `detect` counted of the authors' list; nulls without one. */
export type AuthorsAgreement = {
  readonly [name in 'found' | 'missed' | 'extra']: number | bigint | null;
} & { readonly median_offset: number | null };

/** How far the authors' own spikes and the detected ones are the same: pairs over all spikes of either list. A doubt only. */
export function authorsAgreement(agreement: AuthorsAgreement, limit: number): Criterion[] {
  if (agreement.found === null) return [];
  const [found, missed, extra] = [agreement.found, agreement.missed, agreement.extra].map(Number) as [
    number,
    number,
    number,
  ];
  const all = found + missed + extra;
  if (all === 0) return [];
  const value = found / all;
  const passed = value >= limit;
  const offset = agreement.median_offset === null ? '' : `, median offset ${decimal(agreement.median_offset)} samples`;
  const reason =
    `${percent(value)} of the authors' and the detected spikes are the same (${found} found, ${missed} missed, ${extra} extra${offset}), ` +
    (passed
      ? `limit ${limitPercent(limit)}`
      : `under the limit of ${limitPercent(limit)} (${roundedDown(value * 100)} % would pass)`);
  return [measured('authors_agreement', value, limit, { passed, over: 'doubtful', reason })];
}
