/** The tasks' code in the store: what is loaded from there is executed, and its results are kept for good. */
import { readFileSync } from 'node:fs';
import { type Digest, digestOf } from '../cache/digest.ts';
import type { StorePaths } from '../cache/store-paths.ts';

/** Whether a module is there and what was written: a damaged one is made again. */
export function isCodeSound(store: StorePaths, loadable: Digest): boolean {
  try {
    return digestOf(readFileSync(store.code(loadable))) === loadable;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
