/**
 * How the files of a bundle were found: names that were tried and absent, links on the way, folders that were listed.
 * The same files found again by their content prove nothing if an import would now lead to other ones.
 */
import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { isRacy } from '../files/signature.ts';
import { type Glob, listGlob } from './glob.ts';

export interface Trail {
  /** Nothing is there; a file or folder there would be taken instead of what was found. */
  readonly absent: readonly string[];
  /** Paths that an import goes through, and where each really leads. */
  readonly places: readonly (readonly [path: string, real: string])[];
  /** Imports whose name is put together while running: all files that fit were bundled. */
  readonly globs: readonly (Glob & { readonly matches: Digest })[];
}

export const NO_TRAIL: Trail = { absent: [], places: [], globs: [] };

export function joined(trails: readonly Trail[]): Trail {
  const globs = trails.flatMap((trail) => trail.globs);
  return {
    absent: [...new Set(trails.flatMap(({ absent }) => absent))],
    places: [...new Map(trails.flatMap(({ places }) => places))],
    globs: [...new Map(globs.map((glob) => [`${glob.from}\n${glob.pattern}`, glob])).values()],
  };
}

/** Whether every import would lead where it led; the folders that were listed for it, if so. */
export function foldersIfStands({ absent, places, globs }: Trail): readonly string[] | undefined {
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
    return undefined; // Nothing is there, or it cannot be reached: no import leads there.
  }
};

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // A file stands where a folder should, or it may not be read: bundlers find nothing there either.
  }
}

export const isFile = (path: string): boolean => statOf(path)?.isFile() ?? false;
export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() ?? false;

export type Manifest = { readonly [field: string]: unknown };

/** Writes a trail down while imports are followed. */
export interface Tracker {
  /** A name that was tried before another one was taken. */
  passed(path: string): void;
  /** A path that was taken; its folder as well, which may be a link too. */
  took(path: string): void;
  /** Reads a package.json that decides something. Undefined if there is none, or it is not JSON. */
  manifest(folder: string): Manifest | undefined;
  glob(glob: Glob, bundled: ReadonlySet<string>): void;
  /** An import led elsewhere than where it was followed to: nothing may rest on this trail. */
  lost(): void;
  readonly manifests: ReadonlySet<string>;
  /** Undefined if it cannot be rested on: something changed since it began, or was not understood. */
  trail(): Trail | undefined;
}

export function openTracker(began: bigint): Tracker {
  const absent = new Set<string>();
  const places = new Map<string, string>();
  const globs: Trail['globs'][number][] = [];
  const manifests = new Map<string, Manifest | undefined>();
  let isLost = false;

  const place = (path: string): void => {
    if (places.has(path)) return;
    const real = realPath(path);
    if (real === undefined) isLost = true;
    else places.set(path, real);
  };
  const passed = (path: string): void => {
    if (absent.has(path)) return;
    const found = statOf(path);
    if (!found) absent.add(path);
    // A folder was passed over because a file was wanted. The slash makes it no place once it is a file.
    else if (found.isDirectory()) place(`${path}/`);
    // It came after the bundler had looked.
    else if (isRacy(path, began)) isLost = true;
  };
  return {
    passed,
    took(path) {
      place(dirname(path));
      place(path);
    },
    manifest(folder) {
      const path = `${folder === '/' ? '' : folder}/package.json`;
      if (manifests.has(path)) return manifests.get(path);
      if (!isFile(path)) return void passed(path);
      const manifest = readManifest(path);
      manifests.set(path, manifest);
      return manifest;
    },
    glob(glob, bundled) {
      const { digest, files } = listGlob(glob);
      if (files.some((file) => !bundled.has(realPath(file) ?? ''))) isLost = true;
      globs.push({ ...glob, matches: digest });
    },
    lost() {
      isLost = true;
    },
    get manifests() {
      return new Set(manifests.keys());
    },
    trail: () => (isLost ? undefined : { absent: [...absent], places: [...places], globs }),
  };
}

/** Undefined if there is none, or it is not a JSON object; the bundler goes by none then, too. */
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
