import { type Share, shareOf } from '../statistics/share.ts';

/**
 * Returns the share of spikes within `width` beyond the detection level: a crowd there is the visible part of a
 * distribution that continues below it. `beyond` holds each spike's distance from the level, in the unit of `width`. Null
 * without spikes or if `width` is not positive. `z` is that of `shareOf`.
 */
export function edgeFraction(beyond: Float64Array, width: number, z?: number): Share | null {
  if (beyond.length === 0 || !(width > 0)) return null;
  let near = 0;
  for (const distance of beyond) if (distance <= width) near++;
  return shareOf(near, beyond.length, z);
}
