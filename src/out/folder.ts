/**
 * `out/`: what people look at. A copy of results that can be deleted and is restored without running anything. Only
 * files that its manifest lists, or that have exactly the wanted content, are ever replaced or removed.
 */

import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { actionName } from '../base/action-name.ts';
import { fileSignature, type Signature } from '../files/signature.ts';
import type { Store } from '../store/layout.ts';
import { dropBlob } from '../store/rehash.ts';
import type { StoredResult } from '../store/result.ts';
import { putFile, type Wanted } from './file.ts';
import { type Entry, type Files, type Manifest, openManifest } from './manifest.ts';
import { standing } from './obstacles.ts';
import { makeWayTo, removeBelow, removeFolderBelow, wayTo } from './path.ts';

export interface OutFolder {
  /**
   * Makes an action's files be there, as its result says, and removes listed ones that are not part of it.
   *
   * @param isFresh whether the stored files were hashed just now; else what is copied is compared with its digest
   */
  show(place: Place, result: StoredResult, isFresh: boolean): Promise<Shown>;
  /** Removes an action's listed files. */
  clear(place: Place): void;
  /** Signatures of all files of an action, to find out later that nothing changed. */
  signatures(place: Place): readonly (readonly [path: string, signature: Signature])[];
  /** All that is listed. */
  entries(): Iterable<readonly [place: string, entry: Entry]>;
  close(): void;
}

/** `damaged`: a stored file is no longer what was stored; it was dropped, and nothing was shown. */
type Shown = 'shown' | 'damaged' | { readonly inTheWay: readonly string[] };

/** Shows nothing. */
export const NOWHERE: OutFolder = {
  show: async () => 'shown',
  clear() {},
  signatures: () => [],
  entries: () => [],
  close() {},
};

/** Where an action's files go. */
export interface Place {
  readonly step: string;
  readonly recording: string | null;
}

/** A run that shows results in `root`. */
export interface Showing {
  readonly root: string;
  readonly store: Store;
  /** The pipeline's file. */
  readonly pipeline: string;
  readonly run: string;
  /** A folder for what is being made. */
  readonly scratch: string;
  /** Whether the run still has the lock. */
  isOurs(): boolean;
}

export function openOutFolder(showing: Showing): OutFolder {
  const { root, store } = showing;
  const manifest = openManifest(root, showing.scratch);
  // Relative, so that a project can be moved.
  const pipeline = relative(realpathSync(root), realpathSync(showing.pipeline));
  return {
    show(place, result, isFresh) {
      const what = { wanted: filesOf(store, place, result), folders: emptyFoldersOf(place, result) };
      return show({ ...showing, ...what, pipeline, manifest, isFresh, name: actionName(place) });
    },
    clear(place) {
      const name = actionName(place);
      const entry = manifest.entry(name);
      if (!entry || !showing.isOurs()) return;
      for (const file of Object.keys(entry.files)) removeBelow(root, file);
      for (const folder of entry.folders) removeFolderBelow(root, folder);
      manifest.record(name, { ...entry, files: {}, folders: [] });
    },
    signatures(place) {
      const { files = {}, folders = [] } = manifest.entry(actionName(place)) ?? {};
      const ofFolders = folders.map((folder) => [folder, fileSignature(join(root, folder)) ?? null] as const);
      const ofFiles = Object.entries(files).map(([file, { signature }]) => [file, signature] as const);
      return [...ofFiles, ...ofFolders].flatMap(([path, signature]) =>
        signature === null ? [] : [[join(root, path), signature] as const],
      );
    },
    entries: manifest.entries,
    close: manifest.close,
  };
}

interface Work extends Showing {
  readonly manifest: Manifest;
  /** The name of the place. */
  readonly name: string;
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** Folders that should be there and hold nothing. */
  readonly folders: readonly string[];
  readonly isFresh: boolean;
}

