/** How often each uint16 value occurs on each electrode of interleaved frames. */
import { histogramBins } from './histogram-median.ts';

/**
 * Counts the samples of `frames` (frame by frame, `channels` columns) into `counts`: 65536 counters for each
 * of `fileChannels`, one after the other. Electrode by electrode, since one's counters then stay in the
 * processor's cache: that pays as long as the frames do too (some 256 KB).
 */
export function countChannels(
  frames: Uint16Array,
  channels: number,
  fileChannels: Int32Array,
  counts: Uint32Array,
): void {
  for (let electrode = 0; electrode < fileChannels.length; electrode++) {
    const own = electrode * histogramBins;
    for (let i = fileChannels[electrode] as number; i < frames.length; i += channels) {
      const bin = own + (frames[i] as number);
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
}
