/** Makes the juxtacellular trace of noise and spikes, scaled until it has the tabled median and threshold. */
import { DataError } from 'groundproof/task';
import { medianMad } from '../noise/median-mad.ts';
import { bandNoise } from './band-noise.ts';
import { MAD_MULTIPLIER, THRESHOLD_TOLERANCE } from './detection-rule.ts';
import type { Facts } from './facts.ts';
import { JUXTA_SHAPE } from './spike-shapes.ts';
import type { Spikes } from './spikes.ts';

/**
 * Returns a trace in which `detect` finds exactly the `spikes` that lie beyond the threshold.
 *
 * With D the distance from median to threshold, noise is held within 0.75 D and, under a spike's trough, to a
 * share of at most 1.25 (1 - shape): so it never crosses the threshold, and x[i] - x[peak] is at least
 * D (1 - shape) (1 - 0.75 * 1.25) > 0 around a spike. Spikes shift the median and widen the MAD; shift and
 * scale of the noise are corrected for that in a few rounds, each of which leaves a small share of the error.
 *
 * @throws DataError if spikes fill so much of the trace that no noise gives the tabled figures.
 */
export function juxtaTrace(facts: Facts, spikes: Spikes, random: () => number): Float32Array {
  const noise = bandNoise(facts.nSamples, random);
  const trace = new Float32Array(facts.nSamples);
  const mad = -(facts.threshold + facts.median) / MAD_MULTIPLIER;
  let shift = facts.median;
  let scale = mad;
  for (let round = 0; round < ROUNDS; round++) {
    const limit = 0.75 * (facts.median - facts.threshold);
    layNoise(trace, noise, { shift, scale, limit });
    laySpikes(trace, spikes, shift);
    const found = medianMad(trace);
    const level = -(found.median + MAD_MULTIPLIER * found.mad);
    const close =
      Math.abs(level - facts.threshold) <= THRESHOLD_TOLERANCE * mad &&
      Math.abs(found.median - facts.median) <= MEDIAN_TOLERANCE * mad;
    if (close) return trace;
    shift += facts.median - found.median;
    scale *= mad / found.mad;
  }
  throw new DataError(
    `${spikes.sampleIndex.length} spikes leave too little noise between them in ${facts.nSamples} samples to give ` +
      `the tabled median ${facts.median} and threshold ${facts.threshold}`,
  );
}

const ROUNDS = 16;
const MEDIAN_TOLERANCE = 5e-4;

function layNoise(
  trace: Float32Array,
  noise: Float32Array,
  { shift, scale, limit }: { readonly shift: number; readonly scale: number; readonly limit: number },
): void {
  for (let i = 0; i < trace.length; i++) {
    trace[i] = shift + Math.max(-limit, Math.min(limit, scale * (noise[i] as number)));
  }
}

const SHAPE = JUXTA_SHAPE.values;
/** Share of the noise that remains under a spike's trough: 0 at its peak, whose sample is the amplitude itself. */
const NOISE_SHARE = SHAPE.map((value) => Math.min(1, 1.25 * (1 - value)));

function laySpikes(trace: Float32Array, spikes: Spikes, shift: number): void {
  for (const [row, peak] of spikes.sampleIndex.entries()) {
    const amplitude = spikes.amplitude[row] as number;
    const start = peak - JUXTA_SHAPE.trough;
    for (let t = Math.max(0, -start); t < SHAPE.length && start + t < trace.length; t++) {
      const noise = (trace[start + t] as number) - shift;
      trace[start + t] = shift + (NOISE_SHARE[t] as number) * noise + (SHAPE[t] as number) * (amplitude - shift);
    }
    trace[peak] = amplitude;
  }
}
