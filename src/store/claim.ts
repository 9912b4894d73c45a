/**
 * Claims: while a process makes the result of a key, downloads a file, removes results or writes to `out/`, no other
 * process does the same. This file, `await-claim.ts`, `opening.ts`, `lease.ts`,
 * `process.ts` and `sole-use.ts` implement the protocol:
 *
 *  1. A process that opens a store makes a folder in `tmp/`, its opening. The folder's name identifies the process: its
 *     number and start time, its machine, and its namespace of process numbers (`opening.ts`). A run that writes to
 *     `out/` makes an opening there, too.
 *  2. The opening holds a lease, a file whose content a thread of the process changes every 10 s (`lease.ts`).
 *  3. To claim a path, a process makes a file with the name of its opening and a random number (nonce), and hard-links
 *     it to the path. A link appears whole, and fails if the path exists, on NFS too. Releasing a claim removes the path.
 *  4. Most paths are free. So the first attempt links a file that the opening made when it began, its token: on ext4,
 *     making a file is slow after many deletions. An opening holds at most one such claim of a path, so all its token
 *     claims can share a nonce.
 *  5. If the path exists, its file names the owner of the claim. The process looks again every 50 ms (500 ms if the
 *     owner is on another machine), until the claim is released or its owner is dead.
 *  6. An owner in the same namespace of the same machine is dead if no process has its number and start time. An owner
 *     elsewhere, or whose process is stopped or hangs, counts as dead if its lease is spent: the waiting process has
 *     seen the lease unchanged for 60 s. The clocks of two machines are never compared. If a power cut has damaged the
 *     file of a claim, the claim belongs to nobody.
 *  7. To take over from a dead owner, a process first claims the right to bury it: the path with the dead claim's nonce
 *     appended. It then checks that the nonce is unchanged, renames its own file over the path, and releases the burial
 *     claim. So two processes never replace the same dead claim. If a process dies while it buries another, its burial
 *     claim is taken over by the same rules.
 *  8. A process that was stopped for a minute may have lost its claim. It must not release the claim of its successor,
 *     so after 30 s it looks before it removes the path. If both go on, both make the same result; only work is lost.
 *  9. Each read of a claim follows the making of a file in the same folder, so that an NFS client does not answer from
 *     its cache (`freshen`). If the reply to a link or rename was lost and the retry fails, the nonce at the path tells
 *     that it had succeeded.
 * 10. gc removes results, and needs the store for itself. It takes the claim `sweep` and then looks for other openings;
 *     a process that opens the store makes its folder and then looks for that claim. The later of the two sees the
 *     other: a new opening waits, gc gives up (`sole-use.ts`).
 */

import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { shareFile } from '../files/group-access.ts';
import { inFolder } from '../files/make-folder.ts';
import { freshen } from '../files/nfs.ts';
import { isDamage, readStored } from '../files/read-file.ts';
import { removeFile } from '../files/remove.ts';
import { type ClaimToken, type Opening, type Owner, ownerOf } from './opening.ts';
import { isAlive, processState } from './process.ts';

/** The owner of a claim, as its text says. */
export interface Holder extends Owner {
  readonly opening: string;
  readonly nonce: string;
}

export interface Claim {
  /** Reads the claim again: another process may have taken it over while this process was stopped. */
  isOurs(): boolean;
  release(): void;
}

const newNonce = (): string => randomBytes(8).toString('hex');
const textOf = (opening: string, nonce: string): string => JSON.stringify({ opening, nonce });

/** The token of an opening (step 4), not written yet. */
export const newToken = (folder: string): ClaimToken => ({
  path: join(folder, 'claim'),
  nonce: newNonce(),
  claimed: new Set(),
});
export function writeToken({ name, token }: Opening): void {
  writeFileSync(token.path, textOf(name, token.nonce));
  shareFile(token.path);
}

/** Stands for the owner of a claim whose text is damaged, as after a power cut. */
const NOBODY: Holder = { pid: 0, started: '', host: null, opening: '', nonce: 'lost' };

function readHolder(path: string): Holder | undefined {
  try {
    const text = readStored(path);
    return text && holderIn(JSON.parse(text.toString()));
  } catch (error) {
    if (error instanceof SyntaxError || isDamage(error)) return NOBODY;
    throw error;
  }
}

