/** Counts each uint16 value on each electrode of interleaved frames. */
import { HISTOGRAM_BINS } from './histogram-median.ts';

/**
 * Counts the samples of `frames` (frame by frame, `channels` columns) into `counts`: 65536 counters for each of
 * `fileChannels`, concatenated. It counts electrode by electrode, so that the counters stay in the processor's cache; that
 * is faster as long as the frames stay there too (some 256 KB).
 */
export function countChannels(
  frames: Uint16Array,
  channels: number,
  fileChannels: Int32Array,
  counts: Uint32Array,
): void {
  for (let electrode = 0; electrode < fileChannels.length; electrode++) {
    const firstBin = electrode * HISTOGRAM_BINS;
    for (let i = fileChannels[electrode] as number; i < frames.length; i += channels) {
      const bin = firstBin + (frames[i] as number);
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
}
