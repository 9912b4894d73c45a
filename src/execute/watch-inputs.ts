/**
 * Checks that the inputs of an action, users' files and blobs, do not change while it reads them. Compares their
 * signatures with those from hashing, before the action begins and after it ended. Signatures hold the ctime, which
 * nobody can set, so that they also show a change that was undone.
 */

import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { errorCode } from '../base/error-code.ts';
import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import { isRedirected, tracePath } from '../files/path-trace.ts';
import { blobSignatureOf, fileSignatureOf, type Signature, statOf } from '../files/signature.ts';
import { STILL_WRITTEN } from '../files/unchanging-file.ts';
import type { Prepared, ReadBlob, ReadFile } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import { changedPath, damagedPath, doubtMs, isStoredFileSound, readBlobState } from '../store/blob-state.ts';
import type { FileMemo } from '../store/file-memo.ts';
import { removeDamaged } from '../store/remove-damaged.ts';

type Context = Pick<Session, 'store' | 'memo' | 'loaded'>;

/** Call it when the action has ended: returns why its outputs do not count, or undefined. */
export type LookAgain = () => Promise<ActionFailure | undefined>;

/** Call it before an action begins. Removes damaged blobs from the store, so that they are made again. */
export async function watchInputs(
  { files, blobs }: Prepared,
  context: Context,
): Promise<Result<LookAgain, ActionFailure>> {
  const began = Date.now();
  const checks: LookAgain[] = [];
  for (const file of files) {
    const watched = await watchFile(file, context);
    if (!watched.ok) return watched;
    checks.push(watched.value);
  }
  for (const blob of blobs) {
    const watched = await watchBlob(blob, began, context);
    if (!watched.ok) return watched;
    checks.push(watched.value);
  }
  return ok(async () => {
    const changes: ActionFailure[] = [];
    // Run all checks: each one removes the blobs that were written to.
    for (const look of checks) {
      const change = await look();
      if (change) changes.push(change);
    }
    return changes[0];
  });
}

/** `content` is the signature without the ctime, which changes with a new hard link. */
interface FileState {
  readonly content: Signature;
  readonly signature: Signature;
  readonly links: bigint;
}

async function watchFile(file: ReadFile, { memo, loaded }: Context): Promise<Result<LookAgain, ActionFailure>> {
  const { port, path, known } = file;
  const changed = (at: string): ActionFailure => ({
    reason: 'input-changed',
    port,
    path: relative(loaded.folder, at),
    of: null,
  });
  const isAsHashed = () => hasDigest(memo, path, known.digest);
  const look = () => new Map(known.signatures.map(([at]) => [at, stateOfFile(at)] as const));

  const way = tracePath(path);
  const before = look();
  const moved = known.signatures.find(
    ([at, signature]) => signature !== null && before.get(at)?.signature !== signature,
  );
  // It may have a new hard link or new permissions since it was hashed. Nobody has read it yet, so compare its content.
  if (moved && !(await isAsHashed())) return err(changed(moved[0]));
  return ok(async () => {
    if (isRedirected(way, tracePath(path), loaded.folder)) return changed(path);
    let inDoubt = false;
    for (const [at, signature] of known.signatures) {
      const [was, now] = [before.get(at), stateOfFile(at)];
      if (signature === null) inDoubt = true;
      if (was?.signature === now?.signature) continue;
      // The action, or a backup, may have made a hard link to it.
      const isLinked = was && now && was.content === now.content && was.links !== now.links;
      if (!isLinked) return changed(at);
      inDoubt = true;
    }
    return inDoubt && !(await isAsHashed()) ? changed(path) : undefined;
  });
}

/** Whether the file at a path has this digest now; false while it is being written. */
async function hasDigest(memo: FileMemo, path: string, digest: Digest): Promise<boolean> {
  try {
    return (await memo.digest(path))?.digest === digest;
  } catch (error) {
    if (errorCode(error) !== STILL_WRITTEN) throw error;
    return false;
  }
}

function stateOfFile(path: string): FileState | undefined {
  const found = statOf(path);
  return found && { content: blobSignatureOf(found), signature: fileSignatureOf(found, path), links: found.nlink };
}

/**
 * Some disks stamp files in whole seconds, and a file could be changed and changed back within a second. So a file that
 * was just made is doubtful: it is hashed once more if it is small (bytes), or waited for if the wait is brief (ms).
 */
const SMALL = 1 << 20;
const BRIEF_MS = 100;

async function watchBlob(blob: ReadBlob, began: number, { store }: Context): Promise<Result<LookAgain, ActionFailure>> {
  const { port, of, name, output } = blob;
  const path = store.blob(output.digest);
  let before = readBlobState(path);
  // These files were made a moment ago, so a change could leave their signatures the same.
  let doubtful = output.files.filter((file) => doubtMs(file, before) > 0);
  const wait = doubtful.reduce((most, file) => Math.max(most, doubtMs(file, before)), 0);
  const bytes = doubtful.reduce((sum, { size }) => sum + size, 0);
  if (Number.isFinite(wait) && (wait > BRIEF_MS || bytes > SMALL)) {
    await setTimeout(wait);
    before = readBlobState(path);
    doubtful = [];
  }
  const damaged = damagedPath(store, output, before, statOf(store.result(blob.key))?.mtimeNs);
  if (damaged !== undefined) {
    removeDamaged(store, output.digest);
    return err({ reason: 'input-damaged', port, path: join(name, damaged), of });
  }
  return ok(async () => {
    const changed =
      changedPath(store, output, before, readBlobState(path)) ??
      doubtful.find((file) => !isStoredFileSound(store, output.digest, file))?.path;
    if (changed === undefined) return undefined;
    removeDamaged(store, output.digest, began);
    return { reason: 'input-changed', port, path: join(name, changed), of };
  });
}
