/** Detects the cell's spikes in the juxtacellular trace, and compares them with the authors' spikes. */
import { DataError, defineTask, figure, file, type Log, table } from 'groundproof/task';
import {
  belowThresholdTable,
  detectParams,
  noiseTable,
  noiseWindowsTable,
  peaksTable,
  triggersAgreementTable,
} from '../schemas/tasks/detect.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { matchSpikes, type SpikeAgreement } from './lib/detection/match-spikes.ts';
import { findPeaks, PEAK_BIN, type PeakSign } from './lib/detection/peaks.ts';
import { peaksBelowThreshold, type TailPeaks } from './lib/detection/peaks-below-threshold.ts';
import { juxtaDetection } from './lib/figure/juxta-detection.ts';
import { type MedianMad, medianMad } from './lib/noise/median-mad.ts';
import { type NoiseWindow, noiseInWindows } from './lib/noise/noise-in-windows.ts';
import { int64Bytes } from './lib/recording/int64-bytes.ts';
import { readJuxta } from './lib/recording/juxta.ts';
import { readNpySamples } from './lib/recording/npy.ts';

/** Distance in ms from a detected spike within which the trace shows its shoulders and after-potentials. */
const SPIKE_REACH = 2;
/** Time in ms after a spike in which the amplifier rings. */
const RINGING = 8;
/** Length in s of the windows in which the noise is measured. */
const NOISE_WINDOW = 10;

export default defineTask({
  inputs: { juxta: file(), info: table(infoTable), triggers: file({ optional: true }) },
  params: detectParams,
  outputs: {
    peaks: table(peaksTable),
    noise: table(noiseTable),
    indexes: file('.raw'),
    below_threshold: table(belowThresholdTable),
    noise_windows: table(noiseWindowsTable),
    triggers_agreement: table(triggersAgreementTable),
    juxta_detection: figure(),
  },
  async run({ inputs, params, outputs, log }) {
    const info = await inputs.info.row();
    const samplingRate = info.sampling_rate;
    const { trace, extremes } = readJuxta(inputs.juxta, info, PEAK_BIN);
    if (trace.length === 0) throw new DataError('the juxta trace has no samples: expected at least one');

    const sign: PeakSign = params.peak_sign === '+' || params.peak_sign === 'pos' ? '+' : '-';
    const { median, mad } = medianMad(trace);
    const threshold = thresholdOf(params.threshold_rule, sign, median, params.mad_multiplier * mad);
    checkThreshold(threshold, { median, mad }, log);
    const level = sign === '+' ? threshold : -threshold;
    const found = findPeaks(trace, { sign, level, halfWidth: params.half_width }, extremes);
    const amplitude = amplitudesOf(trace, found);
    log(`${found.length} spikes beyond ${level} (median ${median}, MAD ${mad})`);

    const band = {
      sign,
      baseline: median,
      from: params.tail_multiplier * mad,
      level,
      halfWidth: params.half_width,
      clearance: Math.floor((SPIKE_REACH * samplingRate) / 1000),
      ringing: Math.floor((RINGING * samplingRate) / 1000),
    };
    const tail = peaksBelowThreshold(trace, found, band, extremes);
    log(`below the threshold: ${tailInWords(tail)}`);

    const agreement =
      inputs.triggers === undefined
        ? null
        : compareWithAuthors(readNpySamples(inputs.triggers), found, {
            samples: trace.length,
            tolerance: Math.floor((params.match_tolerance * samplingRate) / 1000),
            log,
          });

    const sampleIndex = BigInt64Array.from(found, BigInt);
    await outputs.peaks.write({ sample_index: sampleIndex, time: timesOf(found, samplingRate), amplitude });
    await outputs.noise.write({
      n_samples: [trace.length],
      sampling_rate: [samplingRate],
      median: [median],
      mad: [mad],
      threshold: [threshold],
    });
    outputs.indexes.write(int64Bytes(sampleIndex));
    await outputs.below_threshold.write({
      sample_index: BigInt64Array.from(tail.sampleIndex, BigInt),
      time: timesOf(tail.sampleIndex, samplingRate),
      amplitude: amplitudesOf(trace, tail.sampleIndex),
      mirrored: tail.mirrored,
    });
    await outputs.noise_windows.write(noiseWindowColumns(noiseInWindows(trace, NOISE_WINDOW * samplingRate)));
    await outputs.triggers_agreement.write(agreementRow(agreement));
    await outputs.juxta_detection.write(
      juxtaDetection({
        trace,
        samplingRate,
        peaks: { sampleIndex, amplitude },
        noise: { median, mad, threshold },
        seconds: 10,
        peakSign: sign,
      }),
    );
  },
});

