/** Opens a store and its memo of users' files, and closes both after use. */

import { fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { err, type Result } from '../base/result.ts';
import { type FileMemo, openFileMemo } from './file-memo.ts';
import type { Store } from './layout.ts';
import { openStore } from './open.ts';

/**
 * Saves the memo also if `use` fails or throws. Returns errors of the file system as failures. `signal` interrupts the
 * hashing of files.
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
