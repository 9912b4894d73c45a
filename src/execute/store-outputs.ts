/** Moves the outputs of an action into the store, and publishes its result. */

import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { digestOfFile } from '../files/digest.ts';
import { flushFiles } from '../files/flush.ts';
import { blobSignature } from '../files/signature.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import { isStored, storeFile, storeFolder } from '../store/blob.ts';
import type { Store } from '../store/layout.ts';
import { BRIEF_MS, type LogLine, publishResult, type StoredOutput, type StoredResult } from '../store/result.ts';
import type { OutputFile, TaskOutput, TaskOutputs } from './job.ts';
import { downloadsFolder } from './network.ts';
import { placedFiles, seal, writtenOn } from './seal.ts';

interface Storing {
  readonly action: Action;
  readonly prepared: Prepared;
  readonly session: Pick<Session, 'store'>;
  releaseShare(): void;
}

interface Facts {
  readonly log: readonly LogLine[];
  cost(): Pick<StoredResult, 'started' | 'milliseconds' | 'peakMemory'>;
}

/** Stores the blobs first and the result last; all of them are flushed to the disk before the result is published. */
export async function storeOutputs(
  { action, prepared, session: { store }, releaseShare }: Storing,
  made: TaskOutputs,
  { log, cost }: Facts,
): Promise<Result<StoredResult, ActionFailure>> {
  const downloads = action.step.interface.network ? downloadsFolder(store, prepared.preimage) : null;
  const refused = seal(store, made, downloads);
  if (refused) return err(refused);
  const files = placedFiles(made);
  // Only a brief action releases its share while flushing; the flush is a small part of a longer action.
  const isBrief = cost().milliseconds < BRIEF_MS;
  if (isBrief) releaseShare();
  // Brief actions skip blobs that are stored already. Others may be large, and checking would read them once more.
  const moved = files.filter((file) => !(isBrief && file.isBlob && isStored(store, file)));
  await flushFiles(moved.map(({ path }) => path));
  for (const file of moved) if (!(await isAsHashed(file))) return err(writtenOn(file.port));
  const outputs = Object.fromEntries(
    Object.entries(made.outputs).map(([port, output]) => [port, output && storeOutput(store, output)]),
  );
  const result: StoredResult = {
    key: prepared.key,
    preimage: prepared.preimage,
    outputs,
    headline: made.headline,
    log,
    action: action.name,
    ...cost(),
  };
  await publishResult(store, result);
  return ok(result);
}

/** Compares signatures, and the content if those differ: a file server may set another time when the bytes reach it. */
const isAsHashed = async ({ path, digest, signature }: OutputFile): Promise<boolean> =>
  blobSignature(path) === signature || (await digestOfFile(path)) === digest;

function storeOutput(store: Store, output: TaskOutput): StoredOutput {
  const { kind, path, extension, files, emptyFolders } = output;
  const siblings = output.siblings.map((sibling) => ({
    extension: sibling.extension,
    digest: sibling.digest,
    file: storeFile(store, sibling.path, sibling.digest),
  }));
  if (kind === 'folder') return { kind, extension, siblings, ...storeFolder(store, path, files, emptyFolders) };
  const kept = files.map((file) => storeFile(store, path, file.digest, file));
  return { kind, extension, siblings, digest: output.digest, files: kept };
}
