/**
 * Claims: who works on a key. One process makes a result, others wait for it and take it; the claim of
 * a process that died is taken over: at once where its number tells that, else when its lease is spent.
 *
 * A claim is a file made by `link`, so it appears whole and only once, on NFS too. To take over from a dead owner a
 * process first claims the right to bury it, under a name that only this owner's claim has (its nonce):
 * so at most one process replaces it, and a process that died while burying is buried the same way.
 * Whoever reads a claim has just made a file beside it, so that an NFS client does not answer from memory (`freshen`).
 *
 * A claim that nobody has, the usual one, is taken by a link to a file that the opening keeps for all its claims: no file
 * is made and removed for it, and where many were removed just now, ext4 looks long for a number for the next one. An
 * opening has at most one such claim of a path, so they can have one nonce.
 */

import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { shareFile } from '../files/group-access.ts';
import { inFolder } from '../files/make-folder.ts';
import { freshen } from '../files/nfs.ts';
import { isDamage, readStored } from '../files/read-file.ts';
import { removeFile } from '../files/remove.ts';
import { type Opening, type Owner, ownerOf, type Token } from './opening.ts';
import { isAlive, stateOf } from './process.ts';

interface Holder extends Owner {
  readonly opening: string;
  readonly nonce: string;
}

export interface Claim {
  /** Looks whether nobody has taken it over, as others may when this process did not run for a while. */
  isOurs(): boolean;
  release(): void;
}

const newNonce = (): string => randomBytes(8).toString('hex');
const textOf = (opening: string, nonce: string): string => JSON.stringify({ opening, nonce });

/** What the claims of an opening are links to, in its folder. */
export const newToken = (folder: string): Token => ({
  path: join(folder, 'claim'),
  nonce: newNonce(),
  claimed: new Set(),
});
export function writeToken({ name, token }: Opening): void {
  writeFileSync(token.path, textOf(name, token.nonce));
  shareFile(token.path);
}

/** Stands for the owner of a claim whose text a crash of the machine lost. */
const LOST: Holder = { pid: 0, started: '', host: null, opening: '', nonce: 'lost' };

function readHolder(path: string): Holder | undefined {
  try {
    const text = readStored(path);
    return text && holderIn(JSON.parse(text.toString()));
  } catch (error) {
    if (error instanceof SyntaxError || isDamage(error)) return LOST;
    throw error;
  }
}

/** One of before openings had leases says its process itself. */
function holderIn(text: Partial<Holder> | null): Holder {
  const { opening, nonce, pid = 0, started = '' } = text ?? {};
  if (typeof nonce !== 'string' || !/^\w+$/.test(nonce)) return LOST;
  if (opening === undefined) return { pid, started, host: null, opening: '', nonce };
  return typeof opening === 'string' && /^[\w.-]+$/.test(opening) ? { ...ownerOf(opening), opening, nonce } : LOST;
}

/**
 * A process of this host that is stopped, or stuck in a call of the system, counts as dead when its lease is spent, as on
 * other machines. When it goes on, what it publishes is the same result.
 */
function isDead(holder: Holder, { isSpent }: Opening): boolean {
  if (holder === LOST) return true;
  if (holder.host !== null) return isSpent(holder.opening);
  if (!isAlive(holder)) return true;
  return holder.opening !== '' && stateOf(holder.pid) !== 'running' && isSpent(holder.opening);
}

/** Takes the claim for an opening, or says that a live process has it. Does not wait. */
export function tryClaim(path: string, opening: Opening): Claim | undefined {
  const taken = attempt(path, opening);
  return 'holder' in taken ? undefined : taken;
}

/** Whatever it fails for, the long way finds out. */
function linkTo({ path: token, claimed }: Token, path: string): boolean {
  if (claimed.has(path)) return false;
  try {
    linkSync(token, path);
    return true;
  } catch {
    return false;
  }
}

/** By whom a claim is held; null where it was given back at this moment. */
interface Taken {
  readonly holder: Holder | null;
}

function attempt(path: string, opening: Opening): Claim | Taken {
  if (linkTo(opening.token, path)) return claimedByLink(path, opening.token);
  const nonce = newNonce();
  const aside = `${path}.${nonce}.new`;
  try {
    inFolder(path, () => writeFileSync(aside, textOf(opening.name, nonce), { flag: 'wx' }));
    shareFile(aside);
    try {
      linkSync(aside, path);
      return claimed(path, nonce);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (holder === undefined) return { holder: null };
    // The answer of an NFS server was lost, and the client asked again for what had been done.
    if (holder.nonce === nonce) return claimed(path, nonce);
    if (holder.nonce === opening.token.nonce && !opening.token.claimed.has(path))
      return claimedByLink(path, opening.token);
    if (!isDead(holder, opening)) return { holder };
    const burial = attempt(`${path}.${holder.nonce}`, opening);
    if ('holder' in burial) return burial;
    try {
      if (readHolder(path)?.nonce !== holder.nonce) return { holder: null };
      try {
        renameSync(aside, path);
      } catch (error) {
        if (readHolder(path)?.nonce !== nonce) throw error;
      }
      return claimed(path, nonce);
    } finally {
      burial.release();
    }
  } finally {
    removeFile(aside);
  }
}

/** Whether a live process has the claim. That of a dead one is removed: others need not find out again that it is. */
export function isClaimed(path: string, opening: Opening): boolean {
  freshen(dirname(path));
  const holder = readHolder(path);
  if (holder === undefined) return false;
  if (!isDead(holder, opening)) return true;
  tryClaim(path, opening)?.release();
  return false;
}

/** As long as we renew our lease nobody finds it spent in less than this; by the clock that goes on while a machine sleeps. */
const SURE_MS = 30_000;

function claimedByLink(path: string, token: Token): Claim {
  token.claimed.add(path);
  return claimed(path, token.nonce, () => token.claimed.delete(path));
}

function claimed(path: string, nonce: string, onRelease = () => {}): Claim {
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

/** How often to look, in ms: whether another machine lives is asked of the server. */
export interface Pace {
  readonly here: number;
  readonly elsewhere: number;
  sleep(milliseconds: number): Promise<void>;
}

const PACE: Pace = {
  here: 50,
  elsewhere: 500,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Whom a claim is waited for. */
export interface ClaimHolder {
  readonly pid: number;
  /** Null: this one. */
  readonly host: string | null;
  /** When it opened the store, by the clock of the file system. */
  readonly since: Date | null;
  /** It does not run, and is waited for no longer than its lease. */
  readonly isStopped: boolean;
}

const describe = (path: string, { pid, host }: Holder): ClaimHolder => ({
  pid,
  host: host?.name ?? null,
  since: lstatSync(path, { throwIfNoEntry: false })?.mtime ?? null,
  isStopped: host === null && stateOf(pid) === 'stopped',
});

/** Waits until the claim is ours. `onWait` is told who has it, and again when that changes. */
export async function claim(
  path: string,
  opening: Opening,
  signal: AbortSignal,
  onWait: (holder: ClaimHolder) => void,
  pace = PACE,
): Promise<Claim | undefined> {
  let told = '';
  for (;;) {
    if (signal.aborted) return undefined;
    const taken = attempt(path, opening);
    if (!('holder' in taken)) return taken;
    if (taken.holder) {
      const holder = describe(path, taken.holder);
      const state = `${holder.pid} ${holder.host} ${holder.isStopped}`;
      if (state !== told) onWait(holder);
      told = state;
    }
    await pace.sleep(taken.holder?.host ? pace.elsewhere : pace.here);
  }
}
