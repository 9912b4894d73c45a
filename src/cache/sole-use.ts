/**
 * Who uses a store. Every opening makes a folder of its own in `tmp`, named after its process; who removes
 * results needs the store for itself, under the claim `sweep`.
 *
 * Why nothing that a run needs is ever removed: an opening makes its folder and then looks for the claim, a
 * sweep takes the claim and then looks for folders. Whichever comes second sees the other: the opening waits
 * until the sweep has ended, the sweep gives way. Only the claim and the folders of live processes count.
 * (A run that finds nothing to do opens no store: it holds no result, it only compares signatures.)
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import { isClaimed, tryClaim } from './claim.ts';
import { isAlive, type ProcessIdentity, thisProcess } from './process-identity.ts';
import type { Store } from './store.ts';

const sweepClaim = (root: string) => join(root, 'claims', 'sweep');

export const isSwept = (root: string): boolean => isClaimed(sweepClaim(root));

/** The name of the folder of this process's opening number `n`. */
export function openingName(n: number): string {
  const { pid, started } = thisProcess();
  return `${pid}-${started}-${n}`;
}

export function ownerOf(openingName: string): ProcessIdentity {
  const [pid, started = ''] = openingName.split('-');
  return { pid: Number(pid), started };
}

/** Does `work`, which must be synchronous, while nobody else has the store open; or says which processes have. */
export function withSoleUse<T>(store: Store, work: () => T): Result<T, readonly number[]> {
  const claim = tryClaim(sweepClaim(store.root));
  if (!claim) return err([]);
  try {
    const temporary = join(store.root, 'tmp');
    const others = readdirSync(temporary)
      .filter((name) => join(temporary, name) !== store.scratch)
      .map(ownerOf)
      .filter(isAlive)
      .map(({ pid }) => pid);
    return others.length > 0 ? err([...new Set(others)]) : ok(work());
  } finally {
    claim.release();
  }
}
