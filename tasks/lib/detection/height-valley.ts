/** Looks for two sizes among spikes and the peaks below their threshold; the smaller size may be another cell's. */
import { fitOfMoments } from '../statistics/truncated-gaussian.ts';

/** Heights over the baseline in MADs; mirrored peaks stand for noise. */
export interface Heights {
  readonly spikes: ArrayLike<number>;
  readonly found: readonly number[];
  readonly mirrored: readonly number[];
}

/** The band of the peaks below the threshold: from its lower end to the threshold. */
export interface Band {
  readonly from: number;
  readonly top: number;
}

/** The density of heights in a range: their number per MAD, with its variance by the chance of the counts. */
interface Strip {
  readonly density: number;
  readonly variance: number;
}

/** Width of the lowest strip in MADs, and its increase per MAD of height, because large heights are rarer. */
const NARROWEST = 1;
const WIDENING = 0.2;
/** Standard errors by which a strip must be lower than another; some ten strips are compared. */
const Z = 2.5;
/** Largest density of a valley relative to both sides. */
const MAX_VALLEY = 0.7;

/**
 * Tells whether the heights have more than a single size. A unimodal distribution has no valley, regardless of the
 * threshold, and its density does not fall towards the threshold from below if its mode is above. Drift and steps make
 * valleys as well; then too the heights alone do not show whose the smaller peaks are.
 */
export function isMixed(heights: Heights, band: Band): boolean {
  return hasValley(heights, band) || (fallsInBand(heights, band) && modeIsAbove(heights, band));
}

function hasValley(heights: Heights, { from }: Band): boolean {
  const strips = stripsOf(heights, from);
  return strips.some((valley, at) => {
    const lower = (side: Strip) => valley.density < MAX_VALLEY * side.density && isLess(valley, side);
    return strips.slice(0, at).some(lower) && strips.slice(at + 1).some(lower);
  });
}

/** Tells whether the highest MAD of the band is less dense than its lowest. */
const fallsInBand = (heights: Heights, { from, top }: Band): boolean =>
  top - from >= 2 && isLess(stripOf(heights, top - 1, top), stripOf(heights, from, from + 1));

function modeIsAbove({ spikes }: Heights, { top }: Band): boolean {
  const beyond = Array.from(spikes, (height) => height - top);
  const s1 = beyond.reduce((sum, y) => sum + y, 0);
  const s2 = beyond.reduce((sum, y) => sum + y * y, 0);
  return beyond.length >= 3 && s1 > 0 && fitOfMoments(beyond.length, s1, s2).alpha < 0;
}

const isLess = (strip: Strip, other: Strip): boolean =>
  other.density - strip.density > Z * Math.sqrt(strip.variance + other.variance);

function stripsOf(heights: Heights, from: number): Strip[] {
  const top = Array.from(heights.spikes).reduce((max, height) => Math.max(max, height), from);
  const strips: Strip[] = [];
  for (let low = from; low < top; ) {
    const high = low + NARROWEST + WIDENING * (low - from);
    strips.push(stripOf(heights, low, high));
    low = high;
  }
  return strips;
}

function stripOf({ spikes, found, mirrored }: Heights, low: number, high: number): Strip {
  const within = (values: ArrayLike<number>): number => {
    let count = 0;
    for (let row = 0; row < values.length; row++) {
      if ((values[row] as number) >= low && (values[row] as number) < high) count++;
    }
    return count;
  };
  const [all, noise] = [within(spikes) + within(found), within(mirrored)];
  const width = high - low;
  // Add 1 to the count, because an empty strip has a chance too.
  return { density: Math.max(0, all - noise) / width, variance: (all + noise + 1) / (width * width) };
}
