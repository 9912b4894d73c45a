/** Where the store keeps what. Known without opening it, for a run that finds nothing to do. */
import { join } from 'node:path';
import type { Digest } from '../files/digest.ts';
import type { Key } from './key.ts';

export interface StorePaths {
  readonly root: string;
  /** Content under its digest, read-only: a file, or a folder of files. */
  blob(digest: Digest): string;
  /** The result of a key. */
  result(key: Key): string;
  claim(key: Key): string;
  /** The loadable form of a task's code. */
  code(digest: Digest): string;
  /** What actions that use the network keep between attempts, under the digest of what they fetch. */
  kept(what: Digest): string;
  /** A checked pipeline, under the digest of what it was made from. */
  plan(digest: Digest): string;
  /** The record of a run. */
  run(id: string): string;
  /** Which run was the last one of a pipeline. */
  last(pipeline: Digest): string;
  /** What must stand for a request to have nothing to do. */
  upToDate(request: Digest): string;
  /** The journal of the digests of users' files. */
  readonly fileMemo: string;
}

/** A folder for each first two digits: no folder gets too many files. Not `join`, which looks at every letter of it. */
const spread = (root: string, kind: string, name: string, extension = '') =>
  `${root}/${kind}/${name.slice(0, 2)}/${name}${extension}`;

export const storePaths = (root: string): StorePaths => ({
  root,
  blob: (digest) => spread(root, 'blobs', digest),
  result: (key) => spread(root, 'results', key, '.json'),
  claim: (key) => join(root, 'claims', key),
  code: (digest) => join(root, 'code', `${digest}.mjs`),
  kept: (what) => join(root, 'kept', what),
  plan: (digest) => join(root, 'plans', `${digest}.json`),
  run: (id) => join(root, 'runs', `${id}.json`),
  last: (pipeline) => join(root, 'last', `${pipeline}.json`),
  upToDate: (request) => join(root, 'up-to-date', `${request}.json`),
  fileMemo: join(root, 'files.jsonl'),
});
