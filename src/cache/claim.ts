/**
 * Claims: who works on a key. One process makes a result, others wait for it and take it; the claim of
 * a process that died is taken over.
 *
 * A claim is a file made by `link`, so it appears whole and only once. To take over from a dead owner a
 * process first claims the right to bury it, under a name that only this owner's claim has (its nonce):
 * so at most one process replaces it, and a process that died while burying is buried the same way.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { isAlive, type ProcessIdentity, thisProcess } from './process-identity.ts';

interface Owner extends ProcessIdentity {
  readonly nonce: string;
}

export interface Claim {
  release(): void;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** Stands for the owner of a claim whose text a crash of the machine lost. */
const LOST: Owner = { pid: 0, started: '', nonce: 'lost' };

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch (error) {
    if (error instanceof SyntaxError) return LOST;
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes the claim, or says that a live process has it. Does not wait. */
export function tryClaim(path: string): Claim | undefined {
  makeFolder(dirname(path));
  const own: Owner = { ...thisProcess(), nonce: randomBytes(8).toString('hex') };
  const aside = `${path}.${own.nonce}.new`;
  try {
    writeFileSync(aside, JSON.stringify(own), { flag: 'wx' });
    try {
      linkSync(aside, path);
      return claimed(path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const owner = readOwner(path);
    if (owner === undefined || (owner !== LOST && isAlive(owner))) return undefined;
    const burial = tryClaim(`${path}.${owner.nonce}`);
    if (!burial) return undefined;
    try {
      if (readOwner(path)?.nonce !== owner.nonce) return undefined;
      renameSync(aside, path);
      return claimed(path);
    } finally {
      burial.release();
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Whether a live process has the claim. */
export function isClaimed(path: string): boolean {
  const owner = readOwner(path);
  return owner !== undefined && owner !== LOST && isAlive(owner);
}

const claimed = (path: string): Claim => ({ release: () => rmSync(path, { force: true }) });

const POLL_MS = 50;

/** Waits until the claim is ours. `onWait` is called once, when another process has it. */
export async function claim(path: string, signal: AbortSignal, onWait: () => void): Promise<Claim | undefined> {
  let waited = false;
  for (;;) {
    if (signal.aborted) return undefined;
    const taken = tryClaim(path);
    if (taken) return taken;
    if (!waited) onWait();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
