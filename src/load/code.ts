/** The tasks' code in the store, from where it is executed. */
import { type Digest, digestOf } from '../files/digest.ts';
import { readStoredIfSound } from '../files/read-file.ts';
import type { StorePaths } from '../store/layout.ts';

/** Whether a module is stored and undamaged. A damaged module is bundled again. */
export function isCodeSound(store: StorePaths, loadable: Digest): boolean {
  const code = readStoredIfSound(store.code(loadable));
  return code !== undefined && digestOf(code) === loadable;
}
