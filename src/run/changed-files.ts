/** Files of the project that changed during a run, so that its results may rest on several states of them. */
import { relative, resolve } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import { fileSystemFailure } from '../base/failure.ts';
import { fileSignature, type Signature } from '../files/signature.ts';
import type { FileChanged } from '../history/event.ts';
import type { Session } from '../plan/session.ts';
import type { RunState } from '../schedule/run-state.ts';

/**
 * Looks again at every file that the run has read. `stands`: each still has the signature that it had when it was read, so
 * all of the run rests on a single state of the project. `changed`: the files whose content differs now.
 */
export async function changedFiles(
  { loaded, memo }: Session,
  { prepared, results }: RunState,
): Promise<{ readonly stands: boolean; readonly changed: readonly FileChanged[] }> {
  const now = signaturesNow();
  const readers = new Map<string, Set<ActionName>>();
  let stands = true;
  const isUnchanged = ([path, signature]: readonly [string, Signature | null]) =>
    signature === null || now(path) === signature;
  const hasContent = async (path: string, digest: string) => {
    try {
      return (await memo.digest(path))?.digest === digest;
    } catch (error) {
      if (!fileSystemFailure(error)) throw error;
      return false;
    }
  };
  const addReader = (path: string, action: ActionName) =>
    readers.set(path, (readers.get(path) ?? new Set()).add(action));

  for (const [path, signature] of loaded.signatures) {
    if (isUnchanged([path, signature])) continue;
    stands = false;
    const digest = loaded.sources[path] ?? loaded.included[path];
    if (digest === undefined || !(await hasContent(path, digest))) readers.set(path, new Set());
  }
  for (const [action, { files, absent, listings }] of prepared) {
    if (!results.has(action)) continue;
    if (!listings.every(isUnchanged)) stands = false;
    for (const { path, known } of files) {
      if (known.signatures.every(isUnchanged)) continue;
      stands = false;
      if (!(await hasContent(path, known.digest))) addReader(path, action);
    }
    for (const input of absent) {
      const path = resolve(loaded.folder, input.path);
      if (now(path) === undefined) continue;
      stands = false;
      addReader(path, action);
    }
  }
  const changed = [...readers].map(([path, actions]): FileChanged => {
    return { type: 'file-changed', path: relative(loaded.folder, path), actions: [...actions] };
  });
  return { stands, changed };
}

/** Returns current signatures; stats each file once, however many actions read it. */
function signaturesNow(): (path: string) => Signature | undefined {
  const known = new Map<string, Signature | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, fileSignature(path));
    return known.get(path);
  };
}
