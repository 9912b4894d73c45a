/** Names of a folder's files, as a record from elsewhere gives them: each a plain name that this system can hold. */
import { below } from '../cache/below.ts';
import { isInside } from '../cache/inside.ts';

const MOST_NAME_BYTES = 255;
const MOST_PATH_BYTES = 4096;

const CONTROL = /\p{Cc}/u;

/** What is wrong with the paths of a folder's files; undefined when nothing is. */
export function namesProblem(paths: readonly string[]): string | undefined {
  const files = new Set(paths);
  if (files.size < paths.length) return 'a file twice';
  for (const path of paths) {
    const names = path.split('/');
    if (!isInside(path) || names.some((name) => name === '' || name === '.')) return 'a file that is not inside it';
    if (CONTROL.test(path)) return 'a name with control characters';
    if (Buffer.byteLength(path) > MOST_PATH_BYTES) return `a path of more than ${MOST_PATH_BYTES} bytes`;
    if (names.some((name) => Buffer.byteLength(name) > MOST_NAME_BYTES)) {
      return `a name of more than ${MOST_NAME_BYTES} bytes`;
    }
  }
  return paths.some((path) => foldersOf(path).some((folder) => files.has(folder)))
    ? 'a name that is a file and a folder'
    : undefined;
}

/** The folders that a path goes through. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/**
 * Whether a folder holds files of exactly these names. Names that differ only in capitals, or in how an accent is
 * written, are one name on some systems, and a file that was written under one of them replaced the other.
 */
export function holdsExactly(folder: string, paths: readonly string[]): boolean {
  const { files, emptyFolders } = below(folder);
  const names = new Set([...files, ...emptyFolders]);
  return names.size === paths.length && paths.every((path) => names.has(path));
}
