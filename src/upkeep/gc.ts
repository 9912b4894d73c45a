/** Garbage collection: drops results that neither kept runs nor locks need. */

import { parseBytes } from '../base/amounts.ts';
import { fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { isStore } from '../store/format.ts';
import { storedBytes } from '../store/inventory.ts';
import { pruneKnownFiles } from '../store/known-files.ts';
import type { Store } from '../store/layout.ts';
import { openStore } from '../store/open.ts';
import { pruneHashed } from '../store/rehash.ts';
import { withSoleUse } from '../store/sole-use.ts';
import { type Dropped, dropUnneeded } from './drop-unneeded.ts';
import { needsOf } from './needs.ts';

export interface GcRequest {
  readonly store: string;
  /** How many of the last used runs of each pipeline are kept. */
  readonly keepRuns: number;
  /** Stop when the store is smaller than this many bytes; null to drop everything that is not needed. */
  readonly maxSize: number | null;
  readonly dryRun: boolean;
}

export interface Freed extends Dropped {
  readonly keepRuns: number;
  readonly maxSize: number | null;
  readonly dryRun: boolean;
  readonly pipelines: readonly string[];
  readonly locks: readonly string[];
}

/** The default number of kept runs of each pipeline. */
export const KEEP_RUNS = 20;

export function gc({ store: root, ...limits }: GcRequest): Result<Freed, RunFailure> {
  const opened = openExisting(root);
  if (!opened.ok) return opened;
  const store = opened.value;
  try {
    const freed = limits.dryRun
      ? ok(freeIn(store, limits, () => false))
      : withSoleUse(store, (isOurs) => freeIn(store, limits, isOurs));
    if (freed.ok) return freed;
    return freed.error === 'taken over'
      ? err({ reason: 'store-taken-over', path: root })
      : err({ reason: 'store-in-use', path: root, processes: freed.error });
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  } finally {
    store.close();
  }
}

/** Opens a store only if it exists, and never makes one. */
export const openExisting = (root: string): Result<Store, RunFailure> =>
  isStore(root) ? openStore(root) : err({ reason: 'store-missing', path: root });

/**
 * Keeps the store from growing for ever; call it after a run that executed something. Does nothing while other runs use
 * the store, or if the system refuses: the next run tries again.
 */
export function keepBounded(store: Store, maxSize: number): Freed | undefined {
  try {
    if (storedBytes(store.root) <= maxSize) return undefined;
    const freed = withSoleUse(store, (isOurs) =>
      freeIn(store, { keepRuns: KEEP_RUNS, maxSize, dryRun: false }, isOurs),
    );
    return freed.ok && freed.value.results > 0 ? freed.value : undefined;
  } catch (error) {
    if (fileSystemFailure(error) === undefined) throw error;
    return undefined;
  }
}

function freeIn(
  store: Store,
  { keepRuns, maxSize, dryRun }: Omit<GcRequest, 'store'>,
  mayRemove: () => boolean,
): Freed {
  const needs = needsOf(store, keepRuns);
  const { pipelines, locks } = needs;
  const dropped = dropUnneeded(store, needs, maxSize, mayRemove);
  if (mayRemove()) pruneKnownFiles(store.fileMemo);
  if (mayRemove()) pruneHashed(store);
  return { ...dropped, keepRuns, maxSize, dryRun, pipelines, locks };
}

/**
 * Bytes that a store may hold before `keepBounded` drops results: enough for some dozen recordings with a few settings, on
 * a disk of today.
 */
const MAX_SIZE = 100e9;

/** The value of `GROUNDPROOF_MAX_SIZE` in bytes, or the default. */
export function sizeLimit({ GROUNDPROOF_MAX_SIZE: setting }: NodeJS.ProcessEnv): Result<number, RunFailure> {
  const size = setting ? parseBytes(setting) : MAX_SIZE;
  const message = `GROUNDPROOF_MAX_SIZE should be a size like 50GB, and is ${setting}`;
  return size === undefined ? err({ reason: 'usage', message }) : ok(size);
}
