/** Lists the content of a store. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { readCheckedOfAnyAge } from '../files/checked-json.ts';
import { type Digest, filesBelow } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import type { Key } from './key.ts';
import { FOLDERS, gcClaim, JSON_FOLDERS, SPREAD_FOLDERS, type StorePaths } from './layout.ts';
import type { StoredResult } from './result.ts';

/** The facts about a result that gc and check need. So few that their memory does not grow with the size of results. */
export interface ListedResult {
  readonly key: Key;
  readonly action: string;
  readonly started: string;
  readonly blobs: readonly Digest[];
  /** The blobs and the user's files from which it was made. */
  readonly inputs: readonly Digest[];
}

/** Paths of all blobs, or of all results: they lie two folders down. */
export const spreadPaths = (root: string, folder: (typeof SPREAD_FOLDERS)[number]): string[] =>
  entriesIn(join(root, folder)).flatMap(({ name }) =>
    entriesIn(join(root, folder, name)).map((entry) => join(root, folder, name, entry.name)),
  );

const bytesOfFile = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Bytes of a file or of all files of a folder; 0 if it is missing or is removed meanwhile. */
export function bytesOf(path: string): number {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return bytesOfFile(path);
  try {
    return filesBelow(path).reduce((sum, file) => sum + bytesOfFile(join(path, file)), 0);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return 0;
  }
}

/** Bytes of blobs and results, nearly the whole size of a store. */
export const storedBytes = (root: string): number =>
  SPREAD_FOLDERS.flatMap((folder) => spreadPaths(root, folder)).reduce((sum, path) => sum + bytesOf(path), 0);

/** Every blob of a result, siblings included. */
const blobsOf = ({ outputs }: Pick<StoredResult, 'outputs'>): Digest[] =>
  Object.values(outputs).flatMap((output) =>
    output ? [output.digest, ...output.siblings.map(({ digest }) => digest)] : [],
  );

/** The digest of every input of a result. */
const inputsOf = ({ preimage }: Pick<StoredResult, 'preimage'>): Digest[] =>
  Object.values(preimage.inputs).flatMap((input) => {
    if ('files' in input) return input.files.flatMap(digestIn);
    return 'gathered' in input ? input.gathered.flatMap(digestIn) : digestIn(input);
  });

const digestIn = (input: object): Digest[] => ('digest' in input ? [input.digest as Digest] : []);

/** The name without folders and extension. */
export const nameOf = (path: string, extension: string): string =>
  path.slice(path.lastIndexOf('/') + 1, -extension.length || undefined);

/** All results that can be read; `unreadable` gets the path of each other file. */
export function listResults(store: StorePaths, unreadable: (path: string) => void): ListedResult[] {
  return spreadPaths(store.root, FOLDERS.results).flatMap((path) => {
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

/** Temporary files of killed processes, and their claims. The caller needs sole use of the store. */
export function leftovers(root: string): string[] {
  const temporary = ['.', FOLDERS.code, ...JSON_FOLDERS].flatMap((folder) =>
    entriesIn(join(root, folder))
      .filter((entry) => entry.isFile() && LEFTOVER.test(entry.name))
      .map(({ name }) => join(root, folder, name)),
  );
  const results = spreadPaths(root, FOLDERS.results).filter((path) => LEFTOVER.test(path));
  const claims = entriesIn(join(root, FOLDERS.claims))
    .map(({ name }) => join(root, FOLDERS.claims, name))
    .filter((path) => path !== gcClaim(root));
  return [...temporary, ...results, ...claims];
}
