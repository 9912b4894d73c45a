/** Whether the disk has room for an archive, for those that are still to come, and for what is in them. */
import { DataError } from 'groundproof/task';
import { sizeText } from './size-text.ts';

/** Unpacked, an archive of the data set is this many times as large: 20160415_patch2 has 1.97 GB and 3.10 GB. */
const UNPACKED = 1.6;

export interface Coming {
  readonly name: string;
  readonly bytes: number;
  /** What of it is here already. */
  readonly here: number;
  /** How many other archives have yet to be begun; their sizes are taken to be like this one's. */
  readonly others: number;
}

/**
 * Returns what the run is about to take of `free` bytes, as a sentence.
 *
 * @throws DataError when that is more than there is.
 */
export function checkRoom({ name, bytes, here, others }: Coming, free: number): string {
  const toDownload = bytes - here + others * bytes;
  const unpacked = (1 + others) * bytes * UNPACKED;
  const needed = toDownload + unpacked;
  const all = others === 0 ? name : `${name} and ${others} more archive${others === 1 ? '' : 's'}`;
  const parts =
    `${all}: ${others === 0 ? '' : 'about '}${sizeText(toDownload)} to download` +
    `${here > 0 ? ` (${sizeText(here)} are here)` : ''} and about ${sizeText(unpacked)} unpacked`;
  if (free >= needed) return `${parts}; the store's disk has ${sizeText(free)} free`;
  throw new DataError(
    `${parts}, ${sizeText(needed)} in all, but the store's disk has only ${sizeText(free)} free: make room for ` +
      `${sizeText(needed - free)} more, or use --store on another disk${others === 0 ? '' : ', or take fewer recordings (--each)'}`,
  );
}
