import { SEEN_SCORE } from './candidates.ts';
import type { SeenSpike } from './score.ts';

/** Most parts into which a recording is divided, and spikes of each on average. */
const MOST_PARTS = 20;
const PART_SPIKES = 20;
/** In a blind part the array sees less than this share of the spikes that it sees in a usual part, ... */
const BLIND_SHARE = 0.1;
/** ... although the pipette has this share of them, or more, that the array does not see. */
const UNSEEN_SHARE = 0.5;

/**
 * Tells whether the array shows the pipette's spikes for only a part of the time: if it stopped, or lost samples, which shifts all later
 * samples. Artefacts and other cells' spikes cannot look like that: they come beside the cell's own spikes, and do not replace them.
 */
export function isPartlySeen(spikes: readonly SeenSpike[], length: number): boolean {
  const count = Math.min(MOST_PARTS, Math.floor(spikes.length / PART_SPIKES));
  if (count < 2) return false;
  const parts = Array.from({ length: count }, () => ({ seen: 0, unseen: 0 }));
  for (const { spike, score } of spikes) {
    const part = parts[Math.floor((spike * count) / length)];
    if (part) part[score < SEEN_SCORE ? 'unseen' : 'seen']++;
  }
  const usual = parts.map(({ seen }) => seen).sort((a, b) => a - b)[Math.floor(0.75 * count)] as number;
  if (usual < PART_SPIKES / 2) return false;
  return parts.some(({ seen, unseen }) => seen < BLIND_SHARE * usual && unseen >= UNSEEN_SHARE * usual);
}
