/** Baseline and noise of every electrode, exact, over the whole recording. Hangs on the archive alone. */
import { setImmediate } from 'node:timers/promises';
import { DataError, defineTask, file, table } from 'groundproof/task';
import { channelNoiseTable, noiseParams } from '../schemas/tasks/noise.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { frameBlocks, withMea } from './lib/recording/mea.ts';
import { columnHistograms } from './lib/signal/column-histograms.ts';
import { histogramBins, histogramMedianMad } from './lib/signal/histogram-median.ts';

/** Counters for this many columns take at most 132 MB; beyond, the file is read once for every so many. */
const columnsAtOnce = 512;

/** How often, in blocks of 128 KB, others get a turn: some twenty times a second. */
const blocksBetween = 512;

/** What a counter holds: 59 hours at 20 kHz. */
const mostSamples = 0xffffffff;

export default defineTask({
  inputs: { mea: file(), info: table(infoTable) },
  params: noiseParams,
  outputs: { channel_noise: table(channelNoiseTable) },
  async run({ inputs, outputs, progress, signal }) {
    await withMea(inputs.mea, await inputs.info.row(), async (mea) => {
      const { channels, samples, fileChannels } = mea;
      if (samples > mostSamples) {
        throw new DataError(`the recording has ${samples} samples, expected at most ${mostSamples}: split it`);
      }
      const median = new Float64Array(fileChannels.length);
      const mad = new Float64Array(fileChannels.length);
      for (let first = 0; first < channels; first += columnsAtOnce) {
        const last = Math.min(first + columnsAtOnce, channels);
        const histograms = columnHistograms(channels, first, last);
        let blocks = 0;
        for (const { frameCount, end } of frameBlocks(mea, histograms.block)) {
          histograms.count(frameCount);
          if (++blocks % blocksBetween > 0) continue;
          progress((first + (end / samples) * (last - first)) / channels);
          await setImmediate();
          signal.throwIfAborted();
        }
        for (const [electrode, column] of fileChannels.entries()) {
          if (column < first || column >= last) continue;
          const noise = histogramMedianMad(histograms.of(column), 0, histogramBins - 1, samples);
          median[electrode] = noise.median;
          mad[electrode] = noise.mad;
        }
      }
      const channel = Int32Array.from(fileChannels, (_, index) => index);
      await outputs.channel_noise.write({ channel, file_channel: fileChannels, median, mad });
    });
  },
});
