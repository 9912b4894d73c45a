/** Finds arrays that cannot testify: the array stopped, saturates, or records the same on all electrodes. */

/** Equal samples in a row that are no recording: 5 ms at 20 kHz, for noise alone changes every sample or two. */
const EQUAL_SAMPLES = 100;
/** Largest share of the time for which an array may be still; in a longer stretch, spikes would count as false. */
const MOST_STILL = 0.01;

/** Correlation from which two electrodes record the same: the noise of neighbours correlates by a few tenths. */
const SAME_CORRELATION = 0.98;
/** Sds at which samples are clipped. */
const CLIP = 8;
/** Only every 7th sample is correlated. */
const STRIDE = 7;

export function traceFault(traces: readonly Float32Array[]): 'not recording' | 'equal electrodes' | null {
  const [best, ...others] = traces;
  if (best === undefined) return null;
  if (stillSamples(best) > MOST_STILL * best.length) return 'not recording';
  return others.every((other) => Math.abs(correlation(best, other)) > SAME_CORRELATION) ? 'equal electrodes' : null;
}

/** Counts the samples in long runs of equal samples. */
function stillSamples(trace: Float32Array): number {
  let [still, run] = [0, 1];
  for (let i = 1; i <= trace.length; i++) {
    if (i < trace.length && trace[i] === trace[i - 1]) {
      run++;
      continue;
    }
    if (run >= EQUAL_SAMPLES) still += run;
    run = 1;
  }
  return still;
}

/** Clips: a moment with the array off lies hundreds of sds away on all electrodes, and alone would make them equal. */
const clipped = (value: number): number => Math.min(CLIP, Math.max(-CLIP, value));

/** Pearson's correlation; 0 if either trace does not vary. */
function correlation(a: Float32Array, b: Float32Array): number {
  let [n, sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i += STRIDE) {
    const [x, y] = [clipped(a[i] as number), clipped(b[i] as number)];
    n++;
    sumA += x;
    sumB += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const variances = (n * aa - sumA * sumA) * (n * bb - sumB * sumB);
  return variances > 0 ? (n * ab - sumA * sumB) / Math.sqrt(variances) : 0;
}
