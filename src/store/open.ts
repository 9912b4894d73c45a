/** Opens the store: checks that it is one, and makes room for what this process will make. */

import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { removeTree, removeTreeIfPossible } from '../files/remove.ts';
import { isClaimed, newToken, writeToken } from './claim.ts';
import { keepFormat, makeStore } from './format.ts';
import { type StorePaths, storePaths } from './layout.ts';
import { dropLease, holdLease, watchLeases } from './lease.ts';
import { isOver, type Opening, openingName } from './opening.ts';
import { isInSoleUse } from './sole-use.ts';

/** An open store. */
export interface Store extends StorePaths {
  readonly opening: Opening;
  /** This opening's own place for what is being made; removed on close. */
  readonly scratch: string;
  /** Why nothing can be written there; null where it can. Such a store gives results and takes none. */
  readonly refusal: Error | null;
  /** Blobs that this opening has hashed again. */
  readonly hashed: Set<Digest>;
  close(): void;
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);
const READ_ONLY = new Set(['EACCES', 'EPERM', 'EROFS']);

/** How often to look whether gc, which takes moments, has ended. */
const POLL_MS = 50;

/** How often this process opened a store: a program may have several runs underway. */
let opened = 0;

/** Opens a store to make results in it; to read where it cannot be written to. */
export function openStore(root: string): Result<Store, RunFailure> {
  const made = makeStore(root);
  if (!made.ok) return made;
  const temporary = join(root, 'tmp');
  const name = openingName(opened++);
  const scratch = join(temporary, name);
  const opening: Opening = { name, isSpent: watchLeases(temporary), token: newToken(scratch) };
  const leave = () => {
    dropLease(scratch);
    // Tried again where NFS keeps the name of a file that is open: the lease may just be renewed.
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
    if (!NO_ROOM.has(errorCode(error))) throw error;
    // What a process that was killed had made by then may be what fills the disk.
    removeLeftovers(temporary, name);
    begin();
  }
  while (isInSoleUse(root, opening)) {
    leave();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    begin();
  }
  removeLeftovers(temporary, opening.name);
  removeDeadClaims(join(root, 'claims'), opening);
  const close = () => {
    leave();
    keepFormat(root);
  };
  return ok({ ...storePaths(root), opening, scratch, refusal: null, hashed: new Set(), close });
}

/** What would be made has its place outside; nobody sees this opening, so that gc may remove what it reads. */
function openToRead(root: string, name: string, refusal: Error): Store {
  const scratch = mkdtempSync(join(tmpdir(), 'groundproof-'));
  const opening: Opening = { name, isSpent: () => false, token: newToken(scratch) };
  const paths = storePaths(root);
  const code: StorePaths['code'] = (digest) =>
    existsSync(paths.code(digest)) ? paths.code(digest) : join(scratch, `${digest}.mjs`);
  return { ...paths, code, opening, scratch, refusal, hashed: new Set(), close: () => removeTree(scratch) };
}

/** What killed processes left half-made. */
function removeLeftovers(temporary: string, own: string): void {
  for (const { name } of entriesIn(temporary)) {
    if (isOver(temporary, name, own)) removeTreeIfPossible(join(temporary, name));
  }
}

/** So many claims are looked at: more are held by many processes at work, and not for an opening to look through. */
const MOST_CLAIMS = 50;

/** Files that a process makes and removes beside the claims; gc removes those of killed processes. */
const NO_CLAIM = /\.(new|tmp)$/;

/** A killed process leaves its claims. Who wants the same result buries them, but perhaps nobody does. */
function removeDeadClaims(claims: string, opening: Opening): void {
  const entries = entriesIn(claims).filter((entry) => entry.isFile() && !NO_CLAIM.test(entry.name));
  if (entries.length > MOST_CLAIMS) return;
  for (const entry of entries) isClaimed(join(claims, entry.name), opening);
}
