/** Reads the traces of a few electrodes over the whole recording, in sds of their noise. */
import { setImmediate } from 'node:timers/promises';
import { frameBlocks, type Mea } from '../recording/mea.ts';
import type { ElectrodeNoise } from './electrodes.ts';

/** Bytes of a block: it stays in the processor's cache. */
const BLOCK_BYTES = 256 << 10;
/** Blocks between two pauses in which other work gets a turn. */
const BLOCKS_BETWEEN = 256;

/**
 * Reads the electrodes in one pass over the file: 4 bytes a sample each, so six electrodes of five minutes at 20 kHz
 * take 144 MB.
 */
export async function readTraces(
  mea: Mea,
  electrodes: readonly number[],
  noise: ElectrodeNoise,
  pause: (fraction: number) => void,
): Promise<Float32Array[]> {
  const traces = electrodes.map(() => new Float32Array(mea.samples));
  const block = new Uint16Array(Math.max(mea.channels, BLOCK_BYTES / Uint16Array.BYTES_PER_ELEMENT));
  let blocks = 0;
  for (const { frameCount, end } of frameBlocks(mea, block)) {
    for (const [index, electrode] of electrodes.entries()) {
      const trace = traces[index] as Float32Array;
      const median = noise.median[electrode] as number;
      const scale = 1 / (noise.mad[electrode] as number);
      let from = mea.fileChannels[electrode] as number;
      for (let to = end - frameCount; to < end; to++, from += mea.channels) {
        trace[to] = ((block[from] as number) - median) * scale;
      }
    }
    if (++blocks % BLOCKS_BETWEEN > 0) continue;
    pause(end / mea.samples);
    await setImmediate();
  }
  return traces;
}
