/** The MEA signal of a replica, made block by block: its full size is 3 GB. */

import { type ArrayModel, AUXILIARY } from './array-model.ts';
import { bandNoise } from './band-noise.ts';
import type { SpikeShape } from './spike-shapes.ts';

/** Converter value that stands for 0 uV. */
export const ADC_ZERO = 32_767;
const BLOCK_VALUES = 1 << 18;
const TABLE_LENGTH = 1 << 20;

/** A cell as the array sees it. */
export interface SeenCell {
  /** Samples of its troughs, ascending. */
  readonly spikes: readonly number[];
  /** In each file column, in converter steps; 0 where it is no electrode. */
  readonly depth: Float64Array;
  readonly shape: SpikeShape;
}

/**
 * Blocks of interleaved uint16 frames; a block is valid until the next one is asked for.
 *
 * Every electrode has band-limited noise and the spikes of all cells. The noise is read from one
 * table of 52 s, for each electrode and block from another random place.
 */
export function* meaBlocks(
  array: ArrayModel,
  juxta: Float32Array,
  cells: readonly SeenCell[],
  random: () => number,
): Generator<Uint8Array> {
  const columns = array.noise.length;
  const table = bandNoise(TABLE_LENGTH, random);
  const frames = Math.floor(BLOCK_VALUES / columns);
  const block = new Uint16Array(frames * columns);
  const seen = cells.map((cell) => ({ ...cell, ...spikeWaves(cell), next: 0 }));
  for (let start = 0; start < juxta.length; start += frames) {
    const count = Math.min(frames, juxta.length - start);
    for (const column of array.electrodes) {
      const place = random() % (TABLE_LENGTH - count);
      layNoise(block, column, columns, table.subarray(place, place + count), array.noise[column] as number);
    }
    if (columns === AUXILIARY.columns) layAuxiliary(block, juxta.subarray(start, start + count), start);
    for (const cell of seen) {
      const { spikes, shape } = cell;
      const after = shape.values.length - 1 - shape.trough;
      while (cell.next < spikes.length && (spikes[cell.next] as number) + after < start) cell.next++;
      for (let row = cell.next; row < spikes.length; row++) {
        const at = (spikes[row] as number) - shape.trough - start;
        if (at >= count) break;
        laySpike(block, { columns, count, at }, cell);
      }
    }
    yield new Uint8Array(block.buffer, 0, count * columns * 2);
  }
}

interface Waves {
  /** Columns in which at least one step is seen. */
  readonly seenBy: readonly number[];
  /** The spike in whole converter steps, sample by sample, those columns each. */
  readonly waves: Int16Array;
}

function spikeWaves({ depth, shape }: SeenCell): Waves {
  const seenBy = [...depth.keys()].filter((column) => (depth[column] as number) >= 0.5);
  const waves = new Int16Array(shape.values.length * seenBy.length);
  for (const [t, value] of shape.values.entries()) {
    for (const [row, column] of seenBy.entries()) {
      waves[t * seenBy.length + row] = Math.round(-(depth[column] as number) * value);
    }
  }
  return { seenBy, waves };
}

function layNoise(block: Uint16Array, column: number, columns: number, noise: Float32Array, mad: number): void {
  let at = column;
  for (let i = 0; i < noise.length; i++) {
    block[at] = ADC_ZERO + 0.5 + mad * (noise[i] as number);
    at += columns;
  }
}

interface Spot {
  readonly columns: number;
  /** Frames in the block. */
  readonly count: number;
  /** The frame at which the waveform starts, below 0 where it began in the block before. */
  readonly at: number;
}

/** Adds a spike as far as it lies in the block. */
function laySpike(block: Uint16Array, { columns, count, at }: Spot, { seenBy, waves }: Waves): void {
  const samples = waves.length / seenBy.length;
  const to = Math.min(samples, count - at);
  for (let t = Math.max(0, -at); t < to; t++) {
    const frame = (at + t) * columns;
    for (let row = 0; row < seenBy.length; row++) {
      const value = frame + (seenBy[row] as number);
      block[value] = (block[value] as number) + (waves[t * seenBy.length + row] as number);
    }
  }
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
