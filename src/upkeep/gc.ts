/** gc: what no kept run and no lock needs goes. */

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
  /** Of each pipeline, so many of the runs used last are kept. */
  readonly keepRuns: number;
  /** Drop only as much as it takes for the store to be smaller than this; null: whatever is not needed. */
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

/** By default, of each pipeline. */
export const KEEP_RUNS = 20;

export function gc({ store: root, ...asked }: GcRequest): Result<Freed, RunFailure> {
  const opened = openExisting(root);
  if (!opened.ok) return opened;
  const store = opened.value;
  try {
    const freed = asked.dryRun
      ? ok(freeIn(store, asked, () => false))
      : withSoleUse(store, (isOurs) => freeIn(store, asked, isOurs));
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

/** A store that is there: looking into one is no reason to make one. */
export const openExisting = (root: string): Result<Store, RunFailure> =>
  isStore(root) ? openStore(root) : err({ reason: 'store-missing', path: root });

/**
 * After a run that executed something: keeps the store from growing for ever. Gives way to runs that are underway,
 * and what the system refuses now is tried again after the next run.
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

/** How large a store may get by itself. */

/**
 * What a store may hold beyond what kept runs and locks need: room for a pipeline of some dozen recordings and a few
 * settings of it, on a disk of today.
 */
const MAX_SIZE = 100e9;

/** The default, or what `GROUNDPROOF_MAX_SIZE` says. */
export function sizeLimit({ GROUNDPROOF_MAX_SIZE: asked }: NodeJS.ProcessEnv): Result<number, RunFailure> {
  const size = asked ? parseBytes(asked) : MAX_SIZE;
  const message = `GROUNDPROOF_MAX_SIZE should be a size like 50GB, and is ${asked}`;
  return size === undefined ? err({ reason: 'usage', message }) : ok(size);
}
