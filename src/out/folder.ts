/**
 * `out/`: the results that people look at. It is a copy: deleting it loses no result, and restoring it executes no action.
 * Only files that its manifest lists, or that have exactly the wanted content, are ever replaced or removed.
 */

import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ActionParts, actionName } from '../base/action-name.ts';
import { fileSignature, type Signature } from '../files/signature.ts';
import type { Store } from '../store/layout.ts';
import { dropBlob } from '../store/rehash.ts';
import type { StoredResult } from '../store/result.ts';
import { putFile, type WantedFile } from './file.ts';
import { type ListedFiles, type Manifest, type ManifestEntry, openManifest } from './manifest.ts';
import { checkPath } from './obstacles.ts';
import { folderState, makeFolderBelow, removeBelow, removeFolderBelow } from './path.ts';

export interface OutFolder {
  /**
   * Shows an action's files as its result says, and removes its other listed files.
   *
   * @param stored `isFresh`: the stored files were hashed just now; else the large files are hashed too
   */
  show(action: ActionParts, result: StoredResult, stored: { readonly isFresh: boolean }): Promise<ShowOutcome>;
  /** Removes an action's listed files. */
  clear(action: ActionParts): void;
  /** Signatures of all files of an action, to find out later that they are unchanged. */
  signatures(action: ActionParts): readonly (readonly [path: string, signature: Signature])[];
  /** The whole manifest. */
  entries(): Iterable<readonly [action: string, entry: ManifestEntry]>;
  close(): void;
}

/** `damaged`: a stored file was damaged, so its blob was dropped and the action's files are not complete. */
type ShowOutcome = 'shown' | 'damaged' | { readonly inTheWay: readonly string[] };

/** For runs that show no results. */
export const NO_OUT_FOLDER: OutFolder = {
  show: async () => 'shown',
  clear() {},
  signatures: () => [],
  entries: () => [],
  close() {},
};

export interface OutFolderOptions {
  readonly root: string;
  readonly store: Store;
  /** The pipeline's file. */
  readonly pipeline: string;
  readonly run: string;
  /** A folder for unfinished files. */
  readonly scratch: string;
  /** Whether the run still has the lock. */
  isOurs(): boolean;
}

