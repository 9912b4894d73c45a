/** Computes exact baseline and noise of every electrode over the whole recording. Depends only on the archive. */
import { setImmediate } from 'node:timers/promises';
import { DataError, defineTask, file, table } from 'groundproof/task';
import { channelNoiseTable, noiseParams } from '../schemas/tasks/noise.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { columnHistograms } from './lib/noise/column-histograms.ts';
import { HISTOGRAM_BINS, histogramMedianMad } from './lib/noise/histogram-median.ts';
import { frameBlocks, withMea } from './lib/recording/mea.ts';

/** Columns counted in a pass over the file; their counters take at most 132 MB. */
const COLUMNS_PER_PASS = 512;

/** Blocks of 128 KB between two returns to the event loop, some twenty times a second. */
const BLOCKS_PER_TURN = 512;

/** Largest count that a counter can hold: 59 hours at 20 kHz. */
const MAX_SAMPLES = 0xffffffff;

export default defineTask({
  inputs: { mea: file(), info: table(infoTable) },
  params: noiseParams,
  outputs: { channel_noise: table(channelNoiseTable) },
  async run({ inputs, outputs, progress, signal }) {
    await withMea(inputs.mea, await inputs.info.row(), async (mea) => {
      const { channels, samples, fileChannels } = mea;
      if (samples > MAX_SAMPLES) {
        throw new DataError(`the recording has ${samples} samples, expected at most ${MAX_SAMPLES}: split it`);
      }
      const median = new Float64Array(fileChannels.length);
      const mad = new Float64Array(fileChannels.length);
      for (let first = 0; first < channels; first += COLUMNS_PER_PASS) {
        const last = Math.min(first + COLUMNS_PER_PASS, channels);
        const histograms = columnHistograms(channels, first, last);
        let blocks = 0;
        for (const { frameCount, end } of frameBlocks(mea, histograms.block)) {
          histograms.count(frameCount);
          if (++blocks % BLOCKS_PER_TURN > 0) continue;
          progress((first + (end / samples) * (last - first)) / channels);
          await setImmediate();
          signal.throwIfAborted();
        }
        for (const [electrode, column] of fileChannels.entries()) {
          if (column < first || column >= last) continue;
          const noise = histogramMedianMad(histograms.of(column), 0, HISTOGRAM_BINS - 1, samples);
          median[electrode] = noise.median;
          mad[electrode] = noise.mad;
        }
      }
      const channel = Int32Array.from(fileChannels, (_, index) => index);
      await outputs.channel_noise.write({ channel, file_channel: fileChannels, median, mad });
    });
  },
});
