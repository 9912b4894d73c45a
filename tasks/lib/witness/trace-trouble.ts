/** Traces of an array that cannot testify: it stopped, it saturates, or all its electrodes record the same. */

/** So many equal samples in a row are no recording: 5 ms at 20 kHz, where noise alone changes every sample or two. */
const EQUAL_SAMPLES = 100;
/** An array may be still for so much of the time; more is a stretch in which spikes would count as false. */
const MOST_STILL = 0.01;

/** From this correlation on two electrodes record the same: the noise of neighbours correlates by a few tenths. */
const SAME = 0.98;
/** Sds beyond which a sample says no more. */
const CLIP = 8;
/** Every so many samples are correlated. */
const STRIDE = 7;

export function traceTrouble(traces: readonly Float32Array[]): 'not recording' | 'equal electrodes' | null {
  const [best, ...others] = traces;
  if (best === undefined) return null;
  if (stillSamples(best) > MOST_STILL * best.length) return 'not recording';
  return others.every((other) => Math.abs(correlation(best, other)) > SAME) ? 'equal electrodes' : null;
}

/** Samples in runs of equal ones. */
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

/** A moment at which the array was off lies hundreds of sds away on all electrodes: alone it would make them equal. */
const clipped = (value: number): number => Math.min(CLIP, Math.max(-CLIP, value));

/** Pearson's; 0 where one of them does not vary. */
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