function checkThreshold(threshold: number, { median, mad }: MedianMad, log: Log): void {
  if (!Number.isFinite(threshold)) {
    throw new DataError(
      `the threshold is ${threshold} (median ${median}, MAD ${mad}): the values of the trace are too large for ` +
        'float32 arithmetic; check its unit and its sample type',
    );
  }
  if (!(threshold > 0)) {
    log.warn(
      `the threshold is ${threshold}, not above 0 (median ${median}, MAD ${mad}): ` +
        'noise may count as spikes; check the baseline of the trace, or set threshold_rule to baseline',
    );
  }
}

/** Matches the detected spikes with the authors' and logs the result; warns about spikes outside the recording. */
function compareWithAuthors(
  authors: BigInt64Array,
  detected: readonly number[],
  { samples, tolerance, log }: { readonly samples: number; readonly tolerance: number; readonly log: Log },
): SpikeAgreement {
  const outside = authors.filter((sample) => sample < 0n || sample >= samples);
  if (outside.length > 0) {
    log.warn(
      `${outside.length} of the authors' ${authors.length} spikes lie outside the recording (samples 0 to ` +
        `${samples - 1}), the first at ${outside[0]}: they count as missed; is the list of another recording?`,
    );
  }
  const agreement = matchSpikes(Float64Array.from(authors, Number).sort(), detected, tolerance);
  log(`authors' spikes: ${inWords(agreement)}`);
  return agreement;
}

const timesOf = (samples: readonly number[], samplingRate: number): Float64Array =>
  Float64Array.from(samples, (index) => index / samplingRate);

const amplitudesOf = (trace: Float32Array, samples: readonly number[]): Float32Array =>
  Float32Array.from(samples, (index) => trace[index] as number);

const noiseWindowColumns = (windows: readonly NoiseWindow[]) => ({
  start_sample: BigInt64Array.from(windows, ({ start }) => BigInt(start)),
  end_sample: BigInt64Array.from(windows, ({ end }) => BigInt(end)),
  median: windows.map(({ median }) => median),
  mad: windows.map(({ mad }) => mad),
});

const agreementRow = (agreement: SpikeAgreement | null) => ({
  authors: [agreement ? agreement.found + agreement.missed : null],
  found: [agreement?.found ?? null],
  missed: [agreement?.missed ?? null],
  extra: [agreement?.extra ?? null],
  median_offset: [agreement?.medianOffset ?? null],
});

const inWords = ({ found, missed, extra, medianOffset }: SpikeAgreement): string =>
  `${found} found, ${missed} missed, ${extra} extra, median offset ${medianOffset ?? 'none'} (samples)`;

function tailInWords({ mirrored }: TailPeaks): string {
  const opposite = mirrored.filter(Boolean).length;
  return `${mirrored.length - opposite} peaks, and ${opposite} on the other side of the baseline`;
}

/** Returns the distance of the detection level from 0, positive on the side of the spikes; `height` is k MAD. */
function thresholdOf(rule: 'notebook' | 'baseline', sign: PeakSign, median: number, height: number): number {
  return rule === 'baseline' && sign === '-' ? height - median : median + height;
}
