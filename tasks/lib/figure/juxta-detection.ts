import type { Mark, Spec } from 'vega';
import { columnsPath } from './columns-path.ts';
import { dotsPath } from './dots.ts';
import {
  bandsLabel,
  detectionLevel,
  guideExtent,
  medianLabel,
  type Noise,
  noiseBands,
  noiseLines,
  type PeakSign,
  thresholdLabel,
} from './noise-guides.ts';
import { countLabel, domainOf, linear, rounded } from './numbers.ts';
import { extremes, linePath, pathMark } from './pixel-path.ts';
import { colors, emptyFigure, figureSpec } from './theme.ts';

const WIDTH = 780;
const HEIGHT = 300;

/**
 * The start of the juxtacellular trace with its detected peaks, the threshold, and the noise's median and MADs. A long
 * trace is drawn by its extremes in every pixel, so that every spike stays visible.
 */
export function juxtaDetection({
  trace,
  samplingRate,
  peaks,
  noise,
  seconds,
  peakSign,
}: {
  readonly trace: Float32Array;
  readonly samplingRate: number;
  readonly peaks: {
    readonly sampleIndex: BigInt64Array | readonly number[];
    readonly amplitude: Float32Array | readonly number[];
  };
  readonly noise: Noise;
  /** Length of the part of the trace to show. */
  readonly seconds: number;
  readonly peakSign: PeakSign;
}): Spec {
  const start = trace.subarray(0, Math.max(0, Math.floor(seconds * samplingRate)));
  const duration = start.length / samplingRate;
  const title = 'Juxtacellular spike detection';
  if (start.length === 0) return emptyFigure(title, 'the trace is empty', WIDTH, HEIGHT);

  const inView: { readonly index: number; readonly amplitude: number }[] = [];
  for (let i = 0; i < peaks.sampleIndex.length; i++) {
    const index = Number(peaks.sampleIndex[i]);
    if (index < start.length) inView.push({ index, amplitude: peaks.amplitude[i] as number });
  }

  const drawn = extremes(start, WIDTH);
  const yDomain = domainOf([...drawn.map((i) => start[i] as number), ...guideExtent(noise, peakSign)], 0.05);
  const x = linear([0, start.length], [0, WIDTH]);
  const y = linear(yDomain, [HEIGHT, 0]);
  const dots = inView.map(({ index, amplitude }) => ({ x: x(index), y: y(amplitude) }));
  const level = y(detectionLevel(noise, peakSign));
  const spikes = dotsPath(dots, 8000, (dot) => Math.abs(dot.y - level) < 10);
  const everySample = drawn.length === start.length;
  const line = everySample
    ? pathMark(linePath(drawn.map((i) => ({ x: x(i), y: y(start[i] as number) }))), {
        stroke: colors.trace,
        strokeWidth: 0.7,
      })
    : pathMark(columnsPath(start, WIDTH, y), { fill: colors.trace, opacity: 0.7 });

  const direction = { axis: 'y', scale: 'y', across: WIDTH, overhang: 8 } as const;
  const everything = countLabel(peaks.sampleIndex.length, 'spike');
  const subtitle =
    peaks.sampleIndex.length === 0
      ? 'no spikes in the whole recording'
      : `${countLabel(inView.length, 'spike')} in the first ${rounded(duration)} s, ${everything} in the whole recording`;
  return figureSpec({
    title,
    subtitle,
    description: `${title}: ${subtitle}.`,
    width: WIDTH,
    height: HEIGHT,
    scales: [
      { name: 'x', type: 'linear', domain: [0, rounded(duration)], range: 'width', zero: false },
      { name: 'y', type: 'linear', domain: yDomain, range: 'height', zero: false },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'time (s)', tickCount: 10 },
      { orient: 'left', scale: 'y', title: 'juxta signal (trace units)', tickCount: 6 },
    ],
    marks: [
      noiseBands(noise, direction),
      line,
      ...noiseLines(noise, peakSign, direction),
      pathMark(spikes, { stroke: 'white', strokeWidth: 6.5, round: true }),
      pathMark(spikes, { stroke: colors.data, strokeWidth: 4.5, round: true }),
      ...guideLabels(noise, peakSign, y),
    ],
  });
}

/** Labels to the right of the plot: three lines beside the median, and the threshold's label clear of them. */
function guideLabels(noise: Noise, sign: PeakSign, y: (value: number) => number): Mark[] {
  const line = 14;
  const median = y(noise.median);
  const threshold = y(detectionLevel(noise, sign));
  const clear = threshold >= median ? Math.max(threshold, median + 3 * line) : Math.min(threshold, median - line);
  return [
    label([medianLabel(noise)], median, colors.ink),
    label(bandsLabel(noise).split(/ (?=\()/), median + line, colors.muted),
    label([thresholdLabel(noise, sign)], clear, colors.threshold),
  ];
}

function label(text: readonly string[], y: number, fill: string): Mark {
  return {
    type: 'text',
    interactive: false,
    encode: {
      enter: {
        x: { value: WIDTH + 12 },
        y: { value: rounded(y) },
        text: { value: [...text] },
        baseline: { value: 'middle' },
        lineHeight: { value: 14 },
        fill: { value: fill },
      },
    },
  };
}
