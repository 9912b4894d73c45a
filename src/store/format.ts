/** Tells whether a folder is a store, and of which format: by its file `format`, or by its other files if that is lost. */

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
import { FILES, FOLDERS, JSON_FOLDERS } from './layout.ts';

/** Raised if an older version could misread files of a newer version. */
const STORE_FORMAT = '1';

/** Stands for the format of a store that groundwork made, the earlier name of this program. */
const EARLIER_NAME = 'groundwork';

const formatPath = (root: string): string => join(root, FILES.format);

/** The number in `format`; undefined if the file is lost or damaged. groundwork wrote the number without a name. */
function formatOf(root: string): string | undefined {
  const text = readStoredIfSound(formatPath(root))?.toString().trim();
  const [, name, number] = /^(groundproof )?(\d{1,9})$/.exec(text ?? '') ?? [];
  return name === undefined && number === STORE_FORMAT ? EARLIER_NAME : number;
}

/** Makes sure that a folder is a store. A new or empty folder becomes a store. */
export function makeStore(root: string): Result<void, RunFailure> {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === false) {
    return err({ reason: 'store-refused', path: root });
  }
  let entries = rootEntries(root);
  if (formatOf(root) === undefined && entries.some(({ name }) => name === FILES.format)) {
    // Another process may have made the store meanwhile; NFS may list the file and not find it yet.
    freshen(root);
    entries = rootEntries(root);
  }
  const link = entries.find((entry) => entry.isSymbolicLink() && FOLDER_NAMES.has(entry.name));
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

/** Whether a folder is a store, also if it lost its `format`. */
export function isStore(root: string): boolean {
  const entries = rootEntries(root).filter(({ name }) => !isHarmless(name) || name === FILES.format);
  return entries.length > 0 && (formatOf(root) !== undefined || isStoreWithoutFormat(root, entries));
}

/** Restores `format` in a store that was removed while a process used it, and that the process's writes made again. */
export function restoreFormat(root: string): void {
  if (rootEntries(root).length > 0 && formatOf(root) === undefined) writeFormat(root);
}

function writeFormat(root: string): void {
  const path = formatPath(root);
  if (entriesIn(root).some((entry) => entry.name === FILES.format && entry.isDirectory())) removeTree(path);
  writeAtomic(path, `groundproof ${STORE_FORMAT}\n`);
  flushFolderSync(root);
}

function rootEntries(root: string): readonly Dirent[] {
  try {
    return readdirSync(root, { withFileTypes: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

const FOLDER_NAMES: ReadonlySet<string> = new Set(Object.values(FOLDERS));
const JOURNALS: ReadonlySet<string> = new Set([FILES.knownFiles, FILES.hashed]);

/** Entries that a folder may have before it becomes a store: a README, dot files, and the `format` that another process is writing. */
const isHarmless = (name: string): boolean =>
  name === 'README.md' || name === FILES.format || /^(\.|format\.)/.test(name);

/**
 * Protects a user's folder from being taken for a store: all names must be those of a store, and there must be a file
 * that only a store has. Empty folders alone are also accepted: the store was new.
 */
function isStoreWithoutFormat(root: string, entries: readonly Dirent[]): boolean {
  const others = entries.filter(({ name }) => name !== FILES.format);
  if (others.length === 0 || !others.every((entry) => hasStoreName(entry))) return false;
  const hasMatch = (paths: readonly string[], name: RegExp) => paths.some((path) => name.test(path));
  return (
    hasMatch(spreadPaths(root, FOLDERS.blobs), /\/([0-9a-f]{2})\/\1[0-9a-f]{62}$/) ||
    hasMatch(spreadPaths(root, FOLDERS.results), /\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.json$/) ||
    JSON_FOLDERS.some((folder) =>
      entriesIn(join(root, folder)).some(({ name }) => readCheckedOfAnyAge(join(root, folder, name))),
    ) ||
    others.every((entry) => entry.isDirectory() && holdsAtMostOpenings(root, entry.name))
  );
}

const hasStoreName = (entry: Dirent): boolean =>
  entry.isDirectory() ? FOLDER_NAMES.has(entry.name) : JOURNALS.has(entry.name.replace(/(?<=\.jsonl)\..*\.tmp$/, ''));

const holdsAtMostOpenings = (root: string, folder: string): boolean =>
  entriesIn(join(root, folder)).every(({ name }) => folder === FOLDERS.openings && /^\d+-\d*-\d+(-|$)/.test(name));
