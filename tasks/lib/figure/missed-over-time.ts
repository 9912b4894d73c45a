import type { Mark, Spec } from 'vega';
import { limitLine } from './limit-line.ts';
import { rounded, toTenths } from './numbers.ts';
import { linePath, pathMark } from './pixel-path.ts';
import { colors, figureSpec, message } from './theme.ts';

const WIDTH = 560;
const HEIGHT = 180;

/** Times in s; `missed` is a share of all spikes, with the ends of its confidence interval. */
export interface MissedInWindow {
  readonly from: number;
  readonly to: number;
  readonly missed: number;
  readonly low: number;
  readonly high: number;
  readonly sound: boolean;
}

/**
 * The share of missed spikes in windows along the recording, with its interval and the limit; above the plot, the
 * accepted periods. The scale is a square root, so that 1 % and 90 % are both readable.
 */
export function missedOverTime({
  windows,
  accepted,
  limit,
  duration,
}: {
  readonly windows: readonly MissedInWindow[];
  readonly accepted: readonly { readonly from: number; readonly to: number }[];
  readonly limit: number;
  /** Length of the recording in s. */
  readonly duration: number;
}): Spec {
  const x = (time: number) => (time / duration) * WIDTH;
  const y = (share: number) => HEIGHT * (1 - Math.sqrt(Math.max(0, Math.min(1, share))));
  const boxes = (sound: boolean) =>
    windows
      .filter((window) => window.sound === sound)
      .map(({ from, to, low, high }) => boxPath([x(from), x(to)], [y(high), y(low)]))
      .join('');
  const levels = (sound: boolean) =>
    windows
      .filter((window) => window.sound === sound)
      .map(({ from, to, missed }) => level(x(from), x(to), y(missed)))
      .join('');
  const strip = accepted.map(({ from, to }) => level(x(from), x(to), -10)).join('');
  return figureSpec({
    description: 'Share of missed spikes in windows along the recording.',
    width: WIDTH,
    height: HEIGHT,
    scales: [
      { name: 'x', type: 'linear', domain: [0, rounded(duration)], range: 'width', zero: false, nice: false },
      { name: 'y', type: 'sqrt', domain: [0, 1], range: 'height' },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'time (s)', tickCount: 7 },
      { orient: 'left', scale: 'y', title: 'missed spikes', values: [0, 0.01, 0.05, 0.2, 0.5, 1], format: '.0%' },
    ],
    marks: [
      pathMark(strip, { stroke: colors.data, strokeWidth: 6 }),
      label(accepted.length === 0 ? 'no accepted period' : 'accepted periods', 0, -21),
      pathMark(boxes(true), { fill: colors.data, opacity: 0.22 }),
      pathMark(levels(true), { stroke: colors.data, strokeWidth: 2 }),
      pathMark(boxes(false), { fill: colors.threshold, opacity: 0.22 }),
      pathMark(levels(false), { stroke: colors.threshold, strokeWidth: 2 }),
      limitLine(WIDTH, toTenths(y(limit))),
      ...(windows.length === 0 ? [message('no fit in windows is possible', WIDTH, HEIGHT)] : []),
    ],
  });
}

function boxPath(xs: readonly [from: number, to: number], ys: readonly [top: number, bottom: number]): string {
  const [[from, to], [top, bottom]] = [xs.map(toTenths), ys.map(toTenths)];
  return `M${from} ${top}H${to}V${bottom}H${from}z`;
}

const level = (from: number, to: number, y: number): string =>
  linePath([
    { x: from, y },
    { x: to, y },
  ]);

const label = (text: string, x: number, y: number): Mark => ({
  type: 'text',
  interactive: false,
  encode: { enter: { x: { value: x }, y: { value: y }, text: { value: text }, fill: { value: colors.muted } } },
});
