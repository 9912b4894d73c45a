/** Keeps what an action made: its files become the store's, and its result is published. */

import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { digestOfFile } from '../files/digest.ts';
import { flushFiles } from '../files/flush.ts';
import { blobSignature } from '../files/signature.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Prepared } from '../plan/prepare.ts';
import { isKept, keepFile, keepFolder } from '../store/blob.ts';
import type { Store } from '../store/open.ts';
import { BRIEF_MS, type LogLine, publishResult, type StoredOutput, type StoredResult } from '../store/result.ts';
import type { Made, MadeFile, MadeOutput } from './job.ts';
import { keptFolder } from './network.ts';
import { placedFiles, seal, writtenOn } from './seal.ts';

/** Moves what was made into the store, on disk by then, blobs first and the result last. */
export async function keepMade(
  action: Action,
  prepared: Prepared,
  store: Store,
  made: Made,
  log: readonly LogLine[],
  took: () => Pick<StoredResult, 'started' | 'milliseconds' | 'peakMemory'>,
  shareFree: () => void,
): Promise<Result<StoredResult, ActionFailure>> {
  const kept = action.step.interface.network ? keptFolder(store, prepared.preimage) : null;
  const refused = seal(store, made, kept);
  if (refused) return err(refused);
  const files = placedFiles(made);
  // A longer action waits for the disk for a small part of its time, and keeps its share of the machine meanwhile.
  const isBrief = took().milliseconds < BRIEF_MS;
  if (isBrief) shareFree();
  // What is there already is kept instead, as it is. What took long may be large, and is not read once more for that.
  const moved = files.filter((file) => !(isBrief && file.isBlob && isKept(store, file)));
  await flushFiles(moved.map(({ path }) => path));
  for (const file of moved) if (!(await isAsHashed(file))) return err(writtenOn(file.port));
  const outputs = Object.fromEntries(
    Object.entries(made.outputs).map(([port, output]) => [port, output && keepOutput(store, output)]),
  );
  const result: StoredResult = {
    key: prepared.key,
    preimage: prepared.preimage,
    outputs,
    headline: made.headline,
    log,
    action: action.name,
    ...took(),
  };
  await publishResult(store, result);
  return ok(result);
}

/** By signature, and where that differs by content: a server may set another time when the bytes reach it. */
const isAsHashed = async ({ path, digest, signature }: MadeFile): Promise<boolean> =>
  blobSignature(path) === signature || (await digestOfFile(path)) === digest;

function keepOutput(store: Store, output: MadeOutput): StoredOutput {
  const { kind, path, extension, files, emptyFolders } = output;
  const siblings = output.siblings.map(({ extension: own, path: at, digest }) => ({
    extension: own,
    digest,
    file: keepFile(store, at, digest),
  }));
  if (kind === 'folder') return { kind, extension, siblings, ...keepFolder(store, path, files, emptyFolders) };
  const kept = files.map((file) => keepFile(store, path, file.digest, file));
  return { kind, extension, siblings, digest: output.digest, files: kept };
}
