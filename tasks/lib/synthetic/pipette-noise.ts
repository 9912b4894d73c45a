import { bandNoise } from '../replica/band-noise.ts';
import type { Draw } from './draw.ts';
import { SAMPLING_RATE } from './spike-train.ts';

/** The trace between spikes, in MADs of its plain noise. */
export interface NoisePlan {
  /** Amplitude of the mains' 50 Hz. */
  readonly hum?: number;
  /** Amplitude of a slow wander of the baseline, some seconds long. */
  readonly wander?: number;
  /** Factor of the noise at a time in seconds. */
  readonly course?: (seconds: number) => number;
  /** Share of the time in bursts of 0.05 to 0.3 s, and how many times as loud they are. */
  readonly bursts?: { readonly share: number; readonly times: number };
}

export function pipetteNoise({ hum, wander, course, bursts }: NoisePlan, length: number, draw: Draw): Float32Array {
  const noise = bandNoise(length, draw.uint32);
  if (course) {
    for (let start = 0; start < length; start += STRETCH) {
      const factor = course(start / SAMPLING_RATE);
      if (factor !== 1) scale(noise, start, Math.min(length, start + STRETCH), factor);
    }
  }
  if (bursts) {
    for (let left = bursts.share * length; left > 0; ) {
      const long = Math.floor(SAMPLING_RATE * draw.between(0.05, 0.3));
      const start = Math.floor(draw.uniform() * (length - long));
      scale(noise, start, start + long, bursts.times);
      left -= long;
    }
  }
  if (hum) addWave(noise, HUM, hum);
  if (wander) for (const wave of WANDER) addWave(noise, wave, wander * draw.between(0.4, 0.8));
  return noise;
}

/** Samples at a time over which the course of the noise is taken to be constant: 10 ms. */
const STRETCH = 200;

function scale(noise: Float32Array, from: number, to: number, factor: number): void {
  for (let i = from; i < to; i++) noise[i] = factor * (noise[i] as number);
}

/** Cosine and sine of a wave's angle a sample, as literals, for those of `Math` are not the same on every machine. */
interface Wave {
  readonly cosine: number;
  readonly sine: number;
}

/** 50 Hz; and 0.31 and 0.13 Hz. */
const HUM: Wave = { cosine: 0.9998766324816606, sine: 0.015707317311820675 };
const WANDER: readonly Wave[] = [
  { cosine: 0.999999995257655, sine: 0.00009738937210733226 },
  { cosine: 0.9999999991660184, sine: 0.000040840704485313844 },
];

function addWave(noise: Float32Array, { cosine, sine }: Wave, amplitude: number): void {
  let [x, y] = [amplitude, 0];
  for (let i = 0; i < noise.length; i++) {
    noise[i] = (noise[i] as number) + y;
    [x, y] = [x * cosine - y * sine, x * sine + y * cosine];
  }
}
