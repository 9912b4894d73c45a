/** Names the folders and files of a store. A run with nothing to do finds its paths here without opening the store. */
import { join } from 'node:path';
import type { Digest } from '../files/digest.ts';
import type { Key } from './key.ts';
import type { Opening } from './opening.ts';

/** The names on disk. They are part of the store's format, so some still have the words of older versions. */
export const FOLDERS = {
  blobs: 'blobs',
  results: 'results',
  claims: 'claims',
  code: 'code',
  downloads: 'kept',
  checkedPipelines: 'plans',
  runs: 'runs',
  lastRuns: 'last',
  upToDate: 'up-to-date',
  openings: 'tmp',
  submissions: 'submissions',
} as const;

/** Files directly in the store's root. */
export const FILES = { format: 'format', knownFiles: 'files.jsonl', hashed: 'hashed.jsonl' } as const;

/** Folders with a subfolder for each first two digits of a name, so that no folder gets too many entries. */
export const SPREAD_FOLDERS = [FOLDERS.blobs, FOLDERS.results] as const;

/** Folders of checked JSON files. */
export const JSON_FOLDERS = [FOLDERS.runs, FOLDERS.lastRuns, FOLDERS.checkedPipelines, FOLDERS.upToDate] as const;

export interface StorePaths {
  readonly root: string;
  /** The content with this digest, read-only: a file or a folder. */
  blob(digest: Digest): string;
  /** The result of a key. */
  result(key: Key): string;
  /** The claim of a key, or of another activity that two processes must not do at once. */
  claim(name: Key | Digest): string;
  /** The loadable form of a task's code. */
  code(digest: Digest): string;
  /** The folder that actions which use the network keep between attempts, by the digest of their request. */
  download(request: Digest): string;
  /** A checked pipeline, by the digest of its sources. */
  checkedPipeline(sources: Digest): string;
  /** The record of a run. */
  run(id: string): string;
  /** The pointer to the last run of a pipeline. */
  last(pipeline: Digest): string;
  /** The files and signatures that must be unchanged for a request to have nothing to do. */
  upToDate(request: Digest): string;
  /** The journal of the digests of users' files. */
  readonly fileMemo: string;
}

/** An open store. */
export interface Store extends StorePaths {
  readonly opening: Opening;
  /** A folder for unfinished files of this opening; removed on close. */
  readonly scratch: string;
  /** The error of the file system if the store cannot be written to, else null. Such a store can only be read. */
  readonly refusal: Error | null;
  /** Blobs that this opening has hashed again. */
  readonly hashed: Set<Digest>;
  close(): void;
}

/** Not `join`, which is slow because it normalizes the whole path. */
const spreadPath = (root: string, folder: (typeof SPREAD_FOLDERS)[number], name: string): string =>
  `${root}/${folder}/${name.slice(0, 2)}/${name}`;

export const storePaths = (root: string): StorePaths => ({
  root,
  blob: (digest) => spreadPath(root, FOLDERS.blobs, digest),
  result: (key) => `${spreadPath(root, FOLDERS.results, key)}.json`,
  claim: (name) => join(root, FOLDERS.claims, name),
  code: (digest) => join(root, FOLDERS.code, `${digest}.mjs`),
  download: (request) => join(root, FOLDERS.downloads, request),
  checkedPipeline: (sources) => join(root, FOLDERS.checkedPipelines, `${sources}.json`),
  run: (id) => join(root, FOLDERS.runs, `${id}.json`),
  last: (pipeline) => join(root, FOLDERS.lastRuns, `${pipeline}.json`),
  upToDate: (request) => join(root, FOLDERS.upToDate, `${request}.json`),
  fileMemo: join(root, FILES.knownFiles),
});

/** The claim of the process that removes results (gc). The name is older than the command `sweep` and has nothing to do with it. */
export const gcClaim = (root: string): string => join(root, FOLDERS.claims, 'sweep');
