/** Turns the tables of a recording into the figures of its section. */
import type { Row } from 'groundproof/task';
import type { Spec } from 'vega';
import type { belowThresholdTable } from '../../../schemas/tasks/detect.ts';
import type { criteriaTable, windowsTable } from '../../../schemas/tasks/verdict.ts';
import { amplitudeTail } from '../figure/amplitude-tail.ts';
import { juxtaAmplitudeOverTime } from '../figure/juxta-amplitude-over-time.ts';
import { missedOverTime } from '../figure/missed-over-time.ts';
import { missedWaveform } from '../figure/missed-waveform.ts';
import { detectionLevel, type Noise, type PeakSign } from '../figure/noise-guides.ts';

/** The detected spikes with the noise of their trace; times in s, amplitudes in the trace's unit. */
export interface RecordedSpikes {
  readonly time: Float64Array;
  readonly amplitude: Float32Array;
  readonly noise: Noise;
  /** Length of the recording in s. */
  readonly duration: number;
  readonly peakSign: PeakSign;
}

type SmallPeak = Row<typeof belowThresholdTable>;

/** Amplitudes over time below their histogram, without a title: the page has its own. */
export function amplitudesFigure(
  spikes: RecordedSpikes,
  { bin_left: binLeft, count }: { readonly bin_left: Float64Array; readonly count: BigInt64Array },
): Spec {
  const binWidth = binLeft.length > 1 ? (binLeft[1] as number) - (binLeft[0] as number) : 1;
  const { title: _, ...figure } = juxtaAmplitudeOverTime({ ...spikes, binLeft, count, binWidth, maxDots: 4000 });
  return figure;
}

export function tailFigure({ amplitude, noise, peakSign }: RecordedSpikes, below: readonly SmallPeak[]): Spec {
  const heights = (values: ArrayLike<number>) =>
    Array.from(values, (value) => Math.abs(value - noise.median) / (noise.mad > 0 ? noise.mad : 1));
  const heightsBelow = (peaks: readonly SmallPeak[]) => heights(peaks.map((peak) => peak.amplitude));
  const [threshold = 0] = heights([detectionLevel(noise, peakSign)]);
  return amplitudeTail({
    spikes: heights(amplitude),
    below: heightsBelow(below.filter((peak) => !peak.mirrored)),
    mirrored: heightsBelow(below.filter((peak) => peak.mirrored)),
    threshold,
  });
}

/** Start and end in s. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export const periodOf = (
  { start_sample, end_sample }: { readonly start_sample: bigint; readonly end_sample: bigint },
  samplingRate: number,
): Period => ({ from: Number(start_sample) / samplingRate, to: Number(end_sample) / samplingRate });

export function missedFigure(recording: {
  readonly windows: readonly Row<typeof windowsTable>[];
  readonly accepted: readonly Period[];
  readonly criteria: readonly Row<typeof criteriaTable>[];
  readonly samplingRate: number;
  /** Length of the recording in s. */
  readonly duration: number;
}): Spec {
  const { windows, accepted, criteria, samplingRate, duration } = recording;
  return missedOverTime({
    windows: windows.map((window) => ({
      ...periodOf(window, samplingRate),
      missed: window.missed_fraction,
      low: window.missed_fraction_low,
      high: window.missed_fraction_high,
      sound: window.sound,
    })),
    accepted,
    limit: criteria.find(({ criterion }) => criterion === 'worst_window')?.limit ?? 0,
    duration,
  });
}

/**
 * Whether the array was asked for missed spikes. Below the SNR at which it is asked, its candidates are other cells'.
 */
export const wasArrayAsked = (criteria: readonly Row<typeof criteriaTable>[]): boolean =>
  criteria.some(({ criterion, outcome }) => criterion === 'array_missed' && outcome !== 'unasked');

/** The mean trace at the array's candidates; with candidates every sample has a mean. */
export function missedWaveformFigure(
  { sample, mean }: { readonly sample: ArrayLike<number>; readonly mean: ArrayLike<number | null> },
  { noise, peakSign }: RecordedSpikes,
  samplingRate: number,
): Spec {
  const values = Array.from(mean, (value) => value ?? Number.NaN);
  return missedWaveform({ sample, mean: values, samplingRate, noise, level: detectionLevel(noise, peakSign) });
}
