/**
 * A trail records how the files of a bundle were found: names that were tried and absent, links on the way, listed
 * folders. Unchanged contents of these files prove nothing if an import would now find other files.
 */
import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { isRacy } from '../files/signature.ts';
import { type Glob, listGlob } from './glob.ts';

export interface Trail {
  /** Missing paths; a file or folder there would be taken instead of the found file. */
  readonly absent: readonly string[];
  /** Paths that an import goes through, each with its real path. */
  readonly places: readonly (readonly [path: string, real: string])[];
  /** Imports whose name is put together while running: all files that match were bundled. */
  readonly globs: readonly (Glob & { readonly matches: Digest })[];
}

export const NO_TRAIL: Trail = { absent: [], places: [], globs: [] };

export function joinTrails(trails: readonly Trail[]): Trail {
  const globs = trails.flatMap((trail) => trail.globs);
  return {
    absent: [...new Set(trails.flatMap(({ absent }) => absent))],
    places: [...new Map(trails.flatMap(({ places }) => places))],
    globs: [...new Map(globs.map((glob) => [`${glob.from}\n${glob.pattern}`, glob])).values()],
  };
}

/** Returns the folders that were listed, if every import would still find the same files; otherwise undefined. */
export function foldersIfValid({ absent, places, globs }: Trail): readonly string[] | undefined {
  if (absent.some((path) => statOf(path) !== undefined)) return undefined;
  if (places.some(([path, real]) => realPath(path) !== real)) return undefined;
  const listed = globs.map((glob) => ({ glob, now: listGlob(glob) }));
  if (listed.some(({ glob, now }) => now.digest !== glob.matches)) return undefined;
  return listed.flatMap(({ now }) => now.folders);
}

export const realPath = (path: string): string | undefined => {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined; // The path is missing or cannot be reached: no import leads there.
  }
};

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // A file is in place of a folder, or may not be read: bundlers find nothing there either.
  }
}

export const isFile = (path: string): boolean => statOf(path)?.isFile() ?? false;
export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() ?? false;

export type Manifest = { readonly [field: string]: unknown };

/** Records a trail while imports are followed. */
export interface Tracker {
  /** Records a name that was tried before another name was taken. */
  skipped(path: string): void;
  /** Records a path that was taken, and its folder, since either may be a link. */
  taken(path: string): void;
  /** Reads a package.json that decides something. Undefined if it is missing or not JSON. */
  manifest(folder: string): Manifest | undefined;
  glob(glob: Glob, bundled: ReadonlySet<string>): void;
  /** Called if esbuild found another file than `follow` did: then this trail proves nothing. */
  giveUp(): void;
  readonly manifests: ReadonlySet<string>;
  /** Undefined after `giveUp`, or if something changed since the tracker was opened: then it would prove nothing. */
  trail(): Trail | undefined;
}

export function openTracker(began: bigint): Tracker {
  const absent = new Set<string>();
  const places = new Map<string, string>();
  const globs: Trail['globs'][number][] = [];
  const manifests = new Map<string, Manifest | undefined>();
  let hasGivenUp = false;

  const place = (path: string): void => {
    if (places.has(path)) return;
    const real = realPath(path);
    if (real === undefined) hasGivenUp = true;
    else places.set(path, real);
  };
  const skipped = (path: string): void => {
    if (absent.has(path)) return;
    const found = statOf(path);
    if (!found) absent.add(path);
    // A folder was skipped because a file was needed. With the slash, the path is invalid once it is a file.
    else if (found.isDirectory()) place(`${path}/`);
    // The file appeared after the bundler had looked for it.
    else if (isRacy(path, began)) hasGivenUp = true;
  };
  return {
    skipped,
    taken(path) {
      place(dirname(path));
      place(path);
    },
    manifest(folder) {
      const path = `${folder === '/' ? '' : folder}/package.json`;
      if (manifests.has(path)) return manifests.get(path);
      if (!isFile(path)) return void skipped(path);
      const manifest = readManifest(path);
      manifests.set(path, manifest);
      return manifest;
    },
    glob(glob, bundled) {
      const { digest, files } = listGlob(glob);
      if (files.some((file) => !bundled.has(realPath(file) ?? ''))) hasGivenUp = true;
      globs.push({ ...glob, matches: digest });
    },
    giveUp() {
      hasGivenUp = true;
    },
    get manifests() {
      return new Set(manifests.keys());
    },
    trail: () => (hasGivenUp ? undefined : { absent: [...absent], places: [...places], globs }),
  };
}

/** Undefined if the file is missing or not a JSON object; the bundler ignores it in both cases, too. */
export function readManifest(path: string): Manifest | undefined {
  if (!isFile(path)) return undefined;
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Manifest) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
