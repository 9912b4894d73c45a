/** Computes the cell's median waveforms on the array around spikes drawn from the juxtacellular trace. */
import { setImmediate } from 'node:timers/promises';
import { defineTask, figure, file, table } from 'groundproof/task';
import { peaksTable } from '../schemas/tasks/detect.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { lagTable, pickedTable, waveformsParams, waveformsTable } from '../schemas/tasks/waveforms.ts';
import { gtWaveforms } from './lib/figure/gt-waveforms.ts';
import { gtWaveformsFlatten } from './lib/figure/gt-waveforms-flatten.ts';
import { type Mea, readFrames, withMea } from './lib/recording/mea.ts';
import { drawWithoutReplacement } from './lib/statistics/random.ts';
import { type WaveformLag, waveformLag } from './lib/waveforms/waveform-lag.ts';
import { gatherCells, lowestPoint, type MedianWaveforms, medianOverSpikes } from './lib/waveforms/waveform-median.ts';

/** Memory for pieces of windows. A piece has at least a frame: with 252 electrodes, 504 bytes per spike. */
const PIECE_BYTES = 16 << 20;

/** Spikes read before they are gathered; their pieces stay in the processor's cache. */
const BATCH = 32;

export default defineTask({
  inputs: { mea: file(), info: table(infoTable), peaks: table(peaksTable) },
  params: waveformsParams,
  outputs: {
    waveforms: table(waveformsTable),
    picked: table(pickedTable),
    lag: table(lagTable),
    gt_waveforms_flatten: figure(),
    gt_waveforms: figure(),
  },
  async run({ inputs, params, outputs, log, progress, signal }) {
    const { before, after, count, seed } = params;
    const info = await inputs.info.row();
    const peaks = await inputs.peaks.columns();
    await withMea(inputs.mea, info, async (mea) => {
      const all = Array.from(peaks.sample_index, Number);
      const inside = all.filter((peak) => peak >= before && peak + after <= mea.samples);
      if (inside.length < all.length) {
        const left = all.length - inside.length;
        log(`${left} of ${all.length} spikes left out: their window [-${before}, +${after}) leaves the recording`);
      }
      const drawn = drawWithoutReplacement(inside.length, count === 'all' ? inside.length : count, seed);
      const picked = drawn.map((index) => inside[index] as number);
      if (picked.length === 0)
        log.warn(`no waveforms: none of ${all.length} spikes has its window inside the recording`);

      const starts = picked.map((peak) => peak - before);
      const pause = async () => {
        await setImmediate();
        signal.throwIfAborted();
      };
      const waveforms = await medianWaveforms(mea, starts, before + after, async (fraction) => {
        progress(fraction);
        await pause();
      });

      const samples = Int32Array.from({ length: before + after }, (_, index) => index - before);
      const { median, mad } = waveforms;
      const channel = new Int32Array(median.length).map((_, row) => Math.floor(row / samples.length));
      const sample = new Int32Array(median.length).map((_, row) => samples[row % samples.length] as number);
      await outputs.waveforms.write({ channel, sample, median, mad });
      await outputs.picked.write({ sample_index: picked });

      const { fileChannels } = mea;
      const figure = { channels: fileChannels.length, samples, median, mad, spikes: picked.length };
      const maxOnChannel = channel[lowestPoint({ channel, median, mad })] ?? null;
      const clocks = await compareEarlyWithLate(mea, { spikes: picked, electrode: maxOnChannel, before, after }, pause);
      await outputs.lag.write({
        early_spikes: [clocks.early],
        late_spikes: [clocks.late],
        channel: [maxOnChannel],
        early_height: [clocks.earlyHeight],
        late_height: [clocks.lateHeight],
        lag: [clocks.lag],
        correlation: [clocks.correlation],
      });

      const samplingRate = info.sampling_rate;
      await outputs.gt_waveforms_flatten.write(gtWaveformsFlatten(figure));
      await outputs.gt_waveforms.write(gtWaveforms({ ...figure, fileChannels, maxOnChannel, samplingRate }));
    });
  },
});

/**
 * Returns median and MAD of windows of `width` frames from `starts` on; empty without windows. It reads the windows a few
 * frames at a time for all spikes, so that memory stays small and nothing is read twice.
 */
async function medianWaveforms(
  mea: Mea,
  starts: readonly number[],
  width: number,
  pause: (fraction: number) => Promise<void>,
): Promise<MedianWaveforms> {
  const { channels, fileChannels } = mea;
  const spikes = starts.length;
  const size = spikes === 0 ? 0 : fileChannels.length * width;
  const into = { median: new Float64Array(size), mad: new Float64Array(size), width };
  const frameBytes = spikes * fileChannels.length * Uint16Array.BYTES_PER_ELEMENT;
  const piece = Math.min(width, Math.max(1, Math.floor(PIECE_BYTES / frameBytes)));
  for (let first = 0; first < width && spikes > 0; first += piece) {
    const frames = Math.min(piece, width - first);
    const cells = { values: new Uint16Array(frames * fileChannels.length * spikes), spikes };
    const values = new Uint16Array(Math.min(BATCH, spikes) * frames * channels);
    for (let done = 0; done < spikes; done += BATCH) {
      const batch = starts.slice(done, done + BATCH);
      for (const [spike, start] of batch.entries()) {
        readFrames(mea, start + first, frames, values.subarray(spike * frames * channels));
      }
      gatherCells({ values, spikes: batch.length, frames, channels }, fileChannels, cells, done);
    }
    medianOverSpikes(cells, into, first);
    await pause((first + frames) / width);
  }
  return into;
}

interface PickedWindows {
  readonly spikes: readonly number[];
  /** Null without spikes. */
  readonly electrode: number | null;
  readonly before: number;
  readonly after: number;
}

/**
 * Compares the waveform on an electrode between the spikes of the first and of the last third of the recording; reads their
 * windows again.
 */
async function compareEarlyWithLate(
  mea: Mea,
  { spikes: picked, electrode, before, after }: PickedWindows,
  pause: () => Promise<void>,
): Promise<WaveformLag & { readonly early: number; readonly late: number }> {
  const fileChannels = Int32Array.of(...(electrode === null ? [] : [mea.fileChannels[electrode] as number]));
  const over = async (spikes: readonly number[]) => {
    const starts = spikes.map((peak) => peak - before);
    return {
      ...(await medianWaveforms({ ...mea, fileChannels }, starts, before + after, pause)),
      spikes: spikes.length,
    };
  };
  const early = await over(picked.filter((peak) => 3 * peak < mea.samples));
  const late = await over(picked.filter((peak) => 3 * peak >= 2 * mea.samples));
  return { ...waveformLag(early, late), early: early.spikes, late: late.spikes };
}
