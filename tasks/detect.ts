/** Finds the spikes of the cell in the juxtacellular trace, and compares them with the authors' own. */
import { DataError, defineTask, figure, file, table } from 'groundproof/task';
import {
  belowThresholdTable,
  detectParams,
  noiseTable,
  noiseWindowsTable,
  peaksTable,
  triggersAgreementTable,
} from '../schemas/tasks/detect.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { juxtaDetection } from './lib/figure/juxta-detection.ts';
import { int64Bytes } from './lib/recording/int64-bytes.ts';
import { readJuxta } from './lib/recording/juxta.ts';
import { readNpySamples } from './lib/recording/npy.ts';
import { matchSpikes, type SpikeAgreement } from './lib/signal/match-spikes.ts';
import { medianMad } from './lib/signal/median-mad.ts';
import { noiseInWindows } from './lib/signal/noise-in-windows.ts';
import { findPeaks, type PeakSign, peakBin } from './lib/signal/peaks.ts';
import { peaksBelowThreshold, type TailPeaks } from './lib/signal/peaks-below-threshold.ts';

/** How far from a detected spike the trace still shows that spike: its shoulders and after-potentials, in ms. */
const SPIKE_REACH = 2;
/** How long after it the amplifier rings on, in ms. */
const RINGING = 8;
/** Seconds of a window in which the noise is measured. */
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
    const { trace, extremes } = readJuxta(inputs.juxta, info, peakBin);
    if (trace.length === 0) throw new DataError('the juxta trace has no samples: expected at least one');

    const sign: PeakSign = params.peak_sign === '+' || params.peak_sign === 'pos' ? '+' : '-';
    const { median, mad } = medianMad(trace);
    const threshold = thresholdOf(params.threshold_rule, sign, median, params.mad_multiplier * mad);
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
    const level = sign === '+' ? threshold : -threshold;
    const found = findPeaks(trace, { sign, level, halfWidth: params.half_width }, extremes);
    const amplitude = Float32Array.from(found, (index) => trace[index] as number);
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
    const noiseWindows = noiseInWindows(trace, NOISE_WINDOW * samplingRate);

    const tolerance = Math.floor((params.match_tolerance * samplingRate) / 1000);
    const authors = inputs.triggers === undefined ? undefined : readNpySamples(inputs.triggers);
    const outside = authors?.filter((sample) => sample < 0n || sample >= trace.length) ?? [];
    if (outside.length > 0) {
      log.warn(
        `${outside.length} of the authors' ${authors?.length} spikes lie outside the recording (samples 0 to ` +
          `${trace.length - 1}), the first at ${outside[0]}: they count as missed; is the list of another recording?`,
      );
    }
    const agreement = authors === undefined ? null : agreementWith(authors, found, tolerance);
    if (agreement) log(`authors' spikes: ${inWords(agreement)}`);

    const sampleIndex = BigInt64Array.from(found, BigInt);
    await outputs.peaks.write({
      sample_index: sampleIndex,
      time: Float64Array.from(found, (index) => index / samplingRate),
      amplitude,
    });
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
      time: Float64Array.from(tail.sampleIndex, (index) => index / samplingRate),
      amplitude: Float32Array.from(tail.sampleIndex, (index) => trace[index] as number),
      mirrored: tail.mirrored,
    });
    await outputs.noise_windows.write({
      start_sample: BigInt64Array.from(noiseWindows, ({ start }) => BigInt(start)),
      end_sample: BigInt64Array.from(noiseWindows, ({ end }) => BigInt(end)),
      median: noiseWindows.map((window) => window.median),
      mad: noiseWindows.map((window) => window.mad),
    });
    await outputs.triggers_agreement.write({
      authors: [agreement ? agreement.found + agreement.missed : null],
      found: [agreement?.found ?? null],
      missed: [agreement?.missed ?? null],
      extra: [agreement?.extra ?? null],
      median_offset: [agreement?.medianOffset ?? null],
    });
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

function agreementWith(authors: BigInt64Array, detected: readonly number[], tolerance: number): SpikeAgreement {
  return matchSpikes(Float64Array.from(authors, Number).sort(), detected, tolerance);
}

const inWords = ({ found, missed, extra, medianOffset }: SpikeAgreement): string =>
  `${found} found, ${missed} missed, ${extra} extra, median offset ${medianOffset ?? 'none'} (samples)`;

function tailInWords({ mirrored }: TailPeaks): string {
  const opposite = mirrored.filter(Boolean).length;
  return `${mirrored.length - opposite} peaks, and ${opposite} on the other side of the baseline`;
}

/** Distance of the detection level from 0, positive on the side of the spikes; `height` is k MAD. */
function thresholdOf(rule: 'notebook' | 'baseline', sign: PeakSign, median: number, height: number): number {
  return rule === 'baseline' && sign === '-' ? height - median : median + height;
}
