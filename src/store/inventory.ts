/** What lies in a store, listed from its folders. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { readCheckedOfAnyAge } from '../files/checked-json.ts';
import { type Digest, filesBelow } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import type { Key } from './key.ts';
import type { StorePaths } from './layout.ts';
import type { StoredResult } from './result.ts';

/** A result in as few words as gc and check need: memory grows with the number of results, not with their size. */
export interface ListedResult {
  readonly key: Key;
  readonly action: string;
  readonly started: string;
  readonly blobs: readonly Digest[];
  /** The blobs and the user's files that it was made from. */
  readonly inputs: readonly Digest[];
}

/** Paths of what lies two folders down, as blobs and results do. */
export const spreadPaths = (root: string, kind: string): string[] =>
  entriesIn(join(root, kind)).flatMap(({ name }) =>
    entriesIn(join(root, kind, name)).map((entry) => join(root, kind, name, entry.name)),
  );

const bytesOfFile = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Bytes of a file or of all files of a folder; 0 for what is gone, also while it is looked at. */
export function bytesOf(path: string): number {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return bytesOfFile(path);
  try {
    return filesBelow(path).reduce((sum, file) => sum + bytesOfFile(join(path, file)), 0);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return 0;
  }
}

/** Bytes of blobs and results, which is nearly all of a store. */
export const storedBytes = (root: string): number =>
  ['blobs', 'results'].flatMap((kind) => spreadPaths(root, kind)).reduce((sum, path) => sum + bytesOf(path), 0);

/** Every blob that a result rests on, siblings included. */
const blobsOf = ({ outputs }: Pick<StoredResult, 'outputs'>): Digest[] =>
  Object.values(outputs).flatMap((output) =>
    output ? [output.digest, ...output.siblings.map(({ digest }) => digest)] : [],
  );

/** Every digest that a result was made from. */
const inputsOf = ({ preimage }: Pick<StoredResult, 'preimage'>): Digest[] =>
  Object.values(preimage.inputs).flatMap((input) =>
    'gathered' in input ? input.gathered.flatMap(digestIn) : digestIn(input),
  );

const digestIn = (input: object): Digest[] => ('digest' in input ? [input.digest as Digest] : []);

/** The name without folders and extension. */
export const nameOf = (path: string, extension: string): string =>
  path.slice(path.lastIndexOf('/') + 1, -extension.length || undefined);

/** All results that can be read; `unreadable` gets the path of each other file. */
export function listResults(store: StorePaths, unreadable: (path: string) => void): ListedResult[] {
  return spreadPaths(store.root, 'results').flatMap((path) => {
    const result = readCheckedOfAnyAge<StoredResult>(path);
    if (!result || store.result(result.key) !== path) {
      unreadable(path);
      return [];
    }
    const { key, action, started } = result;
    return [{ key, action, started, blobs: blobsOf(result), inputs: inputsOf(result) }];
  });
}

const LEFTOVER = /\.tmp$/;

/** What writers that were killed left beside what they wrote, and claims of the dead. Needs the store for itself. */
export function leftovers(root: string): string[] {
  const aside = ['.', 'code', 'plans', 'runs', 'last', 'up-to-date'].flatMap((folder) =>
    entriesIn(join(root, folder))
      .filter((entry) => entry.isFile() && LEFTOVER.test(entry.name))
      .map(({ name }) => join(root, folder, name)),
  );
  const spread = spreadPaths(root, 'results').filter((path) => LEFTOVER.test(path));
  const claims = entriesIn(join(root, 'claims'))
    .filter(({ name }) => name !== 'sweep')
    .map(({ name }) => join(root, 'claims', name));
  return [...aside, ...spread, ...claims];
}