/** Claims of versions without leases carry the process's number and start time themselves. */
function holderIn(text: Partial<Holder> | null): Holder {
  const { opening, nonce, pid = 0, started = '' } = text ?? {};
  if (typeof nonce !== 'string' || !/^\w+$/.test(nonce)) return NOBODY;
  if (opening === undefined) return { pid, started, host: null, opening: '', nonce };
  return typeof opening === 'string' && /^[\w.-]+$/.test(opening) ? { ...ownerOf(opening), opening, nonce } : NOBODY;
}

/** Step 6. */
function isDead(holder: Holder, { isSpent }: Opening): boolean {
  if (holder === NOBODY) return true;
  if (holder.host !== null) return isSpent(holder.opening);
  if (!isAlive(holder)) return true;
  return holder.opening !== '' && processState(holder.pid) !== 'running' && isSpent(holder.opening);
}

/** Takes the claim without waiting; undefined if a live process has it. */
export function tryClaim(path: string, opening: Opening): Claim | undefined {
  const taken = attempt(path, opening);
  return 'holder' in taken ? undefined : taken;
}

/** The owner of a claim; null if it was released at this moment. */
interface Taken {
  readonly holder: Holder | null;
}

export function attempt(path: string, opening: Opening): Claim | Taken {
  if (linkToken(opening.token, path)) return newTokenClaim(path, opening.token);
  const nonce = newNonce();
  const candidate = `${path}.${nonce}.new`;
  try {
    inFolder(path, () => writeFileSync(candidate, textOf(opening.name, nonce), { flag: 'wx' }));
    shareFile(candidate);
    if (linkIfFree(candidate, path)) return newClaim(path, nonce);
    const holder = readHolder(path);
    if (holder === undefined) return { holder: null };
    // Step 9: the link, of this file or of the token, had succeeded.
    if (holder.nonce === nonce) return newClaim(path, nonce);
    if (holder.nonce === opening.token.nonce && !opening.token.claimed.has(path)) {
      return newTokenClaim(path, opening.token);
    }
    return isDead(holder, opening) ? takeOver(path, holder, opening, { candidate, nonce }) : { holder };
  } finally {
    removeFile(candidate);
  }
}

/** Errors are ignored: the slow path meets and reports them again. */
function linkToken({ path: token, claimed }: ClaimToken, path: string): boolean {
  if (claimed.has(path)) return false;
  try {
    linkSync(token, path);
    return true;
  } catch {
    return false;
  }
}

function linkIfFree(from: string, path: string): boolean {
  try {
    linkSync(from, path);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** Step 7. */
function takeOver(
  path: string,
  dead: Holder,
  opening: Opening,
  { candidate, nonce }: { readonly candidate: string; readonly nonce: string },
): Claim | Taken {
  const burial = attempt(`${path}.${dead.nonce}`, opening);
  if ('holder' in burial) return burial;
  try {
    if (readHolder(path)?.nonce !== dead.nonce) return { holder: null };
    try {
      renameSync(candidate, path);
    } catch (error) {
      if (readHolder(path)?.nonce !== nonce) throw error;
    }
    return newClaim(path, nonce);
  } finally {
    burial.release();
  }
}

/** Whether a live process has the claim. Removes the claim of a dead process, so that others need not find out again. */
export function isClaimed(path: string, opening: Opening): boolean {
  freshen(dirname(path));
  const holder = readHolder(path);
  if (holder === undefined) return false;
  if (!isDead(holder, opening)) return true;
  tryClaim(path, opening)?.release();
  return false;
}

/** Younger claims (ms) cannot have been taken over. By the system clock, which goes on while a machine sleeps. */
const SURE_MS = 30_000;

function newTokenClaim(path: string, { claimed, nonce }: ClaimToken): Claim {
  claimed.add(path);
  return newClaim(path, nonce, () => claimed.delete(path));
}

function newClaim(path: string, nonce: string, onRelease = () => {}): Claim {
  const began = Date.now();
  const isOurs = () => {
    freshen(dirname(path));
    return readHolder(path)?.nonce === nonce;
  };
  return {
    isOurs,
    release() {
      onRelease();
      const took = Date.now() - began;
      if ((took >= 0 && took <= SURE_MS) || isOurs()) removeFile(path);
    },
  };
}