export function openOutFolder(options: OutFolderOptions): OutFolder {
  const { root, store } = options;
  const manifest = openManifest(root, options.scratch);
  // Relative, so that a project can be moved.
  const pipeline = relative(realpathSync(root), realpathSync(options.pipeline));
  return {
    show(action, result, { isFresh }) {
      const wanted = wantedFiles(store, action, result);
      const folders = wantedEmptyFolders(action, result);
      return showAction({ ...options, pipeline, manifest, isFresh, name: actionName(action), wanted, folders });
    },
    clear(action) {
      const name = actionName(action);
      const entry = manifest.entry(name);
      if (!entry || !options.isOurs()) return;
      for (const file of Object.keys(entry.files)) removeBelow(root, file);
      for (const folder of entry.folders) removeFolderBelow(root, folder);
      manifest.replaceEntry(name, { ...entry, files: {}, folders: [] });
    },
    signatures(action) {
      const { files = {}, folders = [] } = manifest.entry(actionName(action)) ?? {};
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

interface ShowContext extends OutFolderOptions {
  readonly manifest: Manifest;
  /** The name of the action. */
  readonly name: string;
  readonly wanted: ReadonlyMap<string, WantedFile>;
  /** Wanted empty folders. */
  readonly folders: readonly string[];
  readonly isFresh: boolean;
}

type WantedPath = readonly [file: string, WantedFile];

async function showAction(context: ShowContext): Promise<ShowOutcome> {
  const { root, manifest, name, wanted, folders } = context;
  const before = manifest.entry(name);
  const stale = Object.keys(before?.files ?? {}).filter((file) => !wanted.has(file));
  const staleFolders = (before?.folders ?? []).filter((folder) => !folders.includes(folder));
  const missing = [...wanted].filter(([file, { blob }]) => {
    const listed = before?.files[file];
    return !listed || listed.digest !== blob.digest || listed.signature !== fileSignature(join(root, file));
  });
  const missingFolders = folders.filter(
    (folder) => !before?.folders.includes(folder) || folderState(root, folder) !== 'open',
  );
  if ([stale, staleFolders, missing, missingFolders].every(({ length }) => length === 0)) return 'shown';
  if (!context.isOurs()) throw takenOver(root);
  for (const file of stale) removeBelow(root, file);
  for (const folder of staleFolders) removeFolderBelow(root, folder);

  const found = await checkPaths(context, missing, missingFolders);
  if (found === 'damaged') return found;
  const remaining = Object.fromEntries(Object.entries(before?.files ?? {}).filter(([file]) => wanted.has(file)));
  if (found.inTheWay.length > 0) {
    if (before && stale.length > 0) manifest.replaceEntry(name, { ...before, files: remaining });
    return { inTheWay: found.inTheWay };
  }
  for (const [file] of missing) takeFromOwner(manifest, file, name);
  if ((await putFiles(context, found.toPut, remaining)) === 'damaged') return 'damaged';
  for (const folder of missingFolders) makeFolderBelow(root, folder);
  const shown = [...wanted].map(([file, { blob }]) => {
    return [file, { digest: blob.digest, signature: fileSignature(join(root, file)) ?? null }] as const;
  });
  manifest.replaceEntry(name, entryWith(context, Object.fromEntries(shown)));
  return 'shown';
}

const entryWith = ({ pipeline, run, folders }: ShowContext, files: ListedFiles): ManifestEntry => ({
  pipeline,
  run,
  files,
  folders,
});

/** Lists the files in the manifest, then puts them. After a kill or a power cut between, they are known to be ours. */
async function putFiles(
  context: ShowContext,
  toPut: readonly WantedPath[],
  remaining: ListedFiles,
): Promise<'put' | 'damaged'> {
  const { manifest, name, store } = context;
  if (toPut.length === 0) return 'put';
  const unfinished = toPut.map(([file, { blob }]) => [file, { digest: blob.digest, signature: null }] as const);
  await manifest.replaceEntryFlushed(name, entryWith(context, { ...remaining, ...Object.fromEntries(unfinished) }));
  for (const [file, wanted] of toPut) {
    const isFresh = context.isFresh || store.hashed.has(wanted.output);
    if (!(await putFile({ ...context, isFresh }, file, wanted))) return dropDamaged(store, wanted);
  }
  return 'put';
}

interface PathsFound {
  readonly toPut: readonly WantedPath[];
  readonly inTheWay: readonly string[];
}

/** Checks every path at which a file or an empty folder should be. */
async function checkPaths(
  context: ShowContext,
  files: readonly WantedPath[],
  folders: readonly string[],
): Promise<PathsFound | 'damaged'> {
  const toPut: WantedPath[] = [];
  const inTheWay = new Set<string>();
  for (const [file, wanted] of files) {
    const found = await checkPath(file, wanted, context);
    if (found === 'damaged') return dropDamaged(context.store, wanted);
    if (typeof found === 'object') inTheWay.add(found.inTheWay);
    else if (found === 'to put') toPut.push([file, wanted]);
  }
  for (const folder of folders) {
    const state = folderState(context.root, folder);
    if (typeof state === 'object') inTheWay.add(state.blockedBy);
  }
  return { toPut, inTheWay: [...inTheWay] };
}

const takenOver = (root: string): Error =>
  Object.assign(new Error(`another run took over ${root} while this one was stopped; run again`), { code: 'ENOTSUP' });

function dropDamaged(store: Store, { output }: WantedFile): 'damaged' {
  if (!store.refusal) dropBlob(store, output);
  return 'damaged';
}

/** Removes a file from the entry of its former action, such as a step that had an `each` before. A file has a single owner. */
function takeFromOwner(manifest: Manifest, file: string, name: string): void {
  const owner = manifest.ownerOf(file);
  const entry = owner === undefined || owner === name ? undefined : manifest.entry(owner);
  if (owner === undefined || !entry) return;
  const { [file]: _, ...others } = entry.files;
  manifest.replaceEntry(owner, { ...entry, files: others });
}

/** The folder in `out/` of an action. */
const folderOf = ({ step, recording }: ActionParts): string => (recording === null ? step : join(step, recording));

/** The files of a result by their path in `out/`. */
function wantedFiles(store: Store, action: ActionParts, result: StoredResult): Map<string, WantedFile> {
  const folder = folderOf(action);
  const files = new Map<string, WantedFile>();
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

/** The empty folders of a result, as paths in `out/`. */
const wantedEmptyFolders = (action: ActionParts, result: StoredResult): readonly string[] =>
  Object.entries(result.outputs).flatMap(([port, output]) =>
    (output?.emptyFolders ?? []).map((path) => join(folderOf(action), port, path)),
  );
