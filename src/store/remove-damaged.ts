import { statSync } from 'node:fs';
import { readChecked } from '../files/checked-json.ts';
import type { Digest } from '../files/digest.ts';
import { freePath, removeFile } from '../files/remove.ts';
import { spreadPaths } from './inventory.ts';
import type { InputIdentity } from './key.ts';
import type { Store } from './open.ts';
import type { StoredResult } from './result.ts';

/** Clocks of machines that share a store may differ by so much. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Removes a blob that is not what it was stored as; results that have it as an output are none from then on. With
 * `since` (ms), the results that were made from it since are removed too: who made them may have read what was wrong.
 */
export function removeDamaged(store: Store, digest: Digest, since?: number): void {
  if (store.refusal) return;
  if (since !== undefined) {
    for (const path of spreadPaths(store.root, 'results')) {
      const stored = statSync(path, { throwIfNoEntry: false });
      if (!stored || stored.mtimeMs < since - CLOCKS_DIFFER_MS) continue;
      const result = readChecked<StoredResult>(path);
      if (result && Object.values(result.preimage.inputs).some((input) => names(input, digest))) removeFile(path);
    }
  }
  freePath(store.blob(digest));
}

const names = (input: InputIdentity, digest: Digest): boolean =>
  'gathered' in input
    ? input.gathered.some((one) => 'digest' in one && one.digest === digest)
    : 'digest' in input && input.digest === digest;
