import type { Spec } from 'vega';
import { arrayLayout, arrayMarks } from './array-waveforms.ts';
import { channelPanel } from './channel-waveform.ts';
import { electrodeGrid } from './electrode-grid.ts';
import { countLabel } from './numbers.ts';
import { emptyFigure, figureSpec, panel } from './theme.ts';
import { hasWaveforms, type Waveforms } from './waveform-table.ts';

const gap = 90;
const channelWidth = 320;
const channelHeight = 300;

/**
 * The cell on the array: every channel's median waveform at its place, all on one scale, and the best channel
 * large, with axes, beside them.
 */
export function gtWaveforms(
  figure: Waveforms & {
    /** The file column of every channel. */
    readonly fileChannels: Int32Array | readonly number[];
    /** The channel on which the cell is seen best, an index into `fileChannels`; null without spikes. */
    readonly maxOnChannel: number | null;
    readonly samplingRate: number;
  },
): Spec {
  const { fileChannels, maxOnChannel, samplingRate, spikes, channels } = figure;
  const title = 'Median waveforms on the array';
  const grid = electrodeGrid(fileChannels);
  const layout = arrayLayout(grid);
  const width = layout.width + gap + channelWidth;
  const height = Math.max(layout.height, channelHeight);
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
        { x: layout.width + gap, y: 0, width: channelWidth, height: channelHeight },
      ),
    ],
  });
}
