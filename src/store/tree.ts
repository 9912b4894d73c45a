/**
 * Trees: the identity of a file or folder as data. Paths, contents, the executable bit and empty folders count; times,
 * owners and other modes do not.
 */
import { hash } from 'node:crypto';
import { type Digest, digestOf } from '../files/digest.ts';

export interface TreeFile {
  /** Relative and `/`-separated; empty if the whole tree is this file. */
  readonly path: string;
  /** The digest of its content. */
  readonly digest: Digest;
  readonly executable?: true;
}

export interface Tree {
  readonly files: readonly TreeFile[];
  /** The other folders need no entry, because their files name them. */
  readonly emptyFolders: readonly string[];
}

/**
 * The digest of a plain file is that of its content, the digest of a folder that of its sorted entries. A tree with an
 * executable file or an empty folder uses another hash function, so that no file has the digest of such a tree by
 * containing its list of entries.
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

/** Content that may be executable. */
export interface FileContent {
  readonly digest: Digest;
  readonly executable?: boolean | undefined;
}

export const treeFile = ({ path, digest, executable }: FileContent & { readonly path: string }): TreeFile => ({
  path,
  digest,
  ...(executable && { executable }),
});

/** The digest of the tree that is a single file. */
export const digestOfSingleFile = ({ digest, executable }: FileContent): Digest =>
  digestOfTree({ files: [treeFile({ path: '', digest, executable })], emptyFolders: [] });

/** The digest of a folder without entries. */
export const EMPTY_FOLDER = digestOfTree({ files: [], emptyFolders: [] });

/** All folders of a folder's tree, the outermost (an empty path) first. */
export function foldersOf({ files, emptyFolders }: Tree): readonly string[] {
  const found = new Set(['', ...emptyFolders]);
  for (const path of [...files.map((file) => file.path), ...emptyFolders]) {
    for (const folder of foldersAbove(path)) found.add(folder);
  }
  return [...found].sort();
}

/** Names of the entries directly in a folder of a tree. */
export function namesIn({ files, emptyFolders }: Tree, folder: string): ReadonlySet<string> {
  const start = folder === '' ? '' : `${folder}/`;
  const paths = [...files.map(({ path }) => path), ...emptyFolders].filter((path) => path.startsWith(start));
  return new Set(paths.map((path) => path.slice(start.length).split('/', 1).join()));
}

/** `a` and `a/b` of `a/b/c`. */
const foldersAbove = (path: string): readonly string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));

/** Sorts by code units, like `sort` without a function. */
function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
