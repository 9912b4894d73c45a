/** A store that is open for as long as it is used, with what it remembers of users' files. */

import { fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { err, type Result } from '../base/result.ts';
import { type FileMemo, openFileMemo } from './file-memo.ts';
import { openStore, type Store } from './open.ts';

/**
 * What was learnt of files is kept however `use` ends; what the system refuses is a failure. When `signal` aborts, a
 * file that is being hashed is left.
 */
export async function withOpenStore<T>(
  root: string,
  use: (store: Store, memo: FileMemo) => Promise<Result<T, RunFailure>>,
  signal?: AbortSignal,
): Promise<Result<T, RunFailure>> {
  try {
    const opened = openStore(root);
    if (!opened.ok) return opened;
    const store = opened.value;
    const memo = openFileMemo(store.fileMemo, signal);
    try {
      try {
        return await use(store, memo);
      } finally {
        if (!store.refusal) memo.save();
      }
    } finally {
      store.close();
    }
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}