async function show(work: Work): Promise<Shown> {
  const { root, manifest, name, wanted, folders } = work;
  const before = manifest.entry(name);
  const stale = Object.keys(before?.files ?? {}).filter((file) => !wanted.has(file));
  const staleFolders = (before?.folders ?? []).filter((folder) => !folders.includes(folder));
  const missing = [...wanted].filter(([file, { blob }]) => {
    const was = before?.files[file];
    return !was || was.digest !== blob.digest || was.signature !== fileSignature(join(root, file));
  });
  const missingFolders = folders.filter(
    (folder) => !before?.folders.includes(folder) || wayTo(root, `${folder}/x`) !== 'open',
  );
  if ([stale, staleFolders, missing, missingFolders].every(({ length }) => length === 0)) return 'shown';
  if (!work.isOurs()) throw takenOver(root);
  for (const file of stale) removeBelow(root, file);
  for (const folder of staleFolders) removeFolderBelow(root, folder);

  const found = await look(work, missing, missingFolders);
  if (found === 'damaged') return found;
  const kept = Object.fromEntries(Object.entries(before?.files ?? {}).filter(([file]) => wanted.has(file)));
  const record = (files: Files) => ({ pipeline: work.pipeline, run: work.run, files, folders });
  if (found.inTheWay.length > 0) {
    if (before && stale.length > 0) manifest.record(name, { ...before, files: kept });
    return { inTheWay: found.inTheWay };
  }
  for (const [file] of missing) takeOver(manifest, file, name);
  if (found.toPut.length > 0) {
    const making = found.toPut.map(([file, { blob }]) => [file, { digest: blob.digest, signature: null }] as const);
    // On disk before the files are: after a kill or a power cut they are known to be ours.
    await manifest.recordFlushed(name, record({ ...kept, ...Object.fromEntries(making) }));
  }
  for (const [file, one] of found.toPut) {
    const isFresh = work.isFresh || work.store.hashed.has(one.output);
    if (!(await putFile({ ...work, isFresh }, file, one))) return drop(work, one);
  }
  for (const folder of missingFolders) makeWayTo(root, `${folder}/x`);
  const shown = [...wanted].map(([file, { blob }]) => {
    return [file, { digest: blob.digest, signature: fileSignature(join(root, file)) ?? null }] as const;
  });
  manifest.record(name, record(Object.fromEntries(shown)));
  return 'shown';
}

interface Found {
  readonly toPut: readonly (readonly [file: string, Wanted])[];
  readonly inTheWay: readonly string[];
}

/** Looks at every place where a file or an empty folder should go. */
async function look(
  work: Work,
  files: readonly (readonly [file: string, Wanted])[],
  folders: readonly string[],
): Promise<Found | 'damaged'> {
  const toPut: (readonly [file: string, Wanted])[] = [];
  const inTheWay = new Set<string>();
  for (const [file, one] of files) {
    const found = await standing(file, one, work);
    if (found === 'damaged') return drop(work, one);
    if (typeof found === 'object') inTheWay.add(found.inTheWay);
    else if (found === 'to put') toPut.push([file, one]);
  }
  for (const folder of folders) {
    const way = wayTo(work.root, `${folder}/x`);
    if (typeof way === 'object') inTheWay.add(way.blockedBy);
  }
  return { toPut, inTheWay: [...inTheWay] };
}

const takenOver = (root: string): Error =>
  Object.assign(new Error(`another run took over ${root} while this one was stopped; run again`), { code: 'ENOTSUP' });

function drop({ store }: Work, { output }: Wanted): 'damaged' {
  if (!store.refusal) dropBlob(store, output);
  return 'damaged';
}

/** A path may have belonged to another place, as when a step without `each` gets one: it has one owner at a time. */
function takeOver(manifest: Manifest, file: string, name: string): void {
  const owner = manifest.placeOf(file);
  const entry = owner === undefined || owner === name ? undefined : manifest.entry(owner);
  if (owner === undefined || !entry) return;
  const { [file]: _, ...others } = entry.files;
  manifest.record(owner, { ...entry, files: others });
}

/** Lists the files of a result by their path in `out/`, each with its blob. */
function filesOf(store: Store, place: Place, result: StoredResult): Map<string, Wanted> {
  const folder = place.recording === null ? place.step : join(place.step, place.recording);
  const files = new Map<string, Wanted>();
  for (const [port, output] of Object.entries(result.outputs)) {
    if (!output) continue;
    for (const blob of output.files) {
      const name = output.kind === 'folder' ? join(port, blob.path) : `${port}${output.extension}`;
      files.set(join(folder, name), {
        output: output.digest,
        from: join(store.blob(output.digest), blob.path),
        blob,
      });
    }
    for (const { extension, digest, file } of output.siblings) {
      files.set(join(folder, `${port}${extension}`), { output: digest, from: store.blob(digest), blob: file });
    }
  }
  return files;
}

/** Where `out/` shows folders that hold nothing. */
function emptyFoldersOf(place: Place, result: StoredResult): readonly string[] {
  const folder = place.recording === null ? place.step : join(place.step, place.recording);
  return Object.entries(result.outputs).flatMap(([port, output]) =>
    (output?.emptyFolders ?? []).map((path) => join(folder, port, path)),
  );
}
