import type { Spec } from 'vega';
import { arrayLayout, arrayMarks } from './array-waveforms.ts';
import { channelPanel } from './channel-waveform.ts';
import { electrodeGrid } from './electrode-grid.ts';
import { countLabel } from './numbers.ts';
import { emptyFigure, figureSpec, panel } from './theme.ts';
import { hasWaveforms, type Waveforms } from './waveform-table.ts';

const GAP = 90;
const CHANNEL_WIDTH = 320;
const CHANNEL_HEIGHT = 300;

/**
 * The cell on the array: every channel's median waveform at its place, on a common scale, and beside them the best
 * channel in a large plot with axes.
 */
export function gtWaveforms(
  figure: Waveforms & {
    /** The file column of every channel. */
    readonly fileChannels: Int32Array | readonly number[];
    /** Index into `fileChannels` of the channel with the largest waveform; null without spikes. */
    readonly maxOnChannel: number | null;
    readonly samplingRate: number;
  },
): Spec {
  const { fileChannels, maxOnChannel, samplingRate, spikes, channels } = figure;
  const title = 'Median waveforms on the array';
  const grid = electrodeGrid(fileChannels);
  const layout = arrayLayout(grid);
  const width = layout.width + GAP + CHANNEL_WIDTH;
  const height = Math.max(layout.height, CHANNEL_HEIGHT);
  if (maxOnChannel === null || !hasWaveforms(figure)) return emptyFigure(title, 'no spikes', width, 240);

  const best = `channel ${maxOnChannel} (file channel ${fileChannels[maxOnChannel]})`;
  const order = grid.isArray ? 'down the columns in file order, corners left out' : 'row by row in file order';
  const subtitle = `${countLabel(spikes, 'spike')}, ${countLabel(channels, 'channel')} ${order}`;
  return figureSpec({
    title,
    subtitle,
    description: `${title}: ${subtitle}.`,
    width,
    height,
    marks: [
      panel(
        'array',
        { x: 0, y: 0, width: layout.width, height: layout.height },
        { marks: arrayMarks({ ...figure, grid, layout, best: maxOnChannel }) },
      ),
      channelPanel(
        figure,
        { channel: maxOnChannel, title: `largest on ${best}`, samplingRate },
        { x: layout.width + GAP, y: 0, width: CHANNEL_WIDTH, height: CHANNEL_HEIGHT },
      ),
    ],
  });
}
