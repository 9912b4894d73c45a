import type { Mark, Spec } from 'vega';
import { rounded } from './numbers.ts';
import { linePath, type Point, pathMark } from './pixel-path.ts';
import { colors, figureSpec, message } from './theme.ts';

const width = 560;
const height = 240;

/** In MADs: bins, and what is shown before the first peak and beyond the threshold. */
const BIN = 0.25;
const BEFORE = 0.5;
const BEYOND = 6;

/** Heights over the baseline in MADs. */
export interface Tail {
  readonly spikes: readonly number[];
  /** Peaks below the threshold, too small to be detected, down to where nobody looked. */
  readonly below: readonly number[];
  /** Their mirror image, peaks of the other sign: noise alone. */
  readonly mirrored: readonly number[];
  readonly threshold: number;
}

/**
 * Peaks on both sides of the threshold by height: does the distribution of the spikes go on below it? What the
 * trace's other side shows at the same height is noise.
 */
export function amplitudeTail({ spikes, below, mirrored, threshold }: Tail): Spec {
  const start = Math.min(threshold, ...below, ...mirrored);
  const domain = [rounded(Math.max(0, start - BEFORE)), rounded(threshold + BEYOND)] as const;
  const shown = (list: readonly number[]) => binned(list, threshold, domain);
  const found = shown(spikes);
  const missed = shown(below);
  const noise = shown(mirrored);
  const most = Math.max(1, ...found.map(countIn), ...missed.map(countIn), ...noise.map(countIn));
  const x = (value: number) => ((value - domain[0]) / (domain[1] - domain[0])) * width;
  const y = (count: number) => height - (count / (most * 1.08)) * height;
  const bars = (bins: readonly Bin[]) =>
    bins
      .filter(({ count }) => count > 0)
      .map(
        ({ left, count }) => `M${px(x(left) + 0.5)} ${height}V${px(y(count))}H${px(x(left + BIN) - 0.5)}V${height}z`,
      );
  const steps = noise
    .slice(0, noise.findLastIndex(({ count }) => count > 0) + 1)
    .flatMap(({ left, count }): Point[] => [
      { x: x(left), y: y(count) },
      { x: x(left + BIN), y: y(count) },
    ]);
  const level = px(x(threshold));
  const label = (text: string, at: number, align: 'left' | 'right', fill: string, line: number): Mark => ({
    type: 'text',
    interactive: false,
    encode: {
      enter: {
        x: { value: at },
        y: { value: -8 - 14 * line },
        align: { value: align },
        text: { value: text },
        fill: { value: fill },
      },
    },
  });
  return figureSpec({
    description: `Peaks on both sides of the threshold by height, in bins of ${BIN} MAD.`,
    width,
    height,
    scales: [
      { name: 'x', type: 'linear', domain: [...domain], range: 'width', zero: false, nice: false },
      { name: 'y', type: 'linear', domain: [0, rounded(most * 1.08)], range: 'height' },
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
      pathMark(bars(missed).join(''), { fill: colors.muted, opacity: 0.75 }),
      pathMark(bars(found).join(''), { fill: colors.data }),
      pathMark(linePath(steps), { stroke: colors.ink, strokeWidth: 1.4 }),
      {
        type: 'rule',
        aria: false,
        interactive: false,
        encode: {
          enter: {
            x: { value: level },
            y: { value: -24 },
            y2: { value: height },
            stroke: { value: colors.threshold },
            strokeWidth: { value: 1.5 },
            strokeDash: { value: [5, 4] },
          },
        },
      },
      label('spikes', level + 6, 'left', colors.data, 0),
      label('not detected', level - 6, 'right', colors.muted, 0),
      ...(spikes.length === 0 ? [message('no spikes', width, height)] : []),
    ],
  });
}

interface Bin {
  readonly left: number;
  readonly count: number;
}

const countIn = ({ count }: Bin): number => count;

/** Bins of one width with an edge at the threshold, all that lie within the domain. */
function binned(heights: readonly number[], threshold: number, [low, high]: readonly [number, number]): Bin[] {
  const first = Math.ceil((low - threshold) / BIN);
  const counts = new Array<number>(Math.floor((high - threshold) / BIN) - first).fill(0);
  for (const height of heights) {
    const bin = Math.floor((height - threshold) / BIN) - first;
    if (bin >= 0 && bin < counts.length) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts.map((count, i) => ({ left: threshold + (first + i) * BIN, count }));
}

const px = (value: number): number => Math.round(value * 10) / 10;
