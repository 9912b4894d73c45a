import type { Spec } from 'vega';
import { countLabel, domainOf, linear } from './numbers.ts';
import { areaPath, extremes, linePath, pathMark } from './pixel-path.ts';
import { colors, emptyFigure, figureSpec } from './theme.ts';
import { hasWaveforms, type Waveforms } from './waveform-table.ts';

const WIDTH = 900;
const HEIGHT = 300;

/** The median waveforms of all channels side by side, with a band of 1 MAD over the spikes. */
export function gtWaveformsFlatten(waveforms: Waveforms): Spec {
  const { channels, samples, median, mad, spikes } = waveforms;
  const title = 'Median waveform on every channel';
  if (!hasWaveforms(waveforms)) return emptyFigure(title, 'no spikes', WIDTH, HEIGHT);

  const upper = median.map((value, i) => value + (mad[i] as number));
  const lower = median.map((value, i) => value - (mad[i] as number));
  const yDomain = domainOf(
    [...edge(upper, Math.max), ...edge(lower, Math.min)].map(([, value]) => value),
    0.05,
  );
  const x = linear([0, median.length], [0, WIDTH]);
  const y = linear(yDomain, [HEIGHT, 0]);
  const point = ([i, value]: readonly [number, number]) => ({ x: x(i), y: y(value) });
  const band = areaPath(edge(upper, Math.max).map(point), edge(lower, Math.min).map(point));
  const line = linePath(extremes(median, WIDTH).map((i) => point([i, median[i] as number])));
  const subtitle = `${countLabel(spikes, 'spike')}, ${countLabel(channels, 'channel')} of ${countLabel(samples.length, 'sample')}, side by side`;
  return figureSpec({
    title,
    subtitle,
    description: `${title}: ${subtitle}.`,
    width: WIDTH,
    height: HEIGHT,
    scales: [
      { name: 'x', type: 'linear', domain: [-0.5, channels - 0.5], range: 'width', zero: false },
      { name: 'y', type: 'linear', domain: yDomain, range: 'height', zero: false },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'channel', tickCount: 14, tickMinStep: 1, format: 'd' },
      { orient: 'left', scale: 'y', title: 'median \u00b1 1 MAD (ADC units)', tickCount: 6, grid: true },
    ],
    marks: [
      pathMark(channels <= 32 ? boundaries(channels) : '', { stroke: colors.rule, strokeWidth: 1 }),
      pathMark(band, { fill: colors.data, opacity: 0.25 }),
      pathMark(line, { stroke: colors.data, strokeWidth: 0.9 }),
    ],
  });
}

/** Vertical lines between the channels. */
function boundaries(channels: number): string {
  const at = Array.from({ length: channels - 1 }, (_, i) => ((i + 1) * WIDTH) / channels);
  return at
    .map((x) =>
      linePath([
        { x, y: 0 },
        { x, y: HEIGHT },
      ]),
    )
    .join('');
}

/** Reduces each column of pixels to its extreme value by `pick`; returns all values if there are few. */
function edge(values: Float64Array, pick: (a: number, b: number) => number): (readonly [number, number])[] {
  if (values.length <= 2 * WIDTH) return Array.from(values, (value, i) => [i, value] as const);
  return Array.from({ length: WIDTH }, (_, column) => {
    const start = Math.floor((column * values.length) / WIDTH);
    const end = Math.floor(((column + 1) * values.length) / WIDTH);
    return [(start + end) / 2, values.subarray(start, end).reduce((a, b) => pick(a, b))] as const;
  });
}
