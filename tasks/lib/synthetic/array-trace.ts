/** The array's recording: uint16 frames, electrode by electrode, as the published format has them. */

import { medianMad } from '../noise/median-mad.ts';
import { bandNoise } from '../replica/band-noise.ts';
import { ADC_ZERO } from '../replica/mea-blocks.ts';
import type { Draw } from './draw.ts';
import type { Tissue, TissueCell, TissuePlan } from './tissue.ts';

/** Noise of an electrode in converter steps of 0.1042 uV: 4 to 7 uV. */
const NOISE = [40, 70] as const;
/** Depth of a cell that lies on an electrode, in steps: 60 to 70 uV. */
const DEPTH = 650;

/** Frames of `electrodes` columns. */
export function arrayTrace(tissue: Tissue, { electrodes, snr }: TissuePlan, length: number, draw: Draw): Uint16Array {
  const frames = new Uint16Array(length * electrodes);
  const best = tissue.cell.depth.indexOf(tissue.cell.depth.reduce((a, b) => Math.max(a, b)));
  const channels = new Map<number, Float32Array>();
  const background = (electrode: number): Float32Array => {
    const noise = bandNoise(length, draw.uint32);
    const level = draw.between(...NOISE);
    for (let i = 0; i < length; i++) noise[i] = level * (noise[i] as number);
    for (const cell of tissue.others) lay(noise, cell, DEPTH * (cell.depth[electrode] as number));
    return noise;
  };
  const nearest = background(best);
  channels.set(best, nearest);
  const depth = snr * medianMad(nearest).mad;
  for (let electrode = 0; electrode < electrodes; electrode++) {
    const channel = channels.get(electrode) ?? background(electrode);
    lay(channel, tissue.cell, depth * (tissue.cell.depth[electrode] as number));
    for (let i = 0, to = electrode; i < length; i++, to += electrodes) {
      frames[to] = Math.max(0, Math.min(65_535, ADC_ZERO + 0.5 + (channel[i] as number)));
    }
    channels.delete(electrode);
  }
  return frames;
}

function lay(channel: Float32Array, { at, size, shape: { values, trough } }: TissueCell, depth: number): void {
  // Less than a step of the converter cannot be seen.
  if (depth < 1) return;
  for (const [row, sample] of at.entries()) {
    const start = sample - trough;
    const height = depth * (size[row] as number);
    for (let t = 0; t < values.length; t++)
      channel[start + t] = (channel[start + t] as number) + height * (values[t] as number);
  }
}
