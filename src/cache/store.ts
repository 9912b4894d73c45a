/** Opens the store: checks its format, and makes room for what this process will make. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFailure } from '../failure.ts';
import { err, ok, type Result } from '../result.ts';
import { newToken, writeToken } from './claim.ts';
import { freshen } from './freshen.ts';
import { entriesOf } from './inventory.ts';
import { dropLease, holdLease, watchLeases } from './lease.ts';
import { isOver, type Opening, openingName } from './opening.ts';
import { removeTreeIfPossible } from './remove-tree.ts';
import { isInSoleUse } from './sole-use.ts';
import { type StorePaths, storePaths } from './store-paths.ts';
import { writeAside } from './write-aside.ts';

/** An open store. */
export interface Store extends StorePaths {
  readonly opening: Opening;
  /** This opening's own place for what is being made; removed on close. */
  readonly scratch: string;
  close(): void;
}

/** Raised when an older engine could misread what a newer one wrote. */
const STORE_FORMAT = 1;

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

/** How often to look whether gc, which takes moments, has ended. */
const POLL_MS = 50;

/** How often this process opened a store: a program may have several runs underway. */
let opened = 0;

export function openStore(root: string): Result<Store, RunFailure> {
  const names = formatOf(root) === undefined ? namesIn(root) : [];
  // Looked for again: another process may have made the store meanwhile, and NFS may not show what it lists.
  if (names.includes('format')) freshen(root);
  const found = formatOf(root);
  if (found !== undefined && found !== String(STORE_FORMAT)) {
    return err({ reason: 'store-newer', path: root, found, known: String(STORE_FORMAT) });
  }
  if (found === undefined) {
    if (names.some(isSomethingElse)) return err({ reason: 'store-refused', path: root });
    writeAside(join(root, 'format'), `${STORE_FORMAT}\n`);
  }
  const temporary = join(root, 'tmp');
  const name = openingName(opened++);
  const scratch = join(temporary, name);
  const opening: Opening = { name, isSpent: watchLeases(temporary), token: newToken(scratch) };
  const close = () => {
    dropLease(scratch);
    // Tried again where NFS keeps the name of a file that is open: the lease may just be renewed.
    removeTreeIfPossible(scratch, 3);
  };
  const begin = () => {
    try {
      holdLease(scratch);
      writeToken(opening);
    } catch (error) {
      close();
      throw error;
    }
  };
  try {
    begin();
  } catch (error) {
    if (!NO_ROOM.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // What a process that was killed had made by then may be what fills the disk.
    removeLeftovers(temporary, name);
    begin();
  }
  while (isInSoleUse(root, opening)) {
    close();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    begin();
  }
  removeLeftovers(temporary, opening.name);
  return ok({ ...storePaths(root), opening, scratch, close });
}

function formatOf(root: string): string | undefined {
  try {
    return readFileSync(join(root, 'format'), 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Names in a folder; none where there is none. */
function namesIn(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') return [root];
    throw error;
  }
}

/**
 * A folder of somebody's photographs is no store: only an empty one becomes one, or one with a README, dot
 * files, or the format that another process is about to write.
 */
const isSomethingElse = (name: string): boolean => name !== 'README.md' && !/^(\.|format(\.|$))/.test(name);

/** What killed processes left half-made. */
function removeLeftovers(temporary: string, own: string): void {
  for (const { name } of entriesOf(temporary)) {
    if (isOver(temporary, name, own)) removeTreeIfPossible(join(temporary, name));
  }
}
