import type { Spec } from 'vega';
import { arrayLayout, arrayMarks } from './array-waveforms.ts';
import { channelPanel } from './channel-waveform.ts';
import { electrodeGrid, gridOfPositions } from './electrode-grid.ts';
import { emptyFigure, figureSpec } from './theme.ts';
import { hasWaveforms, type Waveforms } from './waveform-table.ts';

interface OnArray extends Waveforms {
  /** The file column of every channel. */
  readonly fileChannels: Int32Array | readonly number[];
  /** The channel on which the cell is seen best, an index into `fileChannels`; null without spikes. */
  readonly maxOnChannel: number | null;
  /** Where the channels lie, where that is known. */
  readonly positions: readonly (readonly [x: number, y: number])[] | null;
  readonly samplingRate: number;
}

/** The cell on the array: every channel's median waveform at its place, all on one scale. */
export function footprint(figure: OnArray): Spec {
  const grid = (figure.positions && gridOfPositions(figure.positions)) ?? electrodeGrid(figure.fileChannels);
  const layout = arrayLayout(grid, 520);
  const { maxOnChannel: best } = figure;
  if (best === null || !hasWaveforms(figure)) return nothing(layout.width);
  return figureSpec({
    description: `Median waveforms of ${figure.channels} channels at their places, channel ${best} the largest.`,
    width: layout.width,
    height: layout.height,
    marks: arrayMarks({ ...figure, grid, layout, best, ...(grid.isArray ? { coarse: 10 } : {}) }),
  });
}

/** The same on the best channel alone, with axes. */
export function bestWaveform(figure: OnArray): Spec {
  const [width, height] = [400, 300];
  const { maxOnChannel: channel, samplingRate } = figure;
  if (channel === null || !hasWaveforms(figure)) return nothing(width);
  const title = `channel ${channel} (file channel ${figure.fileChannels[channel]})`;
  return figureSpec({
    description: `Median waveform with 1 MAD on ${title}.`,
    width,
    height,
    marks: [channelPanel(figure, { channel, title, samplingRate }, { x: 0, y: 0, width, height })],
  });
}

const nothing = (width: number): Spec => emptyFigure('', 'no waveforms', width, 200);
