/**
 * The record that makes a run with nothing to do nearly free: everything that such a run rests on, as
 * signatures. When every one stands, each action would be reused, because its key and its blobs are what
 * they were; nothing else needs to be read. Any doubt means the long way.
 */

import type { ActionName } from '../base/action-name.ts';
import { ENGINE } from '../base/build.ts';
import { readChecked, writeChecked } from '../files/checked-json.ts';
import { digestOf } from '../files/digest.ts';
import { blobSignature, fileSignature } from '../files/signature.ts';
import type { OutAlsoShows, RunStarted, Shown } from '../history/event.ts';
import { realPath } from '../load/trail.ts';
import type { StorePaths } from '../store/layout.ts';

export interface UpToDate {
  readonly engine: string;
  /** The run that found it so. */
  readonly run: string;
  /** The pipeline's name. */
  readonly pipeline: string;
  /** Users' files, the pipeline, the tasks' sources and what stands in `out/`: path and signature in turn. */
  readonly files: readonly string[];
  /** Results and their blobs: path and signature in turn. */
  readonly results: readonly string[];
  /** Paths that code was found by and where they really lead, in turn: those that go through a link. */
  readonly places: readonly string[];
  /**
   * Optional inputs that were not there, names that were tried for the tasks' code, and the lock of `out/`: while another
   * run changes it, look closely.
   */
  readonly absent: readonly string[];
  readonly steps: RunStarted['steps'];
  readonly actions: readonly ActionName[];
  readonly warnings: { readonly [action: string]: readonly string[] };
  readonly headline: Shown | null;
  readonly report: string | null;
  readonly alsoShown: OutAlsoShows | null;
}

/** The record of a request, if it still stands. */
export function readUpToDate(store: StorePaths, requestName: string): UpToDate | undefined {
  try {
    const record = readChecked<UpToDate>(store.upToDate(digestOf(requestName)));
    if (!record) return undefined;
    const stands =
      record.engine === ENGINE &&
      pairsStand(record.files, fileSignature) &&
      pairsStand(record.results, blobSignature) &&
      pairsStand(record.places, realPath) &&
      record.absent.every((path) => fileSignature(path) === undefined);
    return stands ? record : undefined;
  } catch {
    return undefined; // something is not ours to read: the long way finds out
  }
}

export function writeUpToDate(store: StorePaths, requestName: string, record: Omit<UpToDate, 'engine'>): void {
  writeChecked(store.upToDate(digestOf(requestName)), { engine: ENGINE, ...record } satisfies UpToDate);
}

function pairsStand(pairs: readonly string[], signatureOf: (path: string) => string | undefined): boolean {
  for (let i = 0; i < pairs.length; i += 2) {
    if (signatureOf(pairs[i] as string) !== pairs[i + 1]) return false;
  }
  return true;
}
