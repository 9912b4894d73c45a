/** Looks for two sizes among spikes and the peaks below their threshold: the lower ones may be another cell's. */
import { fitOfMoments } from './truncated-gaussian.ts';

/** Heights over the baseline in MADs; mirrored peaks stand for noise. */
export interface Heights {
  readonly spikes: ArrayLike<number>;
  readonly found: readonly number[];
  readonly mirrored: readonly number[];
}

/** Where the peaks begin, and where the threshold is. */
export interface Band {
  readonly from: number;
  readonly top: number;
}

/** Heights from `low` on that are less than `high`: how many a MAD, and the variance of that by the chance of the counts. */
interface Strip {
  readonly density: number;
  readonly variance: number;
}

/** Width of the lowest strip, in MADs, and by how much each higher one is wider for a MAD that it lies higher: there are fewer spikes up there. */
const NARROWEST = 1;
const WIDENING = 0.2;
/** Standard errors by which one strip holds less than another; some ten are looked at. */
const Z = 2.5;
/** A valley lies under this share of what is on either side: a dent is none. */
const DEEP = 0.7;

/**
 * Tells whether the heights are of more than one size. A distribution of one mode has no valley, wherever the threshold cuts it, and
 * no density that falls towards the threshold if its mode lies above. Drift and steps have valleys as well: then too the heights alone do not say whose the lower ones are.
 */
export function isMixed(heights: Heights, band: Band): boolean {
  return hasValley(heights, band) || (fallsInBand(heights, band) && modeIsAbove(heights, band));
}

function hasValley(heights: Heights, { from }: Band): boolean {
  const strips = stripsOf(heights, from);
  return strips.some((valley, at) => {
    const lower = (side: Strip) => valley.density < DEEP * side.density && isLess(valley, side);
    return strips.slice(0, at).some(lower) && strips.slice(at + 1).some(lower);
  });
}

/** Tells whether the highest MAD of the band holds less than its lowest. */
const fallsInBand = (heights: Heights, { from, top }: Band): boolean =>
  top - from >= 2 && isLess(stripOf(heights, top - 1, top), stripOf(heights, from, from + 1));

function modeIsAbove({ spikes }: Heights, { top }: Band): boolean {
  const beyond = Array.from(spikes, (height) => height - top);
  const s1 = beyond.reduce((sum, y) => sum + y, 0);
  const s2 = beyond.reduce((sum, y) => sum + y * y, 0);
  return beyond.length >= 3 && s1 > 0 && fitOfMoments(beyond.length, s1, s2).alpha < 0;
}

const isLess = (one: Strip, other: Strip): boolean =>
  other.density - one.density > Z * Math.sqrt(one.variance + other.variance);

function stripsOf(heights: Heights, from: number): Strip[] {
  const top = Array.from(heights.spikes).reduce((most, height) => Math.max(most, height), from);
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
  // One more than was counted: an empty strip has a chance too.
  return { density: Math.max(0, all - noise) / width, variance: (all + noise + 1) / (width * width) };
}
