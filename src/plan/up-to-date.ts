/**
 * The record that makes a run with nothing to do nearly free: the signatures of all files that such a run rests on. While
 * every signature stands, no key and no blob has changed, so each action would be reused. Any doubt means a full run.
 */

import type { ActionName } from '../base/action-name.ts';
import { ENGINE } from '../base/build.ts';
import { readChecked, writeChecked } from '../files/checked-json.ts';
import { digestOf } from '../files/digest.ts';
import { blobSignature, fileSignature } from '../files/signature.ts';
import type { OutAlsoShows, RunStarted, StepHeadline } from '../history/event.ts';
import { realPath } from '../load/trail.ts';
import type { StorePaths } from '../store/layout.ts';

export interface UpToDate {
  readonly engine: string;
  /** The run that wrote the record. */
  readonly run: string;
  /** The pipeline's name. */
  readonly pipeline: string;
  /** Users' files, the pipeline, the tasks' sources and the files of `out/`: path and signature in turn. */
  readonly files: readonly string[];
  /** Results and their blobs: path and signature in turn. */
  readonly results: readonly string[];
  /** Paths of code that go through a link: path and real path in turn. */
  readonly places: readonly string[];
  /**
   * Files that must stay absent: optional inputs, names that were tried for the tasks' code, and the lock of `out/`, as
   * another run may be changing it.
   */
  readonly absent: readonly string[];
  readonly steps: RunStarted['steps'];
  readonly actions: readonly ActionName[];
  /** The actions that `--skip` leaves out; missing in records of older versions. */
  readonly notSelected?: readonly ActionName[];
  readonly warnings: { readonly [action: string]: readonly string[] };
  readonly headline: StepHeadline | null;
  readonly report: string | null;
  readonly alsoShown: OutAlsoShows | null;
}

/** Undefined unless everything in the record still stands. */
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
    return undefined; // something cannot be read: a full run reports it
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
