/** The store: where it keeps what, and its format. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFailure } from '../failure.ts';
import { err, ok, type Result } from '../result.ts';
import type { Digest } from './digest.ts';
import type { Key } from './key.ts';
import { isAlive, thisProcess } from './process-identity.ts';
import { writeAside } from './write-aside.ts';

export interface Store {
  readonly root: string;
  /** Content under its digest, read-only: a file, or a folder of files. */
  blob(digest: Digest): string;
  /** The result of a key. */
  result(key: Key): string;
  claim(key: Key): string;
  /** The loadable form of a task's code. */
  code(digest: Digest): string;
  /** A checked pipeline, under the digest of what it was made from. */
  plan(digest: Digest): string;
  /** The record of a run. */
  run(id: string): string;
  /** The last run of a pipeline: which action had which key. */
  last(pipeline: Digest): string;
  /** What must stand for a request to have nothing to do. */
  upToDate(request: Digest): string;
  /** The journal of the digests of users' files. */
  readonly fileMemo: string;
  /** This opening's own place for what is being made; removed on close. */
  readonly scratch: string;
  close(): void;
}

/** Raised when an older engine could misread what a newer one wrote. */
const STORE_FORMAT = 1;

/** How often this process opened a store: a program may have several runs underway. */
let opened = 0;

const spread = (root: string, kind: string, name: string, extension = '') =>
  join(root, kind, name.slice(0, 2), `${name}${extension}`);

export function openStore(root: string): Result<Store, RunFailure> {
  const isOther = formatOf(root) === undefined && holdsSomethingElse(root);
  // Looked for again: another process may have made the store meanwhile.
  const found = formatOf(root);
  if (found !== undefined && found !== String(STORE_FORMAT)) {
    return err({ reason: 'store-newer', path: root, found, known: String(STORE_FORMAT) });
  }
  if (found === undefined) {
    if (isOther) return err({ reason: 'store-refused', path: root });
    writeAside(join(root, 'format'), `${STORE_FORMAT}\n`);
  }
  const { pid, started } = thisProcess();
  const temporary = join(root, 'tmp');
  const scratch = join(temporary, `${pid}-${started}-${opened++}`);
  mkdirSync(scratch, { recursive: true });
  removeLeftovers(temporary);
  return ok({
    root,
    blob: (digest) => spread(root, 'blobs', digest),
    result: (key) => spread(root, 'results', key, '.json'),
    claim: (key) => join(root, 'claims', key),
    code: (digest) => join(root, 'code', `${digest}.mjs`),
    plan: (digest) => join(root, 'plans', `${digest}.json`),
    run: (id) => join(root, 'runs', `${id}.json`),
    last: (pipeline) => join(root, 'last', `${pipeline}.json`),
    upToDate: (request) => upToDatePath(root, request),
    fileMemo: join(root, 'files.jsonl'),
    scratch,
    close: () => rmSync(scratch, { recursive: true, force: true }),
  });
}

/** Known without opening the store, for a run that finds nothing to do. */
export const upToDatePath = (root: string, request: Digest): string => join(root, 'up-to-date', `${request}.json`);

function formatOf(root: string): string | undefined {
  try {
    return readFileSync(join(root, 'format'), 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * A folder of somebody's photographs is no store: only an empty one becomes one, or one with a README, dot
 * files, or the format that another process is about to write.
 */
function holdsSomethingElse(root: string): boolean {
  try {
    return readdirSync(root).some((name) => name !== 'README.md' && !/^(\.|format\.)/.test(name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') return true;
    throw error;
  }
}

/** What killed processes left half-made. */
function removeLeftovers(temporary: string): void {
  for (const name of readdirSync(temporary)) {
    const [pid, started = ''] = name.split('-');
    if (!isAlive({ pid: Number(pid), started })) rmSync(join(temporary, name), { recursive: true, force: true });
  }
}
