/** Opens the store: checks its format, and makes room for what this process will make. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFailure } from '../failure.ts';
import { err, ok, type Result } from '../result.ts';
import { makeFolder } from './make-folder.ts';
import { isAlive } from './process-identity.ts';
import { isSwept, openingName, ownerOf } from './sole-use.ts';
import { type StorePaths, storePaths } from './store-paths.ts';
import { writeAside } from './write-aside.ts';

/** An open store. */
export interface Store extends StorePaths {
  /** This opening's own place for what is being made; removed on close. */
  readonly scratch: string;
  close(): void;
}

/** Raised when an older engine could misread what a newer one wrote. */
const STORE_FORMAT = 1;

/** How often to look whether gc, which takes moments, has ended. */
const POLL_MS = 20;

/** How often this process opened a store: a program may have several runs underway. */
let opened = 0;

export function openStore(root: string): Result<Store, RunFailure> {
  const isOther = formatOf(root) === undefined && holdsSomethingElse(root);
  // Looked for again: another process may have made the store meanwhile.
  const found = formatOf(root);
  if (found !== undefined && found !== String(STORE_FORMAT)) {
    return err({ reason: 'store-newer', path: root, found, known: String(STORE_FORMAT) });
  }
  if (found === undefined) {
    if (isOther) return err({ reason: 'store-refused', path: root });
    writeAside(join(root, 'format'), `${STORE_FORMAT}\n`);
  }
  const temporary = join(root, 'tmp');
  const scratch = join(temporary, openingName(opened++));
  makeFolder(scratch);
  while (isSwept(root)) {
    rmSync(scratch, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    makeFolder(scratch);
  }
  removeLeftovers(temporary);
  return ok({ ...storePaths(root), scratch, close: () => rmSync(scratch, { recursive: true, force: true }) });
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

/**
 * A folder of somebody's photographs is no store: only an empty one becomes one, or one with a README, dot
 * files, or the format that another process is about to write.
 */
function holdsSomethingElse(root: string): boolean {
  try {
    return readdirSync(root).some((name) => name !== 'README.md' && !/^(\.|format\.)/.test(name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') return true;
    throw error;
  }
}

/** What killed processes left half-made. */
function removeLeftovers(temporary: string): void {
  for (const name of readdirSync(temporary)) {
    if (isAlive(ownerOf(name))) continue;
    try {
      rmSync(join(temporary, name), { recursive: true, force: true });
    } catch (error) {
      // A command that outlives its killed run still writes there: the next opening tries again.
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}
