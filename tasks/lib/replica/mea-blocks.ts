/** Makes the MEA signal of a replica block by block: its full size is 3 GB. */

import { type ArrayModel, AUXILIARY } from './array-model.ts';
import { bandNoise } from './band-noise.ts';
import type { SpikeShape } from './spike-shapes.ts';

/** Converter value of 0 uV. */
export const ADC_ZERO = 32_767;
const BLOCK_VALUES = 1 << 18;
const TABLE_LENGTH = 1 << 20;

/** A cell's spikes on the array. */
export interface ArrayCell {
  /** Samples of its troughs, ascending. */
  readonly spikes: readonly number[];
  /** Depth of the spike in each file column, in converter steps; 0 for columns without an electrode. */
  readonly depth: Float64Array;
  readonly shape: SpikeShape;
}

/**
 * Yields blocks of interleaved uint16 frames; the next step overwrites a block.
 *
 * Every electrode has band-limited noise and the spikes of all cells. The noise comes from a table of 52 s, for each
 * electrode and block from another random position.
 */
export function* meaBlocks(
  array: ArrayModel,
  juxta: Float32Array,
  cells: readonly ArrayCell[],
  random: () => number,
): Generator<Uint8Array> {
  const columns = array.noise.length;
  const table = bandNoise(TABLE_LENGTH, random);
  const frames = Math.floor(BLOCK_VALUES / columns);
  const block = new Uint16Array(frames * columns);
  const cursors = cells.map((cell) => ({ ...cell, ...spikeWaves(cell), next: 0 }));
  for (let start = 0; start < juxta.length; start += frames) {
    const count = Math.min(frames, juxta.length - start);
    for (const column of array.electrodes) {
      const from = random() % (TABLE_LENGTH - count);
      layNoise(block, { column, columns }, table.subarray(from, from + count), array.noise[column] as number);
    }
    if (columns === AUXILIARY.columns) layAuxiliary(block, juxta.subarray(start, start + count), start);
    for (const cell of cursors) {
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
  /** Columns in which the spike is at least a step deep. */
  readonly touched: readonly number[];
  /** The spike in whole converter steps: samples x touched columns. */
  readonly waves: Int16Array;
}

function spikeWaves({ depth, shape }: ArrayCell): Waves {
  const touched = [...depth.keys()].filter((column) => (depth[column] as number) >= 0.5);
  const waves = new Int16Array(shape.values.length * touched.length);
  for (const [t, value] of shape.values.entries()) {
    for (const [row, column] of touched.entries()) {
      waves[t * touched.length + row] = Math.round(-(depth[column] as number) * value);
    }
  }
  return { touched, waves };
}

function layNoise(
  block: Uint16Array,
  { column, columns }: { readonly column: number; readonly columns: number },
  noise: Float32Array,
  mad: number,
): void {
  let at = column;
  for (let i = 0; i < noise.length; i++) {
    block[at] = ADC_ZERO + 0.5 + mad * (noise[i] as number);
    at += columns;
  }
}

interface BlockPosition {
  readonly columns: number;
  /** Frames in the block. */
  readonly count: number;
  /** The frame at which the waveform starts; negative if it started in the previous block. */
  readonly at: number;
}

/** Adds the part of a spike that lies in the block. */
function laySpike(block: Uint16Array, { columns, count, at }: BlockPosition, { touched, waves }: Waves): void {
  const samples = waves.length / touched.length;
  const to = Math.min(samples, count - at);
  for (let t = Math.max(0, -at); t < to; t++) {
    const frame = (at + t) * columns;
    for (let row = 0; row < touched.length; row++) {
      const value = frame + (touched[row] as number);
      block[value] = (block[value] as number) + (waves[t * touched.length + row] as number);
    }
  }
}

/** Fills two idle columns, the pipette's signal (10 steps per unit), and a sync pulse of 10 ms every second. */
function layAuxiliary(block: Uint16Array, juxta: Float32Array, start: number): void {
  for (let i = 0; i < juxta.length; i++) {
    const frame = i * AUXILIARY.columns;
    for (const column of AUXILIARY.idle) block[frame + column] = ADC_ZERO;
    const steps = Math.max(-ADC_ZERO, Math.min(ADC_ZERO, Math.round(10 * (juxta[i] as number))));
    block[frame + AUXILIARY.juxta] = ADC_ZERO + steps;
    block[frame + AUXILIARY.sync] = ADC_ZERO + ((start + i) % 20_000 < 200 ? 1000 : 0);
  }
}
