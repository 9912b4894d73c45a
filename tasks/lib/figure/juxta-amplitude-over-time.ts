import type { Spec } from 'vega';
import {
  drawnBins,
  type Histogram,
  histogramExtent,
  histogramMarks,
  labelsAbove,
  outlineData,
} from './amplitude-histogram.ts';
import { dotsPath } from './dots.ts';
import { detectionLevel, guideExtent, type Noise, noiseBands, noiseLines, type PeakSign } from './noise-guides.ts';
import { countLabel, domainOf, linear, rounded } from './numbers.ts';
import { type Point, pathMark } from './pixel-path.ts';
import { colors, figureSpec, message, panel } from './theme.ts';

const WIDTH = 640;
const HISTOGRAM_HEIGHT = 170;
const GAP = 18;
const SCATTER_HEIGHT = 400;
const HEIGHT = HISTOGRAM_HEIGHT + GAP + SCATTER_HEIGHT;

/**
 * The amplitude of every spike over the recording, below their histogram. Both share the amplitude axis, so that drift,
 * modes and a cut by the threshold can be compared between them; time runs downwards.
 */
export function juxtaAmplitudeOverTime(
  figure: Histogram & {
    /** Spike times in s. */
    readonly time: Float64Array | readonly number[];
    readonly amplitude: Float32Array | readonly number[];
    readonly noise: Noise;
    /** Length of the recording in s. */
    readonly duration: number;
    readonly peakSign?: PeakSign;
    /** Beyond this number, dots that hide each other are merged. */
    readonly maxDots?: number;
  },
): Spec {
  const { time, amplitude, noise, duration, peakSign = '-', maxDots = 14_000 } = figure;
  const bins = drawnBins(figure);
  const xDomain = domainOf([...amplitude, ...histogramExtent(bins), ...guideExtent(noise, peakSign)], 0.03);
  const x = linear(xDomain, [0, WIDTH]);
  const y = linear([0, duration], [0, SCATTER_HEIGHT]);
  const dots = Array.from(amplitude, (value, i): Point => ({ x: x(value), y: y(time[i] as number) }));
  const level = x(detectionLevel(noise, peakSign));
  const path = dotsPath(dots, maxDots, (dot) => Math.abs(dot.x - level) < 12);
  const direction = { axis: 'x', scale: 'amplitude', across: SCATTER_HEIGHT, overhang: GAP } as const;
  const title = 'Amplitudes of juxtacellular spikes over time';
  const subtitle =
    amplitude.length === 0 ? 'no spikes' : `${countLabel(amplitude.length, 'spike')} in ${rounded(duration)} s`;
  return figureSpec({
    title,
    subtitle,
    description: `${title}: ${subtitle}.`,
    width: WIDTH,
    height: HEIGHT,
    data: [outlineData(bins)],
    scales: [{ name: 'amplitude', type: 'linear', domain: xDomain, range: [0, WIDTH], zero: false }],
    marks: [
      panel(
        'histogram',
        { x: 0, y: 0, width: WIDTH, height: HISTOGRAM_HEIGHT },
        {
          scales: [
            {
              name: 'count',
              type: 'linear',
              domain: [0, Math.max(1, ...bins.count) * 1.05],
              range: [HISTOGRAM_HEIGHT, 0],
            },
          ],
          axes: [
            { orient: 'bottom', scale: 'amplitude', labels: false, tickCount: 10, zindex: 1 },
            {
              orient: 'left',
              scale: 'count',
              title: `spikes per ${rounded(bins.width)} units`,
              tickCount: 4,
              tickMinStep: 1,
              format: ',d',
              grid: true,
            },
          ],
          marks: [...histogramMarks(noise, peakSign, HISTOGRAM_HEIGHT, 14), ...labelsAbove(noise, peakSign, x, WIDTH)],
        },
      ),
      panel(
        'amplitudes',
        { x: 0, y: HISTOGRAM_HEIGHT + GAP, width: WIDTH, height: SCATTER_HEIGHT },
        {
          scales: [{ name: 'time', type: 'linear', domain: [0, rounded(duration)], range: [0, SCATTER_HEIGHT] }],
          axes: [
            { orient: 'bottom', scale: 'amplitude', title: 'juxta amplitude (trace units)', tickCount: 10, zindex: 1 },
            { orient: 'left', scale: 'time', title: 'time (s)', tickCount: 7 },
          ],
          marks: [
            noiseBands(noise, direction),
            ...noiseLines(noise, peakSign, direction),
            pathMark(path, { stroke: colors.data, strokeWidth: 2.8, round: true, opacity: 0.8 }),
            ...(amplitude.length === 0 ? [message('no spikes', WIDTH, SCATTER_HEIGHT)] : []),
          ],
        },
      ),
    ],
  });
}
