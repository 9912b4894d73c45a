/** The tasks' code in the store: what is loaded from there is executed, and its results are kept for good. */
import { type Digest, digestOf } from '../cache/digest.ts';
import { readStoredIfSound } from '../cache/read-stored.ts';
import type { StorePaths } from '../cache/store-paths.ts';

/** Whether a module is there and what was written: a damaged one is made again. */
export function isCodeSound(store: StorePaths, loadable: Digest): boolean {
  const code = readStoredIfSound(store.code(loadable));
  return code !== undefined && digestOf(code) === loadable;
}
