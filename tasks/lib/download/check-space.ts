/** Checks that the disk has space for an archive, for those still to be downloaded, and for their content. */
import { statfs } from 'node:fs/promises';
import { DataError } from 'groundproof/task';

/** Unpacked size over archive size in this data set: 20160415_patch2 has 1.97 GB and 3.10 GB. */
const UNPACKED = 1.6;

export interface PendingDownload {
  readonly name: string;
  readonly bytes: number;
  /** Bytes of it that are downloaded already. */
  readonly here: number;
  /** Number of further archives that are not started; each is assumed to be as large. */
  readonly others: number;
}

/**
 * Describes in a sentence how much of `free` bytes the run will need.
 *
 * @throws DataError if it needs more than `free`.
 */
export function checkSpace({ name, bytes, here, others }: PendingDownload, free: number): string {
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

/** Free bytes on the disk that holds a path. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A size in three digits and decimal units, as disks are sold: `12 bytes`, `1.97 GB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(decimals(value))} ${UNITS[unit]}`;
}

function decimals(value: number): number {
  if (value < 10) return 2;
  return value < 100 ? 1 : 0;
}
