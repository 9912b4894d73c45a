/** The measures of the step `witness`, as the criteria take them. */
import { DataError, type Row } from 'groundproof/task';
import type { witnessTable } from '../../../schemas/tasks/witness.ts';
import type { Counts } from '../witness/capture-recapture.ts';
import type { TwoGroups } from '../witness/two-cells.ts';
import type { Whose } from '../witness/whose.ts';

/** `silent` says why the array could not be asked. */
export type ArrayEvidence = { readonly silent: string } | ArrayTestimony;

export interface ArrayTestimony {
  readonly silent: null;
  /** Median score of the cell's spikes over the noise of the scores. */
  readonly snr: number;
  /** Spikes of the pipette that were looked up, and how many of them the array did not see. */
  readonly spikes: number;
  readonly unseen: number;
  /** Of the others, those that would be taken for the cell's if they were peaks below the threshold. */
  readonly passing: number;
  /** Null with too few spikes to see groups in. */
  readonly groups: Pick<TwoGroups, 'separation' | 'valley' | 'share'> | null;
  readonly counts: Counts;
  /** By the sample of a peak below the threshold. */
  readonly whose: ReadonlyMap<number, Whose>;
  /** Samples of the pipette's spikes that the array saw clearly, and of events like them without the pipette; ascending. */
  readonly matched: readonly number[];
  readonly candidates: readonly number[];
}

/** Columns of the tables `tail_scores`, `spike_scores` and `missed_candidates`. */
export interface ArrayTables {
  readonly tail?: { readonly sample_index: ArrayLike<bigint | number>; readonly whose: ArrayLike<string> } | undefined;
  readonly spikes?:
    | { readonly sample_index: ArrayLike<bigint | number>; readonly clear: ArrayLike<boolean> }
    | undefined;
  readonly candidates?:
    | {
        readonly sample_index: ArrayLike<bigint | number>;
        readonly in_burst: ArrayLike<boolean>;
        readonly counted: ArrayLike<boolean>;
      }
    | undefined;
}

/** @throws DataError when a table is missing of an array that could be asked. */
export function arrayEvidence(row: Row<typeof witnessTable>, { tail, spikes, candidates }: ArrayTables): ArrayEvidence {
  const { silent, snr, looked_up, unseen, passing, separation, valley, second_share: share } = row;
  if (silent !== null) return { silent };
  if (tail === undefined || spikes === undefined || candidates === undefined) {
    throw new DataError(
      'witness needs tail_scores, spike_scores and missed_candidates beside it: give all four inputs',
    );
  }
  const owners = Array.from(tail.whose, (whose, peak) => [Number(tail.sample_index[peak]), whose as Whose] as const);
  return {
    silent,
    snr: snr ?? 0,
    spikes: looked_up ?? 0,
    unseen: unseen ?? 0,
    passing: passing ?? 0,
    groups: separation === null || valley === null || share === null ? null : { separation, valley, share },
    counts: {
      matched: row.matched ?? 0,
      unmatched: row.unmatched ?? 0,
      refractory: row.refractory ?? 0,
      following: row.following ?? 0,
      preceding: row.preceding ?? 0,
      outside: Number(row.outside ?? 0n),
      inside: Number(row.inside ?? 0n),
    },
    whose: new Map(owners),
    matched: Array.from(spikes.sample_index, Number).filter((_, at) => spikes.clear[at] === true),
    candidates: Array.from(candidates.sample_index, Number).filter(
      (_, at) => candidates.counted[at] === true && candidates.in_burst[at] === false,
    ),
  };
}
