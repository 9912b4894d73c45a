import { statSync } from 'node:fs';
import { readChecked } from '../files/checked-json.ts';
import type { Digest } from '../files/digest.ts';
import { freePath, removeFile } from '../files/remove.ts';
import { spreadPaths } from './inventory.ts';
import type { InputIdentity } from './key.ts';
import { FOLDERS, type Store } from './layout.ts';
import type { StoredResult } from './result.ts';

/** The most by which the clocks of machines that share a store are assumed to differ. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Removes a damaged blob, so that results with this output no longer count. With `since` (ms since 1970), also removes
 * the results that were made from the blob after that time, because their actions may have read the damaged content.
 */
export function removeDamaged(store: Store, digest: Digest, since?: number): void {
  if (store.refusal) return;
  if (since !== undefined) {
    for (const path of spreadPaths(store.root, FOLDERS.results)) {
      const stored = statSync(path, { throwIfNoEntry: false });
      if (!stored || stored.mtimeMs < since - CLOCKS_DIFFER_MS) continue;
      const result = readChecked<StoredResult>(path);
      if (result && Object.values(result.preimage.inputs).some((input) => hasDigest(input, digest))) removeFile(path);
    }
  }
  freePath(store.blob(digest));
}

function hasDigest(input: InputIdentity, digest: Digest): boolean {
  if ('files' in input) return input.files.some((file) => file.digest === digest);
  if ('gathered' in input) return input.gathered.some((item) => 'digest' in item && item.digest === digest);
  return 'digest' in input && input.digest === digest;
}
