/** Lists folders. Never follows a link, and opens only folders. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { systemPath, textOfName } from './file-names.ts';

/** All paths are relative to the folder, `/`-separated, in code-unit order. */
export interface FolderListing {
  readonly files: readonly string[];
  readonly emptyFolders: readonly string[];
  readonly links: readonly string[];
  /** Pipes, sockets and devices. */
  readonly others: readonly string[];
}

/** Node replaces bytes that are not UTF-8 by this character. */
const REPLACEMENT = '\ufffd';

/**
 * Lists a folder with all its subfolders, except those for whose relative path `enters` is false. Calls `onFolder` with
 * each of them, `folder` first, before reading its names.
 */
export function listBelow(
  folder: string,
  onFolder: (path: string) => void = () => {},
  enters: (relative: string) => boolean = () => true,
): FolderListing {
  const found = { files: [] as string[], emptyFolders: [] as string[], links: [] as string[], others: [] as string[] };
  const listFor = (entry: Entry) => {
    if (entry.isFile()) return found.files;
    return entry.isSymbolicLink() ? found.links : found.others;
  };
  const visit = (relative: string) => {
    const path = join(folder, relative);
    onFolder(path);
    const entries = namedEntries(path);
    if (entries.length === 0 && relative !== '') found.emptyFolders.push(relative);
    for (const { name, entry } of entries) {
      const inner = relative === '' ? name : `${relative}/${name}`;
      if (!entry.isDirectory()) listFor(entry).push(inner);
      else if (enters(inner)) visit(inner);
    }
  };
  visit('');
  for (const list of Object.values(found)) list.sort();
  return found;
}

type Entry = Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

/** Reads names as text, which is cheaper; again as bytes if a name was not UTF-8. */
function namedEntries(folder: string): readonly { readonly name: string; readonly entry: Entry }[] {
  const path = systemPath(folder);
  const entries = readdirSync(path, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes(REPLACEMENT)))
    return entries.map((entry) => ({ name: entry.name, entry }));
  const exact = readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  return exact.map((entry) => ({ name: textOfName(entry.name), entry }));
}

/**
 * The entries of a folder of a store; empty if the folder does not exist or is a link, whose target is not the store's.
 * An NFS client asks the server for every call, because it does so whenever a folder is opened.
 */
export function entriesIn(folder: string): Dirent[] {
  try {
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()
      ? readdirSync(folder, { withFileTypes: true })
      : [];
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
