/** Criteria on other witnesses of the same spikes: the array, and the authors of the recording. */
import { type Criterion, measured, notComputed } from './criterion.ts';
import { decimal, limitInBrackets, limitPercent, percent, roughPercent } from './words.ts';

/** Signal-to-noise ratio on the best electrode. */
export function peakSnr(value: number | null, limit: number): Criterion {
  const criterion = 'peak_snr';
  if (value === null) {
    const reason = 'the SNR on the array cannot be measured: no waveform, or no noise on the best electrode';
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const passed = value >= limit;
  const snr = `the SNR on the array is ${value.toFixed(1)}`;
  const reason = `${snr}, ${passed ? `limit ${limit}` : `under the limit of ${limit}`}`;
  return measured(criterion, value, limit, { passed, over: 'failed', brief: `${snr} (limit ${limit})`, reason });
}

/** The lag that `waveforms` measured, and the samples a second. */
export interface Lag {
  readonly early_spikes: number;
  readonly late_spikes: number;
  readonly lag: number | null;
  readonly correlation: number | null;
}

/** Time, in ms, by which the cell's waveform on the array has moved against its spikes in the pipette. */
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
    const reason = `nobody can tell whether array and pipette keep the same time: ${why}`;
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const value = (Math.abs(lag) * 1000) / samplingRate;
  const passed = value <= limit;
  const reason =
    `the waveform on the array ${movedBy(value, lag)} ` +
    `(correlation ${(correlation ?? 0).toFixed(2)}), ` +
    (passed ? `limit ${limit} ms` : `over the limit of ${limit} ms: the clocks of pipette and array differ`);
  const brief = `the clocks of pipette and array drift apart by ${value.toFixed(2)} ms (limit ${limit} ms)`;
  return measured(criterion, value, limit, { passed, over: 'failed', brief, reason });
}

/** How far it moved; `lag` gives the side. */
const movedBy = (ms: number, lag: number): string =>
  ms < 0.005
    ? 'is at the same time at the end as at the beginning'
    : `lies ${ms.toFixed(2)} ms ${lag < 0 ? 'earlier' : 'later'} at the end than at the beginning`;

/** Counts by `detect` on the authors' list; nulls without a list. */
export type AuthorsAgreement = {
  readonly [name in 'found' | 'missed' | 'extra']: number | bigint | null;
} & { readonly median_offset: number | null };

/** Agreement of the authors' spikes with the detected spikes: pairs over all spikes of either list. A doubt only. */
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
    (passed ? `limit ${limitPercent(limit)}` : `under the limit of ${limitPercent(limit)}`);
  const brief = `only ${roughPercent(value, limit)} of the spikes are in the authors' list as well ${limitInBrackets(limit)}`;
  return [measured('authors_agreement', value, limit, { passed, over: 'doubtful', brief, reason })];
}
