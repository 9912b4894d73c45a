/** Counts the contents of a store. */
import { join } from 'node:path';
import { partsOf } from '../base/action-name.ts';
import type { Digest } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { bytesOf, listResults, nameOf, spreadPaths } from '../store/inventory.ts';
import { FOLDERS, type StorePaths } from '../store/layout.ts';
import { unfinishedDownloads } from './partial-downloads.ts';

export interface StoreStats {
  readonly path: string;
  readonly results: number;
  readonly blobs: number;
  /** Bytes of blobs and results. */
  readonly bytes: number;
  readonly runs: number;
  /** Bytes that failed actions keep for their next attempt. */
  readonly halfMade: number;
  /** Sorted by size. A blob that several steps made counts for the first step. */
  readonly steps: readonly { readonly step: string; readonly results: number; readonly bytes: number }[];
}

export function statsOf(store: StorePaths): StoreStats {
  const sizes = new Map(
    spreadPaths(store.root, FOLDERS.blobs).map((path) => [nameOf(path, '') as Digest, bytesOf(path)]),
  );
  let bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const steps = new Map<string, { step: string; results: number; bytes: number }>();
  const counted = new Set<Digest>();
  const listed = listResults(store, () => {});
  for (const { key, action, blobs } of listed) {
    const step = partsOf(action).step;
    const counts = steps.get(step) ?? { step, results: 0, bytes: 0 };
    steps.set(step, counts);
    counts.results++;
    bytes += bytesOf(store.result(key));
    for (const blob of blobs) {
      if (!counted.has(blob)) counts.bytes += sizes.get(blob) ?? 0;
      counted.add(blob);
    }
  }
  return {
    path: store.root,
    results: listed.length,
    blobs: sizes.size,
    bytes,
    runs: entriesIn(join(store.root, FOLDERS.runs)).filter(({ name }) => name.endsWith('.json')).length,
    halfMade: unfinishedDownloads(store.root).reduce((sum, { size }) => sum + size, 0),
    steps: [...steps.values()].sort((a, b) => b.bytes - a.bytes || (a.step < b.step ? -1 : 1)),
  };
}
