/** Says whether a recording can serve as ground truth, and why. */
import { defineTask, type Row, table } from 'groundproof/task';
import {
  belowThresholdTable,
  noiseTable,
  noiseWindowsTable,
  peaksTable,
  triggersAgreementTable,
} from '../schemas/tasks/detect.ts';
import { gtInfoTable } from '../schemas/tasks/snr.ts';
import {
  acceptedPeriodsTable,
  criteriaTable,
  verdictParams,
  verdictTable,
  windowsTable,
} from '../schemas/tasks/verdict.ts';
import { lagTable } from '../schemas/tasks/waveforms.ts';
import { missedCandidatesTable, spikeScoresTable, tailScoresTable, witnessTable } from '../schemas/tasks/witness.ts';
import { beyondThreshold } from './lib/detection/beyond-threshold.ts';
import { peakSignOf } from './lib/detection/peak-sign.ts';
import type { TailSample } from './lib/detection/tail-below-threshold.ts';
import { arrayEvidence } from './lib/verdict/array-evidence.ts';
import { judgeRecording } from './lib/verdict/judge-recording.ts';
import type { Detected } from './lib/verdict/recorded.ts';

export default defineTask({
  inputs: {
    peaks: table(peaksTable),
    noise: table(noiseTable),
    below_threshold: table(belowThresholdTable, { optional: true }),
    noise_windows: table(noiseWindowsTable, { optional: true }),
    gt_info: table(gtInfoTable, { optional: true }),
    lag: table(lagTable, { optional: true }),
    triggers_agreement: table(triggersAgreementTable, { optional: true }),
    witness: table(witnessTable, { optional: true }),
    spike_scores: table(spikeScoresTable, { optional: true }),
    tail_scores: table(tailScoresTable, { optional: true }),
    missed_candidates: table(missedCandidatesTable, { optional: true }),
  },
  params: verdictParams,
  outputs: {
    criteria: table(criteriaTable),
    verdict: table(verdictTable, { headline: 'verdict' }),
    windows: table(windowsTable),
    accepted_periods: table(acceptedPeriodsTable),
  },
  async run({ inputs, params, outputs, log }) {
    const columns = await inputs.peaks.columns();
    const noise = await inputs.noise.row();
    const noiseWindows = await inputs.noise_windows?.columns();
    const gtInfo = await inputs.gt_info?.row();
    const lag = await inputs.lag?.row();
    const authors = await inputs.triggers_agreement?.row();
    const witness = await inputs.witness?.row();
    const tables = {
      tail: await inputs.tail_scores?.columns(),
      spikes: await inputs.spike_scores?.columns(),
      candidates: await inputs.missed_candidates?.columns(),
    };
    const below = await inputs.below_threshold?.columns();
    const detected = detectedOf(columns, noise);
    const tail = below && tailOf(below, { detected, amplitude: columns.amplitude, noise }, params.tail_multiplier);
    const others = {
      ...(tail && { tail }),
      ...(noiseWindows && { noiseMads: Array.from(noiseWindows.mad) }),
      ...(gtInfo && { peakSnr: gtInfo.peak_snr }),
      ...(lag && { lag }),
      ...(authors && { authors }),
      ...(witness && { array: arrayEvidence(witness, tables) }),
    };
    const { verdict, reason, criteria, windows, acceptedPeriods } = judgeRecording(detected, others, params);
    log(`${verdict}: ${reason}`);

    await outputs.criteria.write({
      criterion: criteria.map(({ criterion }) => criterion),
      value: criteria.map(({ value }) => value),
      low: criteria.map(({ low }) => low),
      high: criteria.map(({ high }) => high),
      limit: criteria.map(({ limit }) => limit),
      passed: criteria.map(({ outcome }) => outcome === 'passed'),
      outcome: criteria.map(({ outcome }) => outcome),
      passes_at: criteria.map(({ passesAt }) => passesAt),
      reason: criteria.map(({ reason }) => reason),
    });
    await outputs.verdict.write({ recording: [params.recording], verdict: [verdict], reason: [reason] });
    await outputs.windows.write({
      start_sample: windows.map(({ start }) => start),
      end_sample: windows.map(({ end }) => end),
      spikes: windows.map(({ first, last }) => last - first),
      missed_fraction: windows.map(({ evidence }) => evidence.missed.estimate),
      missed_fraction_low: windows.map(({ evidence }) => evidence.missed.low),
      missed_fraction_high: windows.map(({ evidence }) => evidence.missed.high),
      edge_fraction: windows.map(({ evidence }) => evidence.edge?.value ?? null),
      sound: windows.map(({ sound }) => sound),
    });
    await outputs.accepted_periods.write({
      start_sample: acceptedPeriods.map(({ start }) => start),
      end_sample: acceptedPeriods.map(({ end }) => end),
    });
  },
});

function detectedOf(
  { amplitude, sample_index }: { readonly amplitude: Float32Array; readonly sample_index: ArrayLike<bigint> },
  { median, mad, threshold, n_samples, sampling_rate }: Row<typeof noiseTable>,
): Detected {
  const sign = peakSignOf(amplitude, median);
  return {
    spikes: Float64Array.from(sample_index, Number),
    beyond: beyondThreshold(amplitude, threshold, sign),
    level: sign === '+' ? threshold - median : threshold + median,
    mad,
    length: Number(n_samples),
    samplingRate: sampling_rate,
  };
}

interface TailOf {
  readonly detected: Detected;
  readonly amplitude: Float32Array;
  readonly noise: Row<typeof noiseTable>;
}

function tailOf(
  below: Omit<TailSample['below'], 'at'> & { readonly sample_index: ArrayLike<bigint> },
  { detected, amplitude, noise }: TailOf,
  multiplier: number,
): TailSample {
  const { spikes, level, mad, samplingRate } = detected;
  return {
    below: { ...below, at: Float64Array.from(below.sample_index, Number) },
    spikes: { at: spikes, amplitude },
    baseline: noise.median,
    mad,
    level,
    from: multiplier * mad,
    samplingRate,
  };
}
