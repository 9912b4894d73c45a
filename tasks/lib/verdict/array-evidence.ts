/** From the table of `witness` to what the criteria take. */
import type { Row } from 'groundwork/task';
import type { witnessTable } from '../../../schemas/tasks/witness.ts';
import type { ArrayEvidence } from './array-witness.ts';

export function arrayEvidence(row: Row<typeof witnessTable>): ArrayEvidence {
  const { silent, snr, looked_up, unseen, separation, valley, second_share: share } = row;
  const { matched, unmatched, refractory, outside, inside } = row;
  if (silent !== null) return { silent };
  const groups = separation === null || valley === null || share === null ? null : { separation, valley, share };
  return {
    silent,
    snr: snr ?? 0,
    spikes: looked_up ?? 0,
    unseen: unseen ?? 0,
    groups,
    counts: {
      matched: matched ?? 0,
      unmatched: unmatched ?? 0,
      refractory: refractory ?? 0,
      outside: Number(outside ?? 0n),
      inside: Number(inside ?? 0n),
    },
  };
}
