import type { Spec } from 'vega';
import { limitLine } from './limit-line.ts';
import { rounded } from './numbers.ts';
import { linePath, pathMark } from './pixel-path.ts';
import { colors, figureSpec } from './theme.ts';

const WIDTH = 400;
const HEIGHT = 160;

/** The pipette's mean trace around spikes that only the array shows. */
export interface MissedWaveform {
  /** Samples from the time of the spike. */
  readonly sample: ArrayLike<number>;
  /** In the trace's unit. */
  readonly mean: ArrayLike<number>;
  readonly samplingRate: number;
  /** Median and MAD of the trace, and the detection level, in its unit. */
  readonly noise: { readonly median: number; readonly mad: number };
  readonly level: number;
}

/** Draws the mean trace in MADs from its baseline, with the detection level: a missed spike shows as a peak below it. */
export function missedWaveform({ sample, mean, samplingRate, noise, level }: MissedWaveform): Spec {
  const unit = noise.mad > 0 ? noise.mad : 1;
  const values = Array.from(mean, (value) => (value - noise.median) / unit);
  const limit = (level - noise.median) / unit;
  const [low, high] = [Math.min(0, limit, ...values) - 1, Math.max(0, limit, ...values) + 1];
  const times = Array.from(sample, (at) => (at * 1000) / samplingRate);
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 1];
  const x = (time: number) => ((time - from) / (to - from)) * WIDTH;
  const y = (value: number) => HEIGHT * (1 - (value - low) / (high - low));
  return figureSpec({
    description: 'Mean trace of the pipette where the array alone shows the cell.',
    width: WIDTH,
    height: HEIGHT,
    scales: [
      { name: 'x', type: 'linear', domain: [rounded(from), rounded(to)], range: 'width', zero: false, nice: false },
      { name: 'y', type: 'linear', domain: [rounded(low), rounded(high)], range: 'height', zero: false, nice: false },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'time (ms)', tickCount: 5 },
      { orient: 'left', scale: 'y', title: 'mean trace (MAD)', tickCount: 5 },
    ],
    marks: [
      limitLine(WIDTH, rounded(y(limit))),
      pathMark(linePath(values.map((value, row) => ({ x: x(times[row] as number), y: y(value) }))), {
        stroke: colors.data,
        strokeWidth: 2,
      }),
    ],
  });
}
