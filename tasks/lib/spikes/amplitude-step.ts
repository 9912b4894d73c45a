/** A step of the amplitude between two successive spikes. */
export interface AmplitudeStep {
  /** Row of the first spike after the step. */
  readonly row: number;
  /** Mean after less mean before, in the amplitudes' unit. */
  readonly size: number;
  /** Absolute size in pooled sds of the amplitudes on either side. */
  readonly sds: number;
}

/** Number of spikes compared on either side. */
const SIDE = 10;

/**
 * Measures the amplitude's step at each row: the mean height of the 10 spikes before it against that of the 10 spikes from
 * it on, in their pooled sd (Student's t is that times sqrt 5, with 18 degrees of freedom). A drift takes many spikes and
 * is not a step, however far it goes. Rows with fewer than 10 spikes on a side are omitted.
 */
export function amplitudeSteps(heights: Float64Array): AmplitudeStep[] {
  const steps: AmplitudeStep[] = [];
  for (let row = SIDE; row + SIDE <= heights.length; row++) {
    const before = sideOf(heights, row - SIDE);
    const after = sideOf(heights, row);
    const size = after.mean - before.mean;
    const sd = Math.sqrt((before.squares + after.squares) / (2 * (SIDE - 1)));
    steps.push({ row, size, sds: size === 0 ? 0 : Math.abs(size) / sd });
  }
  return steps;
}

/** Picks the sharpest of neighbouring steps over `sds`. */
export function sharpSteps<S extends AmplitudeStep>(steps: readonly S[], sds: number): S[] {
  const sharp: S[] = [];
  for (const step of steps) {
    if (step.sds <= sds) continue;
    const last = sharp.at(-1);
    if (last === undefined || step.row - last.row > SIDE) sharp.push(step);
    else if (step.sds > last.sds) sharp[sharp.length - 1] = step;
  }
  return sharp;
}

function sideOf(heights: Float64Array, first: number): { mean: number; squares: number } {
  let mean = 0;
  for (let i = first; i < first + SIDE; i++) mean += (heights[i] as number) / SIDE;
  let squares = 0;
  for (let i = first; i < first + SIDE; i++) {
    const deviation = (heights[i] as number) - mean;
    squares += deviation * deviation;
  }
  return { mean, squares };
}
