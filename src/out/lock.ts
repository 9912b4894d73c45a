/** One run at a time in one `out/`: a claim in the folder itself, because runs with other stores may show results there too. */
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeTreeIfPossible } from '../files/remove.ts';
import { type ClaimHolder, claim, newToken, writeToken } from '../store/claim.ts';
import { dropLease, holdLease, watchLeases } from '../store/lease.ts';
import { hasEnded, type Opening, openingName } from '../store/opening.ts';

export interface OutLock {
  /** A folder for what is being made; removed at release. */
  readonly scratch: string;
  /** Looks whether nobody has taken the lock over, as others may when this process was stopped for a while. */
  isOurs(): boolean;
  release(): void;
}

export const LOCK = '.groundproof-out.lock';

/** Holds a folder for each run that has the lock or waits for it: its lease, and what it makes. */
export const SCRATCH = '.groundproof-out.tmp';

export const lockPathOf = (root: string): string => join(root, LOCK);

/** How often this process asked for a lock: a program may have several runs underway. */
let asked = 0;

/**
 * Waits until the lock is ours; undefined after an abort. `onWait` is called when somebody else has it, and again for the
 * next one who has it, or when the process is stopped.
 */
export async function lockOut(
  root: string,
  signal: AbortSignal,
  onWait: (holder: ClaimHolder) => void,
): Promise<OutLock | undefined> {
  const all = join(root, SCRATCH);
  const name = openingName(asked++);
  const scratch = join(all, name);
  const opening: Opening = { name, isSpent: watchLeases(all), token: newToken(scratch) };
  const leave = () => {
    dropLease(scratch);
    removeTreeIfPossible(scratch, 3);
    removeIfEmpty(all);
  };
  try {
    holdLease(scratch);
    writeToken(opening);
    const held = await claim(lockPathOf(root), { opening, signal, onWait });
    if (!held) {
      leave();
      return undefined;
    }
    removeLeftovers(all, name);
    return {
      scratch,
      isOurs: afterPauses(held.isOurs),
      release() {
        // Nothing to release where somebody removed all of out/ meanwhile.
        if (existsSync(root)) held.release();
        leave();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

/** Nobody takes over from a process that goes on, so look only after it did nothing for a while. */
const SURE_MS = 20_000;

function afterPauses(isOurs: () => boolean): () => boolean {
  let looked = Date.now();
  return () => {
    const since = Date.now() - looked;
    if (since >= 0 && since < SURE_MS) return true;
    if (!isOurs()) return false;
    looked = Date.now();
    return true;
  };
}

/** Removes what killed runs were making. Other names are not ours. */
function removeLeftovers(all: string, own: string): void {
  for (const name of readdirSync(all)) {
    if (/^\d+-\d*-\d+-/.test(name) && hasEnded(all, name, own)) removeTreeIfPossible(join(all, name));
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another run waits there, or it is gone already.
  }
}
