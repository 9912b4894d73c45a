/** Draws a stretch of the juxta trace as SVG paths, in pixels of a plot. */
import { dotsPath } from './dots.ts';
import { linear, toTenths } from './numbers.ts';
import { areaPath, linePath, type Point } from './pixel-path.ts';

/** A trace reduced to the extremes of its bins, with its spikes; amplitudes in the trace's unit, times in samples. */
export interface DrawnTrace {
  readonly samples: number;
  readonly samplingRate: number;
  readonly bin: number;
  readonly low: ArrayLike<number> & Iterable<number>;
  readonly high: ArrayLike<number> & Iterable<number>;
  readonly spikes: ArrayLike<number>;
  readonly amplitudes: ArrayLike<number>;
  /** Peaks near the threshold. */
  readonly marginal: readonly { readonly sample: number; readonly detected: boolean }[];
  /** Samples before and after a marginal peak that its window holds. */
  readonly reach: number;
  /** Every sample within `reach` of each marginal peak, window after window. */
  readonly windows: ArrayLike<number>;
}

/** In seconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly yDomain: readonly [number, number];
}

export interface TracePaths {
  /** The area between the extremes of every bin, or of every pixel if bins are narrower. */
  readonly envelope: string;
  /** Every sample around the marginal peaks, if the stretch is short enough to see them. */
  readonly samples: string;
  readonly spikes: string;
  readonly marginalSpikes: string;
  readonly belowThreshold: string;
}

export function tracePaths(trace: DrawnTrace, { from, to }: Stretch, plot: Plot): TracePaths {
  const [start, end] = [from * trace.samplingRate, to * trace.samplingRate];
  const x = linear([start, end], [0, plot.width]);
  const y = linear(plot.yDomain, [plot.height, 0]);
  const { spikes, amplitudes, marginal, reach, windows } = trace;
  const dots: Point[] = [];
  for (let i = firstNotBelow(spikes, start); i < spikes.length && (spikes[i] as number) <= end; i++) {
    dots.push({ x: x(spikes[i] as number), y: y(amplitudes[i] as number) });
  }
  const inView = marginal
    .map((peak, i) => ({ ...peak, middle: i * (2 * reach + 1) + reach }))
    .filter(({ sample }) => sample + reach >= start && sample - reach <= end);
  const marks = (detected: boolean, shape: (at: Point) => string) =>
    inView
      .filter((peak) => peak.detected === detected && peak.sample >= start && peak.sample <= end)
      .map(({ sample, middle }) => shape({ x: x(sample), y: y(windows[middle] as number) }))
      .join('');
  const isWide = x(2 * reach) - x(0) > 24;
  return {
    envelope: envelopePath(trace, { start, end, x, y }, plot.width),
    samples: isWide ? inView.map((peak) => linePath(windowPoints(trace, peak, { start, end, x, y }))).join('') : '',
    spikes: dotsPath(dots, 1500, () => false),
    marginalSpikes: marks(true, ring),
    belowThreshold: marks(false, diamond),
  };
}

/** The samples in view, and the scales that map samples and values to pixels. */
interface View {
  readonly start: number;
  readonly end: number;
  x(sample: number): number;
  y(value: number): number;
}

function envelopePath({ bin, low, high, samples }: DrawnTrace, { start, end, x, y }: View, width: number): string {
  const first = Math.max(0, Math.floor(start / bin));
  const last = Math.min(low.length, Math.ceil(end / bin));
  const binsPerPixel = Math.max(1, Math.ceil((last - first) / width));
  const upper: Point[] = [];
  const lower: Point[] = [];
  for (let at = first; at < last; at += binsPerPixel) {
    let [lowest, highest] = [low[at] as number, high[at] as number];
    const stop = Math.min(last, at + binsPerPixel);
    for (let i = at + 1; i < stop; i++) {
      lowest = Math.min(lowest, low[i] as number);
      highest = Math.max(highest, high[i] as number);
    }
    const left = Math.max(0, x(at * bin));
    const right = Math.min(width, x(Math.min(samples, stop * bin)));
    upper.push({ x: left, y: y(highest) }, { x: right, y: y(highest) });
    lower.push({ x: left, y: y(lowest) }, { x: right, y: y(lowest) });
  }
  return areaPath(upper, lower);
}

function* windowPoints(
  { reach, windows, samples }: DrawnTrace,
  { sample, middle }: { readonly sample: number; readonly middle: number },
  { start, end, x, y }: View,
): Generator<Point> {
  for (let offset = -reach; offset <= reach; offset++) {
    const at = sample + offset;
    if (at < Math.max(0, start) || at > Math.min(samples - 1, end)) continue;
    yield { x: x(at), y: y(windows[middle + offset] as number) };
  }
}

/** Returns the index of the first of ascending values that is not below `limit`. */
function firstNotBelow(values: ArrayLike<number>, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const moveTo = ({ x, y }: Point): string => `M${toTenths(x)} ${toTenths(y)}`;
const ring = (at: Point): string => `${moveTo(at)}m-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z`;
const diamond = (at: Point): string => `${moveTo(at)}m0-6l6 6l-6 6l-6-6z`;
