/** Guides of every juxta figure: the noise's median, bands of 1 to 5 MAD around it, and the threshold. */
import type { Mark } from 'vega';
import { rounded, valueLabel } from './numbers.ts';
import { colors } from './theme.ts';

export interface Noise {
  readonly median: number;
  readonly mad: number;
  /** Distance of the detection level from 0: the level is `-threshold` for negative peaks. */
  readonly threshold: number;
}

export type PeakSign = '-' | '+';

/** Level beyond which a sample can be a peak, in the trace's unit. */
export const detectionLevel = (noise: Noise, sign: PeakSign): number =>
  sign === '+' ? noise.threshold : -noise.threshold;

/** Values that must be in view to show all guides. */
export function guideExtent(noise: Noise, sign: PeakSign): number[] {
  return [noise.median - 5 * noise.mad, noise.median + 5 * noise.mad, detectionLevel(noise, sign)];
}

/** The axis of the amplitudes, x or y; the plot's other side is `across` pixels long. */
export interface Direction {
  readonly axis: 'x' | 'y';
  readonly scale: string;
  readonly across: number;
  /** Pixels by which the lines extend beyond the plot, towards their labels. */
  readonly overhang?: number;
}

/** Five bands on top of each other, darkest within 1 MAD. Draw them behind the data. */
export function noiseBands(noise: Noise, { axis, scale, across }: Direction): Mark {
  const ends = [5, 4, 3, 2, 1].map((k) => ({
    low: rounded(noise.median - k * noise.mad),
    high: rounded(noise.median + k * noise.mad),
  }));
  const other = axis === 'x' ? 'y' : 'x';
  return {
    type: 'group',
    interactive: false,
    aria: false,
    data: [{ name: 'bands', values: ends }],
    marks: [
      {
        type: 'rect',
        interactive: false,
        from: { data: 'bands' },
        encode: {
          enter: {
            [axis]: { scale, field: 'low' },
            [`${axis}2`]: { scale, field: 'high' },
            [other]: { value: 0 },
            [`${other}2`]: { value: across },
            fill: { value: colors.band },
            fillOpacity: { value: 0.045 },
          },
        },
      },
    ],
  };
}

/** The median as a thin line, and the threshold dashed on a white line, to be visible on bars. Draw them over the data. */
export function noiseLines(noise: Noise, sign: PeakSign, direction: Direction): Mark[] {
  const level = detectionLevel(noise, sign);
  return [
    line(noise.median, direction, { stroke: { value: colors.ink }, strokeWidth: { value: 1 } }),
    line(level, direction, {
      stroke: { value: 'white' },
      strokeWidth: { value: 3 },
      strokeOpacity: { value: 0.7 },
    }),
    line(level, direction, {
      stroke: { value: colors.threshold },
      strokeWidth: { value: 1.5 },
      strokeDash: { value: [5, 4] },
    }),
  ];
}

function line(value: number, { axis, scale, across, overhang = 0 }: Direction, look: object): Mark {
  const other = axis === 'x' ? 'y' : 'x';
  const [start, end] = axis === 'x' ? [-overhang, across] : [0, across + overhang];
  return {
    type: 'rule',
    interactive: false,
    aria: false,
    encode: {
      enter: {
        [axis]: { scale, value: rounded(value) },
        [other]: { value: start },
        [`${other}2`]: { value: end },
        ...look,
      },
    },
  };
}

export const medianLabel = (noise: Noise): string => `median ${valueLabel(noise.median)}`;
export const bandsLabel = (noise: Noise): string => `bands: 1 to 5 MAD (MAD ${valueLabel(noise.mad)})`;
export const thresholdLabel = (noise: Noise, sign: PeakSign): string =>
  `threshold ${valueLabel(detectionLevel(noise, sign))}`;
