/** The tasks' code in the store: it is executed from there, and its results are kept for good. */
import { type Digest, digestOf } from '../files/digest.ts';
import { readStoredIfSound } from '../files/read-file.ts';
import type { StorePaths } from '../store/layout.ts';

/** Whether a stored module is there and undamaged. A damaged one is made again. */
export function isCodeSound(store: StorePaths, loadable: Digest): boolean {
  const code = readStoredIfSound(store.code(loadable));
  return code !== undefined && digestOf(code) === loadable;
}
