import type { Spec } from 'vega';
import { arrayLayout, arrayMarks } from './array-waveforms.ts';
import { channelPanel } from './channel-waveform.ts';
import { electrodeGrid, gridOfPositions } from './electrode-grid.ts';
import { emptyFigure, figureSpec } from './theme.ts';
import { hasWaveforms, type Waveforms } from './waveform-table.ts';

interface ArrayWaveforms extends Waveforms {
  /** The file column of every channel. */
  readonly fileChannels: Int32Array | readonly number[];
  /** Index into `fileChannels` of the channel with the largest waveform; null without spikes. */
  readonly maxOnChannel: number | null;
  /** Positions of the channels; null if unknown. */
  readonly positions: readonly (readonly [x: number, y: number])[] | null;
  readonly samplingRate: number;
}

/** The cell on the array: every channel's median waveform at its place, on a common scale. */
export function footprint(figure: ArrayWaveforms): Spec {
  const grid = (figure.positions && gridOfPositions(figure.positions)) ?? electrodeGrid(figure.fileChannels);
  const layout = arrayLayout(grid, 520);
  const { maxOnChannel: best } = figure;
  if (best === null || !hasWaveforms(figure)) return noWaveforms(layout.width);
  return figureSpec({
    description: `Median waveforms of ${figure.channels} channels at their places, channel ${best} the largest.`,
    width: layout.width,
    height: layout.height,
    marks: arrayMarks({ ...figure, grid, layout, best, ...(grid.isArray ? { coarse: 10 } : {}) }),
  });
}

/** The median waveform on the best channel alone, with axes. */
export function bestWaveform(figure: ArrayWaveforms): Spec {
  const [width, height] = [400, 300];
  const { maxOnChannel: channel, samplingRate } = figure;
  if (channel === null || !hasWaveforms(figure)) return noWaveforms(width);
  const title = `channel ${channel} (file channel ${figure.fileChannels[channel]})`;
  return figureSpec({
    description: `Median waveform with 1 MAD on ${title}.`,
    width,
    height,
    marks: [channelPanel(figure, { channel, title, samplingRate }, { x: 0, y: 0, width, height })],
  });
}

const noWaveforms = (width: number): Spec => emptyFigure('', 'no waveforms', width, 200);
