/** Draws small waveforms of all channels at their places on the array, with a common scale and scale bars. */
import type { Mark } from 'vega';
import type { ElectrodeGrid } from './electrode-grid.ts';
import { linear, rounded } from './numbers.ts';
import { areaPath, extremes, linePath, type Point, pathMark } from './pixel-path.ts';
import { colors } from './theme.ts';
import { channelOf, type Waveforms } from './waveform-table.ts';

/** In pixels. */
export interface ArrayLayout {
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly width: number;
  readonly height: number;
}

/** Lays out cells on a width of `side` pixels; a cell is at most as high as wide. */
export function arrayLayout({ columns, rows }: ElectrodeGrid, side = 544): ArrayLayout {
  const cellWidth = side / columns;
  const cellHeight = Math.min(cellWidth, 150);
  return { cellWidth, cellHeight, width: side, height: cellHeight * rows };
}

interface ArrayFigure extends Waveforms {
  readonly samplingRate: number;
  readonly grid: ElectrodeGrid;
  readonly layout: ArrayLayout;
  /** The highlighted channel. */
  readonly best: number;
  /** Saves bytes: draws other channels by the extremes of this number of columns, without their bands of 1 MAD. */
  readonly coarse?: number;
}

export function arrayMarks(array: ArrayFigure): Mark[] {
  const { grid, layout, samples, best } = array;
  const { cellWidth, cellHeight } = layout;
  const zoom = pixelsPerUnit(array);
  const x = linear([0, Math.max(1, samples.length - 1)], [0.06 * cellWidth, 0.94 * cellWidth]);
  const outline = everyNth(samples.length, cellWidth / 2);
  const shape = ({ column, row }: { column: number; row: number }, channel: number) => {
    const { median, mad } = channelOf(array, channel);
    const base = middle(median);
    const at = (i: number, value: number): Point => ({
      x: column * cellWidth + x(i),
      y: (row + 0.5) * cellHeight - (value - base) * zoom,
    });
    const band = areaPath(
      outline.map((i) => at(i, (median[i] as number) + (mad[i] as number))),
      outline.map((i) => at(i, (median[i] as number) - (mad[i] as number))),
    );
    const line = linePath(
      extremes(median, channel === best ? Math.floor(cellWidth) : (array.coarse ?? Math.floor(cellWidth))).map((i) =>
        at(i, median[i] as number),
      ),
    );
    return { channel, band, line };
  };
  const shapes = grid.cells.map(shape);
  const others = shapes.filter(({ channel }) => channel !== best);
  const chosen = shapes[best];
  return [
    ...(cellWidth < 60 ? [] : channelNumbers(array)),
    pathMark(array.coarse === undefined ? others.map(({ band }) => band).join('') : '', {
      fill: colors.data,
      opacity: 0.18,
    }),
    pathMark(others.map(({ line }) => line).join(''), { stroke: colors.data, strokeWidth: 0.8 }),
    pathMark(chosen?.band ?? '', { fill: colors.highlight, opacity: 0.2 }),
    pathMark(chosen?.line ?? '', { stroke: colors.highlight, strokeWidth: 1.5 }),
    ...scaleBars(array, zoom, x(1) - x(0)),
  ];
}

/** Pixels per converter unit. The largest waveform may overlap neighbouring cells on the array, but not elsewhere. */
function pixelsPerUnit(array: ArrayFigure): number {
  const swings = array.grid.cells.map((_, channel) => {
    const { median } = channelOf(array, channel);
    const base = middle(median);
    return median.reduce((largest, value) => Math.max(largest, Math.abs(value - base)), 0);
  });
  const largest = Math.max(...swings);
  return largest > 0 ? (array.layout.cellHeight * (array.grid.isArray ? 1.25 : 0.42)) / largest : 0;
}

/** Estimates a waveform's baseline by its median, because most of its samples are noise. */
function middle(values: Float64Array): number {
  const sorted = values.toSorted();
  return sorted[sorted.length >> 1] ?? 0;
}

/** Picks about `count` of `n` indexes, evenly spaced, including the first and the last. */
function everyNth(n: number, count: number): number[] {
  const step = Math.max(1, Math.floor(n / Math.max(1, count)));
  const kept: number[] = [];
  for (let i = 0; i < n - 1; i += step) kept.push(i);
  return [...kept, n - 1];
}

function channelNumbers({ grid, layout, best }: ArrayFigure): Mark[] {
  return grid.cells.map(({ column, row }, channel) =>
    text(
      `channel ${channel}`,
      { x: (column + 0.06) * layout.cellWidth, y: row * layout.cellHeight + 10 },
      channel === best ? colors.highlight : colors.muted,
    ),
  );
}

/** Draws a vertical bar of converter units and a horizontal bar of milliseconds below the array. */
function scaleBars({ samples, samplingRate, layout }: ArrayFigure, zoom: number, pixelsPerSample: number): Mark[] {
  const milliseconds = roundBelow((samples.length * 500) / samplingRate);
  const length = (milliseconds * samplingRate * pixelsPerSample) / 1000;
  const units = zoom > 0 ? roundBelow(40 / zoom) : 0;
  const left = 0.06 * layout.cellWidth;
  const top = layout.height + 14;
  const bottom = top + Math.max(14, units * zoom);
  const corner = linePath([
    { x: left, y: bottom - units * zoom },
    { x: left, y: bottom },
    { x: left + length, y: bottom },
  ]);
  const unitsText = units > 0 ? [`${units} ADC units`] : [];
  return [
    pathMark(corner, { stroke: colors.ink, strokeWidth: 1.2 }),
    text([...unitsText, `${milliseconds} ms`].join(', '), { x: left + length + 8, y: bottom - 4 }, colors.ink),
  ];
}

/** Returns the largest of 1, 2 or 5 times a power of ten that is not above `value`. */
function roundBelow(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 0;
  let unit = 1;
  while (unit > value) unit /= 10;
  while (unit * 10 <= value) unit *= 10;
  const factor = [5, 2].find((multiple) => value >= multiple * unit) ?? 1;
  return rounded(unit * factor);
}

function text(content: string, { x, y }: Point, fill: string): Mark {
  const channels = {
    x: { value: rounded(x) },
    y: { value: rounded(y) },
    text: { value: content },
    fill: { value: fill },
  };
  return { type: 'text', interactive: false, encode: { enter: { ...channels, baseline: { value: 'middle' } } } };
}
