/** Whether a folder is a store, and of which format: one file says it, and where that is lost, what else lies there. */

import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { writeAtomic } from '../files/atomic-write.ts';
import { readCheckedOfAnyAge } from '../files/checked-json.ts';
import { flushFolderSync } from '../files/flush.ts';
import { entriesIn } from '../files/list-folder.ts';
import { freshen } from '../files/nfs.ts';
import { readStoredIfSound } from '../files/read-file.ts';
import { removeTree } from '../files/remove.ts';
import { spreadPaths } from './inventory.ts';

/** Raised when an older engine could misread what a newer one wrote. */
const STORE_FORMAT = '1';

/** Stands for the format of a store of groundwork. */
const EARLIER_NAME = 'groundwork';

const formatPath = (root: string): string => join(root, 'format');

/** The number in `format`; undefined if the file is lost or damaged. Stores of groundwork, the earlier name, hold it alone. */
function formatOf(root: string): string | undefined {
  const text = readStoredIfSound(formatPath(root))?.toString().trim();
  const [, name, number] = /^(groundproof )?(\d{1,9})$/.exec(text ?? '') ?? [];
  return name === undefined && number === STORE_FORMAT ? EARLIER_NAME : number;
}

/** Makes sure that a folder is a store, or becomes one where it is new or empty. */
export function makeStore(root: string): Result<void, RunFailure> {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === false) {
    return err({ reason: 'store-refused', path: root });
  }
  let entries = namesIn(root);
  if (formatOf(root) === undefined && entries.some(({ name }) => name === 'format')) {
    // Another process may have made the store meanwhile, and NFS may not show what it lists.
    freshen(root);
    entries = namesIn(root);
  }
  const link = entries.find((entry) => entry.isSymbolicLink() && KINDS.has(entry.name));
  if (link) return err({ reason: 'store-linked', path: join(root, link.name) });
  const found = formatOf(root);
  if (found === STORE_FORMAT) return ok(undefined);
  if (found === EARLIER_NAME) return err({ reason: 'earlier-name', of: 'store', path: root });
  if (found !== undefined) return err({ reason: 'store-newer', path: root, found, known: STORE_FORMAT });
  const others = entries.filter(({ name }) => !isHarmless(name));
  if (others.length > 0 && !isStoreWithoutFormat(root, others)) return err({ reason: 'store-refused', path: root });
  writeFormat(root);
  return ok(undefined);
}

/** Whether there is a store, or what is left of one that lost its `format`. */
export function isStore(root: string): boolean {
  const entries = namesIn(root).filter(({ name }) => !isHarmless(name) || name === 'format');
  return entries.length > 0 && (formatOf(root) !== undefined || isStoreWithoutFormat(root, entries));
}

/** For a store whose folder was removed under a process, and made again by what it wrote: later ones must find a store. */
export function keepFormat(root: string): void {
  if (namesIn(root).length > 0 && formatOf(root) === undefined) writeFormat(root);
}

function writeFormat(root: string): void {
  const path = formatPath(root);
  if (entriesIn(root).some((entry) => entry.name === 'format' && entry.isDirectory())) removeTree(path);
  writeAtomic(path, `groundproof ${STORE_FORMAT}\n`);
  flushFolderSync(root);
}

function namesIn(root: string): readonly Dirent[] {
  try {
    return readdirSync(root, { withFileTypes: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

const RECORDS = ['runs', 'last', 'plans', 'up-to-date'];
const KINDS = new Set([...RECORDS, 'blobs', 'results', 'claims', 'tmp', 'code', 'kept', 'submissions']);

/** What may lie in a folder that becomes a store: a README, dot files, and the format that another process is about to write. */
const isHarmless = (name: string): boolean => name === 'README.md' || /^(\.|format(\.|$))/.test(name);

/**
 * Nobody's photographs: only names that a store has, and something in them that only a store writes. Folders without a
 * file in them were a store that had only begun.
 */
function isStoreWithoutFormat(root: string, entries: readonly Dirent[]): boolean {
  const own = entries.filter(({ name }) => name !== 'format');
  if (own.length === 0 || !own.every((entry) => isOfStore(entry))) return false;
  const named = (paths: readonly string[], name: RegExp) => paths.some((path) => name.test(path));
  return (
    named(spreadPaths(root, 'blobs'), /\/([0-9a-f]{2})\/\1[0-9a-f]{62}$/) ||
    named(spreadPaths(root, 'results'), /\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.json$/) ||
    RECORDS.some((kind) =>
      entriesIn(join(root, kind)).some(({ name }) => readCheckedOfAnyAge(join(root, kind, name))),
    ) ||
    own.every((entry) => entry.isDirectory() && isEmptyOrOpenings(root, entry.name))
  );
}

const isOfStore = (entry: Dirent): boolean =>
  entry.isDirectory() ? KINDS.has(entry.name) : /^(files|hashed)\.jsonl(\..*\.tmp)?$/.test(entry.name);

const isEmptyOrOpenings = (root: string, kind: string): boolean =>
  entriesIn(join(root, kind)).every(({ name }) => kind === 'tmp' && /^\d+-\d*-\d+(-|$)/.test(name));
