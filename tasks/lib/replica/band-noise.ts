/** Makes the noise of an amplifier: Gaussian and band-limited. */
import { normalQuantiles } from './normal-quantiles.ts';

// One-pole filters at 20 kHz: low-pass near 2.5 kHz, high-pass at 100 Hz.
const LOW_PASS = 0.55;
const HIGH_PASS = 0.031;
const WARM_UP = 512;

/**
 * Returns `length` samples of band-limited Gaussian noise with mean 0 and root mean square 1.
 *
 * Each sample uses both halves of a random uint32: the filtered sum of two quantiles of 16 bits follows the normal
 * distribution far beyond 5 standard deviations, although a single quantile ends at 4.3.
 */
export function bandNoise(length: number, random: () => number): Float32Array {
  const quantiles = normalQuantiles(0x10000);
  const noise = new Float32Array(length);
  let low = 0;
  let slow = 0;
  let squares = 0;
  for (let i = -WARM_UP; i < length; i++) {
    const bits = random();
    const white = (quantiles[bits & 0xffff] as number) + (quantiles[bits >>> 16] as number);
    low += LOW_PASS * (white - low);
    slow += HIGH_PASS * (low - slow);
    if (i < 0) continue;
    const value = low - slow;
    noise[i] = value;
    squares += value * value;
  }
  const scale = 1 / Math.sqrt(squares / length);
  for (let i = 0; i < length; i++) noise[i] = (noise[i] as number) * scale;
  return noise;
}
