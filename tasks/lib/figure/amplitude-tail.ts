import type { Mark, Spec } from 'vega';
import { rounded, toTenths } from './numbers.ts';
import { linePath, type Point, pathMark } from './pixel-path.ts';
import { colors, figureSpec, message } from './theme.ts';

const WIDTH = 560;
const HEIGHT = 240;

/** Width of the bins in MADs. */
const BIN = 0.25;
/** Range of the axis in MADs before the lowest peak and beyond the threshold. */
const BEFORE = 0.5;
const BEYOND = 6;

/** Heights over the baseline in MADs. */
export interface Tail {
  readonly spikes: readonly number[];
  /** Peaks below the threshold, hence not detected, down to the lowest height that was searched. */
  readonly below: readonly number[];
  /** Peaks of the opposite sign at the same heights: noise alone. */
  readonly mirrored: readonly number[];
  readonly threshold: number;
}

/**
 * Peaks on both sides of the threshold by height, to show whether the distribution of the spikes continues below it.
 * Peaks of the opposite sign show the noise at each height.
 */
export function amplitudeTail({ spikes, below, mirrored, threshold }: Tail): Spec {
  const start = Math.min(threshold, ...below, ...mirrored);
  const domain = [rounded(Math.max(0, start - BEFORE)), rounded(threshold + BEYOND)] as const;
  const binsOf = (list: readonly number[]) => binned(list, threshold, domain);
  const [found, missed, noise] = [binsOf(spikes), binsOf(below), binsOf(mirrored)];
  const max = Math.max(1, ...[...found, ...missed, ...noise].map(({ count }) => count));
  const x = (value: number) => ((value - domain[0]) / (domain[1] - domain[0])) * WIDTH;
  const y = (count: number) => HEIGHT - (count / (max * 1.08)) * HEIGHT;
  const level = toTenths(x(threshold));
  return figureSpec({
    description: `Peaks on both sides of the threshold by height, in bins of ${BIN} MAD.`,
    width: WIDTH,
    height: HEIGHT,
    scales: [
      { name: 'x', type: 'linear', domain: [...domain], range: 'width', zero: false, nice: false },
      { name: 'y', type: 'linear', domain: [0, rounded(max * 1.08)], range: 'height' },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'distance from the baseline (MAD)', tickCount: 10 },
      {
        orient: 'left',
        scale: 'y',
        title: `peaks per ${BIN} MAD`,
        tickCount: 5,
        tickMinStep: 1,
        format: ',d',
        grid: true,
      },
    ],
    marks: [
      pathMark(barsPath(missed, x, y), { fill: colors.muted, opacity: 0.75 }),
      pathMark(barsPath(found, x, y), { fill: colors.data }),
      pathMark(stepsPath(noise, x, y), { stroke: colors.ink, strokeWidth: 1.4 }),
      thresholdLine(level),
      label('spikes', { at: level + 6, align: 'left', fill: colors.data }),
      label('not detected', { at: level - 6, align: 'right', fill: colors.muted }),
      ...(spikes.length === 0 ? [message('no spikes', WIDTH, HEIGHT)] : []),
    ],
  });
}

type Scale = (value: number) => number;

const barsPath = (bins: readonly Bin[], x: Scale, y: Scale): string =>
  bins
    .filter(({ count }) => count > 0)
    .map(({ left, count }) => {
      const [from, to] = [toTenths(x(left) + 0.5), toTenths(x(left + BIN) - 0.5)];
      return `M${from} ${HEIGHT}V${toTenths(y(count))}H${to}V${HEIGHT}z`;
    })
    .join('');

/** The outline of the bins, up to the last that is not empty. */
const stepsPath = (bins: readonly Bin[], x: Scale, y: Scale): string =>
  linePath(
    bins.slice(0, bins.findLastIndex(({ count }) => count > 0) + 1).flatMap(({ left, count }): Point[] => [
      { x: x(left), y: y(count) },
      { x: x(left + BIN), y: y(count) },
    ]),
  );

const thresholdLine = (x: number): Mark => ({
  type: 'rule',
  aria: false,
  interactive: false,
  encode: {
    enter: {
      x: { value: x },
      y: { value: -24 },
      y2: { value: HEIGHT },
      stroke: { value: colors.threshold },
      strokeWidth: { value: 1.5 },
      strokeDash: { value: [5, 4] },
    },
  },
});

const label = (
  text: string,
  { at, align, fill }: { readonly at: number; readonly align: 'left' | 'right'; readonly fill: string },
): Mark => ({
  type: 'text',
  interactive: false,
  encode: {
    enter: {
      x: { value: at },
      y: { value: -8 },
      align: { value: align },
      text: { value: text },
      fill: { value: fill },
    },
  },
});

interface Bin {
  readonly left: number;
  readonly count: number;
}

/** Counts heights in the bins that lie within the domain; the threshold is an edge, so that no bin contains it. */
function binned(heights: readonly number[], threshold: number, [low, high]: readonly [number, number]): Bin[] {
  const first = Math.ceil((low - threshold) / BIN);
  const counts = new Array<number>(Math.floor((high - threshold) / BIN) - first).fill(0);
  for (const height of heights) {
    const bin = Math.floor((height - threshold) / BIN) - first;
    if (bin >= 0 && bin < counts.length) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts.map((count, i) => ({ left: threshold + (first + i) * BIN, count }));
}
