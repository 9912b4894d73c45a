/**
 * Whether what an action reads stays as it is while it reads: the user's files and what other actions made. Both are
 * compared with how they looked when their content was hashed, before the action begins and again after it ended. Times
 * that nobody can set tell also of a change that was taken back.
 */

import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { errorCode } from '../base/error-code.ts';
import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import { hasTurned, wayTo } from '../files/path-links.ts';
import { blobSignatureOf, fileSignatureOf, type Signature, statOf } from '../files/signature.ts';
import { STILL_WRITTEN } from '../files/unchanging-file.ts';
import type { Prepared, ReadBlob, ReadFile } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import { changedPath, damagedPath, doubtfulFor, isSoundIn, stateOf } from '../store/blob-state.ts';
import type { FileMemo } from '../store/file-memo.ts';
import { removeDamaged } from '../store/remove-damaged.ts';

type Around = Pick<Session, 'store' | 'memo' | 'loaded'>;

/** Looks again, once the action has ended: why what it made counts for nothing, or undefined. */
export type LookAgain = () => Promise<ActionFailure | undefined>;

/** Looks before an action begins. What lies damaged in the store is removed from it, so that it is made again. */
export async function watchInputs(
  { files, blobs }: Prepared,
  around: Around,
): Promise<Result<LookAgain, ActionFailure>> {
  const began = Date.now();
  const again: LookAgain[] = [];
  for (const file of files) {
    const watched = await watchFile(file, around);
    if (!watched.ok) return watched;
    again.push(watched.value);
  }
  for (const blob of blobs) {
    const watched = await watchBlob(blob, began, around);
    if (!watched.ok) return watched;
    again.push(watched.value);
  }
  return ok(async () => {
    const changes: ActionFailure[] = [];
    // All of them: each blob that was written to has to go.
    for (const look of again) {
      const change = await look();
      if (change) changes.push(change);
    }
    return changes[0];
  });
}

/** The signature without and with ctime, which a new hard link changes. */
interface FileState {
  readonly content: Signature;
  readonly signature: Signature;
  readonly links: bigint;
}

async function watchFile(file: ReadFile, { memo, loaded }: Around): Promise<Result<LookAgain, ActionFailure>> {
  const { port, path, known } = file;
  const changed = (at: string): ActionFailure => ({
    reason: 'input-changed',
    port,
    path: relative(loaded.folder, at),
    of: null,
  });
  const isAsHashed = () => hasDigest(memo, path, known.digest);
  const look = () => new Map(known.signatures.map(([at]) => [at, stateOfFile(at)] as const));

  const way = wayTo(path);
  const before = look();
  const moved = known.signatures.find(
    ([at, signature]) => signature !== null && before.get(at)?.signature !== signature,
  );
  // A new hard link, or new rights, since it was hashed: nothing has read it yet, so its content says enough.
  if (moved && !(await isAsHashed())) return err(changed(moved[0]));
  return ok(async () => {
    if (hasTurned(way, wayTo(path), loaded.folder)) return changed(path);
    let inDoubt = false;
    for (const [at, signature] of known.signatures) {
      const [was, now] = [before.get(at), stateOfFile(at)];
      if (signature === null) inDoubt = true;
      if (was?.signature === now?.signature) continue;
      // A hard link that the action, or a backup, made of it.
      const isLinked = was && now && was.content === now.content && was.links !== now.links;
      if (!isLinked) return changed(at);
      inDoubt = true;
    }
    return inDoubt && !(await isAsHashed()) ? changed(path) : undefined;
  });
}

/** Whether that is at a path now; what is still being written is something else. */
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

/** So many bytes are hashed once more rather than waited for, */
const SMALL = 1 << 20;
/** for so long (ms): in a second, which some disks stamp files with, somebody may change a file and change it back. */
const BRIEF = 100;

async function watchBlob(blob: ReadBlob, began: number, { store }: Around): Promise<Result<LookAgain, ActionFailure>> {
  const { port, of, name, output } = blob;
  const path = store.blob(output.digest);
  let before = stateOf(path);
  // Made a moment ago, most of them: a change could leave them looking the same, and only their content tells.
  let doubtful = output.files.filter((file) => doubtfulFor(file, before) > 0);
  const wait = doubtful.reduce((most, file) => Math.max(most, doubtfulFor(file, before)), 0);
  const bytes = doubtful.reduce((sum, { size }) => sum + size, 0);
  if (Number.isFinite(wait) && (wait > BRIEF || bytes > SMALL)) {
    await setTimeout(wait);
    before = stateOf(path);
    doubtful = [];
  }
  const damaged = damagedPath(store, output, before, statOf(store.result(blob.key))?.mtimeNs);
  if (damaged !== undefined) {
    removeDamaged(store, output.digest);
    return err({ reason: 'input-damaged', port, path: join(name, damaged), of });
  }
  return ok(async () => {
    const changed =
      changedPath(store, output, before, stateOf(path)) ??
      doubtful.find((file) => !isSoundIn(store, output.digest, file))?.path;
    if (changed === undefined) return undefined;
    removeDamaged(store, output.digest, began);
    return { reason: 'input-changed', port, path: join(name, changed), of };
  });
}
