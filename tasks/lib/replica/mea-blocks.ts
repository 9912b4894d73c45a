/** The MEA signal of a replica, made block by block: its full size is 3 GB. */

import { type ArrayModel, AUXILIARY } from './array-model.ts';
import { bandNoise } from './band-noise.ts';
import { MEA_SHAPE } from './spike-shapes.ts';

/** Converter value that stands for 0 uV. */
export const ADC_ZERO = 32_767;
const BLOCK_VALUES = 1 << 18;
const TABLE_LENGTH = 1 << 20;

/**
 * Blocks of interleaved uint16 frames; a block is valid until the next one is asked for.
 *
 * Every electrode has band-limited noise and the spike at `spikes` (ascending). The noise is read from one
 * table of 52 s, for each electrode and block from another random place.
 */
export function* meaBlocks(
  array: ArrayModel,
  juxta: Float32Array,
  spikes: readonly number[],
  random: () => number,
): Generator<Uint8Array> {
  const columns = array.noise.length;
  const table = bandNoise(TABLE_LENGTH, random);
  const frames = Math.floor(BLOCK_VALUES / columns);
  const block = new Uint16Array(frames * columns);
  const waves = spikeWaves(array);
  let next = 0;
  for (let start = 0; start < juxta.length; start += frames) {
    const count = Math.min(frames, juxta.length - start);
    for (const column of array.electrodes) {
      const place = random() % (TABLE_LENGTH - count);
      layNoise(block, column, columns, table.subarray(place, place + count), array.noise[column] as number);
    }
    if (columns === AUXILIARY.columns) layAuxiliary(block, juxta.subarray(start, start + count), start);
    while (next < spikes.length && (spikes[next] as number) + AFTER < start) next++;
    for (let spike = next; spike < spikes.length; spike++) {
      const at = (spikes[spike] as number) - MEA_SHAPE.trough - start;
      if (at >= count) break;
      laySpike(block, columns, count, waves, at);
    }
    yield new Uint8Array(block.buffer, 0, count * columns * 2);
  }
}

const SHAPE = MEA_SHAPE.values;
const AFTER = SHAPE.length - 1 - MEA_SHAPE.trough;

/** The spike in whole converter steps, sample by sample, all columns each. */
function spikeWaves({ depth }: ArrayModel): Int16Array {
  const waves = new Int16Array(SHAPE.length * depth.length);
  for (const [t, value] of SHAPE.entries()) {
    for (const [column, steps] of depth.entries()) waves[t * depth.length + column] = Math.round(-steps * value);
  }
  return waves;
}

function layNoise(block: Uint16Array, column: number, columns: number, noise: Float32Array, mad: number): void {
  let at = column;
  for (let i = 0; i < noise.length; i++) {
    block[at] = ADC_ZERO + 0.5 + mad * (noise[i] as number);
    at += columns;
  }
}

/** Adds a spike whose waveform starts at frame `at`, as far as it lies in the block's `count` frames. */
function laySpike(block: Uint16Array, columns: number, count: number, waves: Int16Array, at: number): void {
  const from = Math.max(0, -at) * columns;
  const to = Math.min(SHAPE.length, count - at) * columns;
  const shift = at * columns;
  for (let i = from; i < to; i++) block[shift + i] = (block[shift + i] as number) + (waves[i] as number);
}

/** Two idle columns, the pipette's signal (10 steps a unit), a sync pulse of 10 ms every second. */
function layAuxiliary(block: Uint16Array, juxta: Float32Array, start: number): void {
  for (let i = 0; i < juxta.length; i++) {
    const frame = i * AUXILIARY.columns;
    for (const column of AUXILIARY.idle) block[frame + column] = ADC_ZERO;
    const steps = Math.max(-ADC_ZERO, Math.min(ADC_ZERO, Math.round(10 * (juxta[i] as number))));
    block[frame + AUXILIARY.juxta] = ADC_ZERO + steps;
    block[frame + AUXILIARY.sync] = ADC_ZERO + ((start + i) % 20_000 < 200 ? 1000 : 0);
  }
}
