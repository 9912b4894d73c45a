/** Chooses the electrodes that see the cell best, and its waveform on them. */

/** The cell's waveform on a few electrodes, in sds of each electrode's noise, less its baseline. */
export interface Template {
  /** Electrodes, the best first. */
  readonly electrodes: readonly number[];
  /** Samples of the window before the pipette's peak, and its whole length. */
  readonly before: number;
  readonly width: number;
  /** Electrode by electrode, `width` samples each. */
  readonly shape: Float64Array;
  /** Samples from the pipette's peak to the extreme on the best electrode, which may lie outside the window. */
  readonly peak: number;
}

export interface MedianWaveform {
  /** Samples of its window before the pipette's peak, and its whole length. */
  readonly before: number;
  readonly width: number;
  /** Electrode by electrode, in converter units. */
  readonly median: Float64Array;
}

/** Noise of each electrode, in converter units. */
export interface ElectrodeNoise {
  readonly median: ArrayLike<number>;
  readonly mad: ArrayLike<number>;
}

/** More add noise and time, and hardly any signal: a spike fades over some 100 um. */
const MOST_ELECTRODES = 6;

/** Window of the template around the pipette's peak, in ms. */
const BEFORE_MS = 1;
const AFTER_MS = 2;

/**
 * Chooses the electrodes on which the median waveform is largest, in sds of their noise. Skips electrodes without noise (a MAD of
 * 0: dead, or all samples equal). Null if no electrode is left.
 */
export function bestElectrodes(waveform: MedianWaveform, noise: ElectrodeNoise, samplingRate: number): Template | null {
  const before = Math.min(waveform.before, Math.round((BEFORE_MS * samplingRate) / 1000));
  const after = Math.min(waveform.width - waveform.before, Math.round((AFTER_MS * samplingRate) / 1000));
  const width = before + after;
  const seen = Array.from({ length: noise.mad.length }, (_, electrode) => ({ electrode, shape: shapeOn(electrode) }))
    .filter((candidate) => candidate.shape !== null)
    .map(({ electrode, shape }) => ({ electrode, shape: shape as Float64Array }))
    .map((candidate) => ({ ...candidate, height: largestOf(candidate.shape) }))
    .sort((a, b) => b.height - a.height || a.electrode - b.electrode)
    .slice(0, MOST_ELECTRODES);
  if (width <= 0 || seen.length === 0) return null;
  const shape = new Float64Array(seen.length * width);
  for (const [index, chosen] of seen.entries()) shape.set(chosen.shape, index * width);
  const electrodes = seen.map(({ electrode }) => electrode);
  return { electrodes, before, width, shape, peak: peakOn(electrodes[0] as number) };

  function shapeOn(electrode: number): Float64Array | null {
    const mad = noise.mad[electrode] as number;
    if (!(mad > 0)) return null;
    const start = electrode * waveform.width + waveform.before - before;
    const median = noise.median[electrode] as number;
    return waveform.median.slice(start, start + width).map((value) => (value - median) / mad);
  }

  function peakOn(electrode: number): number {
    const start = electrode * waveform.width;
    const heights = waveform.median
      .slice(start, start + waveform.width)
      .map((value) => Math.abs(value - (noise.median[electrode] as number)));
    return heights.indexOf(Math.max(...heights)) - waveform.before;
  }
}

const largestOf = (shape: Float64Array): number => shape.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
