import { SEEN } from './candidates.ts';
import type { SeenSpike } from './score.ts';

/** Parts of a recording: at most so many, of so many spikes on average. */
const MOST_PARTS = 20;
const SPIKES = 20;
/** In a blind part the array sees less than this share of the spikes that it sees in a usual one, ... */
const SEES = 0.1;
/** ... although the pipette has this share of them or more that the array does not see. */
const UNSEEN = 0.5;

/**
 * Tells whether the array shows the pipette's spikes for a part of the time only, as one does that stopped, or lost samples so that all later ones
 * are shifted. Artefacts and other cells' spikes come beside the cell's own, and do not replace them.
 */
export function isSeenForAPart(spikes: readonly SeenSpike[], length: number): boolean {
  const count = Math.min(MOST_PARTS, Math.floor(spikes.length / SPIKES));
  if (count < 2) return false;
  const parts = Array.from({ length: count }, () => ({ seen: 0, unseen: 0 }));
  for (const { spike, score } of spikes) {
    const part = parts[Math.floor((spike * count) / length)];
    if (part) part[score < SEEN ? 'unseen' : 'seen']++;
  }
  const usual = parts.map(({ seen }) => seen).sort((a, b) => a - b)[Math.floor(0.75 * count)] as number;
  if (usual < SPIKES / 2) return false;
  return parts.some(({ seen, unseen }) => seen < SEES * usual && unseen >= UNSEEN * usual);
}
