/** Checks the file names of a folder in a record from elsewhere: each must be plain and possible on this system. */

import { isInside } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';

const MOST_NAME_BYTES = 255;
const MOST_PATH_BYTES = 4096;
const MOST_DEPTH = 100;
/** Files and folders together, as each is created by a call of its own. */
const MOST_ENTRIES = 500_000;

const CONTROL = /\p{Cc}/u;

/** Checks the paths of a folder's files and empty folders. Undefined if all are valid. */
export function namesProblem(paths: readonly string[]): string | undefined {
  const leaves = new Set(paths);
  if (leaves.size < paths.length) return 'a file twice';
  const folders = new Set<string>();
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem !== undefined) return problem;
    // From the innermost folder outwards: if a folder is known, so are those around it.
    for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      if (leaves.has(folder)) return 'a name that is a file and a folder';
      folders.add(folder);
    }
    if (leaves.size + folders.size > MOST_ENTRIES) return `more than ${MOST_ENTRIES} files and folders`;
  }
  return undefined;
}

function pathProblem(path: string): string | undefined {
  const names = path.split('/');
  if (!isInside(path) || names.some((name) => name === '' || name === '.')) return 'a file that is not inside it';
  if (CONTROL.test(path)) return 'a name with control characters';
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) return `a path of more than ${MOST_PATH_BYTES} bytes`;
  if (names.length > MOST_DEPTH) return `a path of more than ${MOST_DEPTH} names`;
  return names.some((name) => Buffer.byteLength(name) > MOST_NAME_BYTES)
    ? `a name of more than ${MOST_NAME_BYTES} bytes`
    : undefined;
}

/**
 * Whether a folder holds files of exactly these names. Some systems take names that differ only in case, or in the form of
 * an accent, for the same name, so that a file written there replaced another.
 */
export function holdsExactly(folder: string, paths: readonly string[]): boolean {
  const { files, emptyFolders } = listBelow(folder);
  const names = new Set([...files, ...emptyFolders]);
  return names.size === paths.length && paths.every((path) => names.has(path));
}
