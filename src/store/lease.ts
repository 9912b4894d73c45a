/**
 * Leases: how processes on other machines see that one lives. Every opening of a store has one, a file whose content its
 * process changes every ten seconds. Nobody compares the clocks of two machines: a lease counts as spent when whoever
 * watches it has seen it unchanged for a minute.
 */

import { closeSync, fstatSync, lstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { errorCode } from '../base/error-code.ts';
import { shareFile } from '../files/group-access.ts';
import { makeFolder } from '../files/make-folder.ts';
import { retryIfStale } from '../files/nfs.ts';

const RENEW_MS = 10_000;
const SPENT_MS = 60_000;

/** Most processes have ended before they need to renew anything. */
const FIRST_MS = 5_000;

/** The leases that this process holds. */
const held = new Set<string>();
let timer: NodeJS.Timeout | undefined;
let keeper: Worker | undefined;

/** What the content says does not matter, only that it changes. */
const content = () => String(process.hrtime.bigint()).padStart(20, '0');

/**
 * Renews in a thread of its own: the main one may hash gigabytes or remove a million files meanwhile. A lease that cannot
 * be renewed now is tried again; as long as that fails others rightly take its process for dead. Synced and closed, so
 * that an NFS server has it; never made anew, so that one whose opening is over stays gone.
 */
export const KEEPER = `
const { closeSync, fsyncSync, openSync, writeSync } = require('node:fs');
let leases = [];
function renew() {
  for (const lease of leases) {
    try {
      const fd = openSync(lease, 'r+');
      try {
        writeSync(fd, String(process.hrtime.bigint()).padStart(20, '0'), 0);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    } catch {}
  }
}
require('node:worker_threads').parentPort.on('message', (all) => { leases = all; renew(); });
setInterval(renew, ${RENEW_MS});
`;

/** Begins to hold the lease of an opening, in its folder, which is made. */
export function holdLease(folder: string): void {
  makeFolder(folder);
  const lease = join(folder, 'lease');
  writeFileSync(lease, content());
  shareFile(lease);
  held.add(lease);
  keeper?.postMessage([...held]);
  if (!keeper) timer ??= setTimeout(renewFromNow, FIRST_MS).unref();
}

export function dropLease(folder: string): void {
  held.delete(join(folder, 'lease'));
  keeper?.postMessage([...held]);
}

/** Renews from now on whatever this process does: to be called before long work that is synchronous. */
export function renewFromNow(): void {
  clearTimeout(timer);
  timer = undefined;
  if (keeper || held.size === 0) return;
  keeper = new Worker(KEEPER, { eval: true, env: {} });
  keeper.unref();
  // Without it others will take over, which costs work twice and harms nothing: no reason to end a run.
  keeper.on('error', () => {
    keeper = undefined;
  });
  keeper.postMessage([...held]);
}

/**
 * The content of a lease, and when the file system (the server, on NFS) says it was renewed, in ms; undefined when there
 * is none. Opened for every look, because that is when an NFS client asks the server whether the file has changed.
 */
function readLease(folder: string): { readonly content: string; readonly renewed: number } | undefined {
  try {
    return retryIfStale(() => {
      const fd = openSync(join(folder, 'lease'), 'r');
      try {
        return { content: readFileSync(fd, 'latin1'), renewed: fstatSync(fd).mtimeMs };
      } finally {
        closeSync(fd);
      }
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** When an opening showed itself last, in ms by the clock of the file system; long ago when it is gone. */
export const renewedAt = (folder: string): number =>
  readLease(folder)?.renewed ?? lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Looks at the lease of the opening of this name. Whether it has been seen unchanged for so long that it is spent. */
export type IsSpent = (opening: string) => boolean;

/** More than this between two looks does not count: the watcher, or the file system, may have stood still as well. */
const LONGEST_STEP_MS = 2_000;

/** Watches the openings below a folder. `now`, in ms, never goes back. */
export function watchLeases(temporary: string, now: () => number = () => performance.now()): IsSpent {
  const seen = new Map<
    string,
    { readonly content: string | undefined; readonly at: number; readonly unchanged: number }
  >();
  return (opening) => {
    const content = readLease(join(temporary, opening))?.content;
    const at = now();
    const before = seen.get(opening);
    const unchanged =
      before && before.content === content ? before.unchanged + Math.min(at - before.at, LONGEST_STEP_MS) : 0;
    seen.set(opening, { content, at, unchanged });
    return unchanged >= SPENT_MS;
  };
}
