/** The histogram of spike amplitudes along x, which two figures share. */
import type { Data, Mark } from 'vega';
import {
  bandsLabel,
  detectionLevel,
  medianLabel,
  type Noise,
  noiseBands,
  noiseLines,
  type PeakSign,
  thresholdLabel,
} from './noise-guides.ts';
import { rounded } from './numbers.ts';
import { colors } from './theme.ts';

export interface Histogram {
  readonly binLeft: Float64Array | readonly number[];
  readonly count: BigInt64Array | readonly (number | bigint)[];
  readonly binWidth: number;
}

export interface Bins {
  readonly left: readonly number[];
  readonly count: readonly number[];
  readonly width: number;
}

/** Merges neighbouring bins until at most 800 are left. */
export function drawnBins({ binLeft, count, binWidth }: Histogram): Bins {
  const merged = Math.max(1, Math.ceil(binLeft.length / 800));
  const left: number[] = [];
  const sums: number[] = [];
  for (let i = 0; i < binLeft.length; i++) {
    if (i % merged === 0) {
      left.push(binLeft[i] as number);
      sums.push(0);
    }
    sums[sums.length - 1] = (sums.at(-1) as number) + Number(count[i]);
  }
  return { left, count: sums, width: binWidth * merged };
}

/** Returns the first and the last edge, or an empty list without bins. */
export function histogramExtent({ left, width }: Bins): number[] {
  const [first, last] = [left[0], left.at(-1)];
  return first === undefined || last === undefined ? [] : [first, last + width];
}

/** Returns Vega data `bins`: the outline of the bars, from the first edge to the last. */
export function outlineData({ left, count, width }: Bins): Data {
  const values = left.map((edge, i) => ({ edge: rounded(edge), count: count[i] }));
  const last = left.at(-1);
  if (last !== undefined) values.push({ edge: rounded(last + width), count: count.at(-1) });
  return { name: 'bins', values };
}

/** Draws the bars as a single outline in the scales `amplitude` (x) and `count` (y), between noise bands and lines. */
export function histogramMarks(noise: Noise, sign: PeakSign, height: number, overhang: number): Mark[] {
  const direction = { axis: 'x', scale: 'amplitude', across: height, overhang } as const;
  return [
    noiseBands(noise, direction),
    {
      type: 'area',
      interactive: false,
      aria: false,
      from: { data: 'bins' },
      encode: {
        enter: {
          interpolate: { value: 'step-after' },
          x: { scale: 'amplitude', field: 'edge' },
          y: { scale: 'count', field: 'count' },
          y2: { scale: 'count', value: 0 },
          fill: { value: colors.data },
        },
      },
    },
    ...noiseLines(noise, sign, direction),
  ];
}

/**
 * Labels median and threshold above a plot of amplitudes along x, in two rows so that they never overlap; both run
 * towards the middle of the plot. `at` maps amplitudes to pixels, `width` is the plot's.
 */
export function labelsAbove(noise: Noise, sign: PeakSign, at: (value: number) => number, width: number): Mark[] {
  const bands = `${medianLabel(noise)}, ${bandsLabel(noise)}`;
  return [
    label({ text: bands, x: at(noise.median), y: -24, fill: colors.ink }, width),
    label(
      { text: thresholdLabel(noise, sign), x: at(detectionLevel(noise, sign)), y: -9, fill: colors.threshold },
      width,
    ),
  ];
}

interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly fill: string;
}

function label({ text, x, y, fill }: Label, width: number): Mark {
  const right = x > width / 2;
  return {
    type: 'text',
    interactive: false,
    encode: {
      enter: {
        x: { value: rounded(right ? x - 6 : x + 6) },
        y: { value: y },
        text: { value: text },
        align: { value: right ? 'right' : 'left' },
        baseline: { value: 'middle' },
        fill: { value: fill },
      },
    },
  };
}
