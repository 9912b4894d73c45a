import { type Share, shareOf } from './share.ts';

/**
 * Share of the spikes that lie within `width` beyond the detection level: spikes crowded there are the visible part of
 * a distribution that goes on below it. `beyond` holds each spike's distance from the level, in the unit of `width`.
 * Null when there is no spike or no width to measure by. `z`: as of `shareOf`.
 */
export function edgeFraction(beyond: Float64Array, width: number, z?: number): Share | null {
  if (beyond.length === 0 || !(width > 0)) return null;
  let near = 0;
  for (const distance of beyond) if (distance <= width) near++;
  return shareOf(near, beyond.length, z);
}
