/** Opens a store: checks the folder's format, makes an opening (see `claim.ts`), and cleans up after dead processes. */

import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { entriesIn } from '../files/list-folder.ts';
import { removeTree, removeTreeIfPossible } from '../files/remove.ts';
import { isClaimed, newToken, writeToken } from './claim.ts';
import { makeStore, restoreFormat } from './format.ts';
import { FOLDERS, type Store, type StorePaths, storePaths } from './layout.ts';
import { dropLease, holdLease, watchLeases } from './lease.ts';
import { hasEnded, type Opening, openingName } from './opening.ts';
import { isInSoleUse } from './sole-use.ts';

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);
const READ_ONLY = new Set(['EACCES', 'EPERM', 'EROFS']);

/** How often to look whether gc has ended. */
const POLL_MS = 50;

/** Numbers the openings of this process: a program may have several runs at once. */
let opened = 0;

/** Opens a store, and waits while gc uses it. If the store cannot be written to, opens it for reading only. */
export function openStore(root: string): Result<Store, RunFailure> {
  const made = makeStore(root);
  if (!made.ok) return made;
  const openings = join(root, FOLDERS.openings);
  const name = openingName(opened++);
  const scratch = join(openings, name);
  const opening: Opening = { name, isSpent: watchLeases(openings), token: newToken(scratch) };
  const leave = () => {
    dropLease(scratch);
    // Try again: while the thread renews the lease, NFS keeps a name for the open file.
    removeTreeIfPossible(scratch, 3);
  };
  const begin = () => {
    try {
      holdLease(scratch);
      writeToken(opening);
    } catch (error) {
      leave();
      throw error;
    }
  };
  try {
    begin();
  } catch (error) {
    if (READ_ONLY.has(errorCode(error)) && error instanceof Error) return ok(openToRead(root, name, error));
    if (!DISK_FULL.has(errorCode(error))) throw error;
    // Unfinished files of killed processes may have filled the disk.
    removeLeftovers(openings, name);
    begin();
  }
  while (isInSoleUse(root, opening)) {
    leave();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    begin();
  }
  removeLeftovers(openings, opening.name);
  removeDeadClaims(join(root, FOLDERS.claims), opening);
  const close = () => {
    leave();
    restoreFormat(root);
  };
  return ok({ ...storePaths(root), opening, scratch, refusal: null, hashed: new Set(), close });
}

/** Unfinished files lie outside the store. Other processes do not see this opening, so gc may remove results that it reads. */
function openToRead(root: string, name: string, refusal: Error): Store {
  const scratch = mkdtempSync(join(tmpdir(), 'groundproof-'));
  const opening: Opening = { name, isSpent: () => false, token: newToken(scratch) };
  const paths = storePaths(root);
  const code: StorePaths['code'] = (digest) =>
    existsSync(paths.code(digest)) ? paths.code(digest) : join(scratch, `${digest}.mjs`);
  return { ...paths, code, opening, scratch, refusal, hashed: new Set(), close: () => removeTree(scratch) };
}

/** Removes unfinished files of killed processes. */
function removeLeftovers(openings: string, ownName: string): void {
  for (const { name } of entriesIn(openings)) {
    if (hasEnded(openings, name, ownName)) removeTreeIfPossible(join(openings, name));
  }
}

/** If there are more, many processes are at work, and checking all their claims would take too long here. */
const MOST_CLAIMS = 50;

/** Files that a process makes beside the claims for a moment; gc removes those of killed processes. */
const NO_CLAIM = /\.(new|tmp)$/;

/** Removes claims of killed processes. A process that wants the same result would do that too, but there may be no such process. */
function removeDeadClaims(claims: string, opening: Opening): void {
  const entries = entriesIn(claims).filter((entry) => entry.isFile() && !NO_CLAIM.test(entry.name));
  if (entries.length > MOST_CLAIMS) return;
  for (const entry of entries) isClaimed(join(claims, entry.name), opening);
}
