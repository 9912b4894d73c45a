/** The lock of an `out/`, for a single run at a time. A claim in the folder itself, because runs with other stores may use it too. */
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeTreeIfPossible } from '../files/remove.ts';
import { type ClaimHolder, claim } from '../store/await-claim.ts';
import { newToken, writeToken } from '../store/claim.ts';
import { dropLease, holdLease, watchLeases } from '../store/lease.ts';
import { hasEnded, type Opening, openingName } from '../store/opening.ts';

export interface OutLock {
  /** A folder for unfinished files; removed at release. */
  readonly scratch: string;
  /** Checks that no other run has taken over the lock, as is possible after this process was stopped. */
  isOurs(): boolean;
  release(): void;
}

export const LOCK = '.groundproof-out.lock';

/** Contains an opening (see `store/claim.ts`) for each run that has the lock or waits for it. */
export const SCRATCH = '.groundproof-out.tmp';

export const lockPathOf = (root: string): string => join(root, LOCK);

/** Numbers the openings of this process: a program may have several runs at once. */
let opened = 0;

/**
 * Waits until the lock is ours; undefined after an abort. `onWait` is called if another run has the lock, and again when
 * that changes or its process is stopped.
 */
export async function lockOut(
  root: string,
  signal: AbortSignal,
  onWait: (holder: ClaimHolder) => void,
): Promise<OutLock | undefined> {
  const openings = join(root, SCRATCH);
  const name = openingName(opened++);
  const scratch = join(openings, name);
  const opening: Opening = { name, isSpent: watchLeases(openings), token: newToken(scratch) };
  const leave = () => {
    dropLease(scratch);
    removeTreeIfPossible(scratch, 3);
    removeIfEmpty(openings);
  };
  try {
    holdLease(scratch);
    writeToken(opening);
    const held = await claim(lockPathOf(root), { opening, signal, onWait });
    if (!held) {
      leave();
      return undefined;
    }
    removeLeftovers(openings, name);
    return {
      scratch,
      isOurs: afterPauses(held.isOurs),
      release() {
        // A user may have removed the whole out/ meanwhile.
        if (existsSync(root)) held.release();
        leave();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

/** How long (ms) after a check the lock is certainly still ours, because the lease was fresh then. */
const SURE_MS = 20_000;

function afterPauses(isOurs: () => boolean): () => boolean {
  let checkedAt = Date.now();
  return () => {
    const since = Date.now() - checkedAt;
    if (since >= 0 && since < SURE_MS) return true;
    if (!isOurs()) return false;
    checkedAt = Date.now();
    return true;
  };
}

/** Removes the openings of killed runs. Leaves files with other names, which are not ours. */
function removeLeftovers(openings: string, ownName: string): void {
  for (const name of readdirSync(openings)) {
    if (/^\d+-\d*-\d+-/.test(name) && hasEnded(openings, name, ownName)) removeTreeIfPossible(join(openings, name));
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another run waits there, or it is gone already.
  }
}
