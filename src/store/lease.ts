/**
 * Leases: files that show processes on other machines that an opening's process is alive. Steps 2 and 6 of the protocol in
 * `claim.ts`.
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

/** When the thread that renews leases is started: most processes end earlier. */
const FIRST_MS = 5_000;

const leaseIn = (folder: string): string => join(folder, 'lease');

/** The leases that this process holds. */
const held = new Set<string>();
let timer: NodeJS.Timeout | undefined;
let keeper: Worker | undefined;

/** Any content that changes. */
const content = () => String(process.hrtime.bigint()).padStart(20, '0');

/**
 * The thread that renews leases, because the main thread may hash gigabytes or remove a million files meanwhile.
 * - If a lease cannot be renewed, it is tried again. While that fails, other processes rightly take this process for dead.
 * - The file is flushed and closed, so that an NFS server has it.
 * - A missing lease is not made again, because its opening has ended.
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

/** Makes the folder of an opening, and begins to hold its lease. */
export function holdLease(folder: string): void {
  makeFolder(folder);
  const lease = leaseIn(folder);
  writeFileSync(lease, content());
  shareFile(lease);
  held.add(lease);
  keeper?.postMessage([...held]);
  if (!keeper) timer ??= setTimeout(renewFromNow, FIRST_MS).unref();
}

export function dropLease(folder: string): void {
  held.delete(leaseIn(folder));
  keeper?.postMessage([...held]);
}

/** Starts the thread that renews leases. To be called before long synchronous work. */
export function renewFromNow(): void {
  clearTimeout(timer);
  timer = undefined;
  if (keeper || held.size === 0) return;
  keeper = new Worker(KEEPER, { eval: true, env: {} });
  keeper.unref();
  // Without the thread, others may take over this process's claims. That costs work, but is no reason to end a run.
  keeper.on('error', () => {
    keeper = undefined;
  });
  keeper.postMessage([...held]);
}

/**
 * The content of a lease, and when it was renewed (ms, by the clock of the file system); undefined if it is missing. Opens
 * the file each time, because an NFS client then asks the server whether the file has changed.
 */
function readLease(folder: string): { readonly content: string; readonly renewed: number } | undefined {
  try {
    return retryIfStale(() => {
      const fd = openSync(leaseIn(folder), 'r');
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

/** When an opening's lease was renewed last, in ms by the clock of the file system; 0 if the opening is gone. */
export const renewedAt = (folder: string): number =>
  readLease(folder)?.renewed ?? lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Reads the lease of an opening, and tells whether all readings of the last 60 s were the same. */
export type IsSpent = (opening: string) => boolean;

/** A longer time between two readings counts as this: the watching process, or the file system, may have stood still. */
const LONGEST_STEP_MS = 2_000;

/** Watches the leases of the openings in a folder. `now` is a clock in ms that never goes back. */
export function watchLeases(openings: string, now: () => number = () => performance.now()): IsSpent {
  const seen = new Map<
    string,
    { readonly content: string | undefined; readonly at: number; readonly unchanged: number }
  >();
  return (opening) => {
    const content = readLease(join(openings, opening))?.content;
    const at = now();
    const before = seen.get(opening);
    const unchanged =
      before && before.content === content ? before.unchanged + Math.min(at - before.at, LONGEST_STEP_MS) : 0;
    seen.set(opening, { content, at, unchanged });
    return unchanged >= SPENT_MS;
  };
}
