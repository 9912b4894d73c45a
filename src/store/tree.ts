/**
 * Trees: what counts of a file or of a folder, as data. Paths, contents, the executable bit and empty folders count;
 * times, owners and other modes do not.
 */
import { hash } from 'node:crypto';
import { type Digest, digestOf } from '../files/digest.ts';

export interface TreeFile {
  /** Relative and `/`-separated; empty where the whole tree is this file. */
  readonly path: string;
  /** Of its content. */
  readonly digest: Digest;
  readonly executable?: true;
}

export interface Tree {
  readonly files: readonly TreeFile[];
  /** Folders that hold nothing. The others are known by what they hold. */
  readonly emptyFolders: readonly string[];
}

/**
 * A plain file has the digest of its content, a folder that of its sorted entries. The executable bit and empty folders
 * are entries' members only where they are there, and then another hash function is used: so no file whose content is
 * such a list has the digest of the tree.
 */
export function digestOfTree({ files, emptyFolders }: Tree): Digest {
  const [first] = files;
  if (first?.path === '' && !first.executable) return first.digest;
  const plain = files.map(({ path, digest, executable }) => ({ path, digest, ...(executable && { executable }) }));
  const entries = [...plain, ...emptyFolders.map((path) => ({ path, folder: true }))].sort(byPath);
  const text = JSON.stringify(entries);
  const isPlain = emptyFolders.length === 0 && !files.some(({ executable }) => executable);
  return isPlain ? digestOf(text) : (hash('sha512-256', text, 'hex') as Digest);
}

export const treeFile = (path: string, digest: Digest, executable: boolean): TreeFile => ({
  path,
  digest,
  ...(executable && { executable }),
});

/** The digest of a single file. */
export const digestOfOne = (digest: Digest, executable: boolean): Digest =>
  digestOfTree({ files: [treeFile('', digest, executable)], emptyFolders: [] });

/** Of a folder without files. */
export const EMPTY_FOLDER = digestOfTree({ files: [], emptyFolders: [] });

/** All folders of a folder's tree, the outermost (an empty path) first. */
export function foldersOf({ files, emptyFolders }: Tree): readonly string[] {
  const found = new Set(['', ...emptyFolders]);
  for (const path of [...files.map((file) => file.path), ...emptyFolders]) {
    for (const folder of foldersAbove(path)) found.add(folder);
  }
  return [...found].sort();
}

/** Names of what is directly in one of the folders of a tree. */
export function namesIn({ files, emptyFolders }: Tree, folder: string): ReadonlySet<string> {
  const start = folder === '' ? '' : `${folder}/`;
  const paths = [...files.map(({ path }) => path), ...emptyFolders].filter((path) => path.startsWith(start));
  return new Set(paths.map((path) => path.slice(start.length).split('/', 1).join()));
}

/** `a` and `a/b` of `a/b/c`. */
const foldersAbove = (path: string): readonly string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));

/** In the order of code units, as `sort` without a function has it. */
function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
