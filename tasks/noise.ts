/** Baseline and noise of every electrode, exact, over the whole recording. Hangs on the archive alone. */
import { setImmediate } from 'node:timers/promises';
import { DataError, defineTask, file, table } from 'groundwork/task';
import { channelNoiseTable, noiseParams } from '../schemas/tasks/noise.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { frameBlocks, type Mea, withMea } from './lib/recording/mea.ts';
import { countChannels } from './lib/signal/channel-histograms.ts';
import { histogramBins, histogramMedianMad } from './lib/signal/histogram-median.ts';

/** Counters for this many electrodes take 128 MB; beyond, the file is read once for every so many. */
const electrodesAtOnce = 512;

/** How often, in blocks of the file, others get a turn: about every 0.1 s. */
const blocksBetween = 256;

/** What a counter holds: 59 hours at 20 kHz. */
const mostSamples = 0xffffffff;

export default defineTask({
  inputs: { mea: file(), info: table(infoTable) },
  params: noiseParams,
  outputs: { channel_noise: table(channelNoiseTable) },
  async run({ inputs, outputs, progress, signal }) {
    await withMea(inputs.mea, await inputs.info.row(), async (mea) => {
      if (mea.samples > mostSamples) {
        throw new DataError(`the recording has ${mea.samples} samples, expected at most ${mostSamples}: split it`);
      }
      const electrodes = mea.fileChannels.length;
      const median = new Float64Array(electrodes);
      const mad = new Float64Array(electrodes);
      for (let first = 0; first < electrodes; first += electrodesAtOnce) {
        const fileChannels = mea.fileChannels.subarray(first, first + electrodesAtOnce);
        const counts = await countAll(mea, fileChannels, async (fraction) => {
          progress((first + fraction * fileChannels.length) / electrodes);
          await setImmediate();
          signal.throwIfAborted();
        });
        for (let i = 0; i < fileChannels.length; i++) {
          const own = counts.subarray(i * histogramBins, (i + 1) * histogramBins);
          const noise = histogramMedianMad(own, 0, histogramBins - 1, mea.samples);
          median[first + i] = noise.median;
          mad[first + i] = noise.mad;
        }
      }
      const channel = Int32Array.from({ length: electrodes }, (_, index) => index);
      await outputs.channel_noise.write({ channel, file_channel: mea.fileChannels, median, mad });
    });
  },
});

async function countAll(
  mea: Mea,
  fileChannels: Int32Array,
  pause: (fraction: number) => Promise<void>,
): Promise<Uint32Array> {
  const counts = new Uint32Array(fileChannels.length * histogramBins);
  let blocks = 0;
  for (const { frames, end } of frameBlocks(mea)) {
    countChannels(frames, mea.channels, fileChannels, counts);
    if (++blocks % blocksBetween === 0) await pause(end / mea.samples);
  }
  return counts;
}
