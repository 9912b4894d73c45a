/**
 * Follows an import in the same way as esbuild, to record the names that it tried: esbuild reports only the file that
 * it found. If the results differ, the tracker gives up, and the bundle is made again next time.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { isInstalled } from './packages.ts';
import { isFile, isFolder, type Manifest, realPath, type Tracker } from './trail.ts';

export interface Import {
  /** Folder of the importing file. */
  readonly from: string;
  /** As written in the code. */
  readonly name: string;
  /** The file that it led to, links resolved; undefined if nothing was found. */
  readonly found: string | undefined;
}

/** esbuild's order. In node_modules it takes JavaScript before TypeScript. */
const EXTENSIONS = ['.tsx', '.ts', '.jsx', '.js', '.css', '.json'];

/** `./util.js` may stand for util.ts, which is not compiled yet. */
const WRITTEN_AS: { readonly [extension: string]: readonly string[] } = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

export function follow(tracker: Tracker, imported: Import): void {
  const { from, name, found } = imported;
  if (/^\.{0,2}(?:\/|$)/.test(name)) followPath(tracker, resolve(from, name), found);
  else if (name.startsWith('#')) followImports(tracker, imported);
  else followPackage(tracker, imported);
}

function followPath(tracker: Tracker, path: string, found: string | undefined): void {
  if (tryPath(tracker, path, found) || tryPath(tracker, path.replace(/[?#][^?#]*$/, ''), found)) return;
  if (found !== undefined) tracker.giveUp();
}

/** Records the names that are tried for a path, up to the file that was found; false if it is not among them. */
function tryPath(tracker: Tracker, path: string, found: string | undefined): boolean {
  return (
    tryNames(tracker, fileNames(path), found) ||
    (isFolder(path) &&
      (mainFiles(tracker, path).some((main) => tryNames(tracker, [...fileNames(main), ...indexNames(main)], found)) ||
        tryNames(tracker, indexNames(path), found)))
  );
}

function tryNames(tracker: Tracker, names: readonly string[], found: string | undefined): boolean {
  const at = found === undefined ? -1 : names.findIndex((name) => realPath(name) === found && isFile(name));
  // In node_modules the order differs, so any other name may come before the found file.
  const before = at === -1 || isInstalled(found ?? '') ? names : names.slice(0, at);
  const taken = names[at];
  for (const name of before) if (name !== taken) tracker.skipped(name);
  if (taken !== undefined) tracker.taken(taken);
  return taken !== undefined;
}

function fileNames(path: string): string[] {
  const [, stem = '', extension = ''] = /^(.*)(\.[cm]?jsx?)$/.exec(path) ?? [];
  const sources = (WRITTEN_AS[extension] ?? []).map((source) => stem + source);
  return [path, ...EXTENSIONS.map((added) => path + added), ...sources];
}

const indexNames = (folder: string): string[] => EXTENSIONS.map((extension) => join(folder, `index${extension}`));

function mainFiles(tracker: Tracker, folder: string): string[] {
  const { main, module, browser } = tracker.manifest(folder) ?? {};
  // esbuild reads only `main` for tasks, but all three for scripts of pages.
  return [browser, module, main].flatMap((file) => (typeof file === 'string' ? [join(folder, file)] : []));
}

/** Records the files above a folder that decide how its files are read and where its imports lead. */
export function followEnclosing(tracker: Tracker, folder: string): void {
  nearestManifest(tracker, folder);
  // With such a file, Yarn decides where packages are.
  for (const above of selfAndAncestors(folder)) {
    for (const name of ['.pnp.data.json', '.pnp.cjs', '.pnp.js']) tracker.skipped(join(above, name));
  }
}

/** Finds the nearest package.json, which decides `type`, `sideEffects`, `imports` and the package's own name. */
function nearestManifest(
  tracker: Tracker,
  from: string,
): { readonly folder: string; readonly manifest: Manifest } | undefined {
  for (const folder of selfAndAncestors(from)) {
    const manifest = tracker.manifest(folder);
    if (manifest) return { folder, manifest };
  }
  return undefined;
}

/** Follows an import by `imports` of a package.json; other packages in it are searched from its folder upwards. */
function followImports(tracker: Tracker, { from, found }: Import): void {
  const nearest = nearestManifest(tracker, from);
  if (found !== undefined) recordFile(tracker, found);
  if (!nearest) return;
  for (const target of textsIn(nearest.manifest.imports)) {
    if (/^[./#]/.test(target)) continue;
    const name = packageNameOf(target);
    for (const modules of nodeModules(tracker, nearest.folder)) if (recordPackage(tracker, join(modules, name))) break;
  }
}

function followPackage(tracker: Tracker, { from, name: path, found }: Import): void {
  const name = packageNameOf(path);
  const nearest = nearestManifest(tracker, from);
  if (nearest && nearest.manifest.name === name && nearest.manifest.exports !== undefined) {
    if (found !== undefined) recordFile(tracker, found);
    return;
  }
  for (const modules of nodeModules(tracker, from)) {
    const root = join(modules, name);
    const exists = recordPackage(tracker, root);
    if (exists && found !== undefined && isBelow(realPath(root), found)) {
      if (tracker.manifest(root)?.exports !== undefined) recordFile(tracker, found);
      // A file of an installed package is identified by the package's name and version.
      else if (!tryPath(tracker, join(modules, path), found) && !isInstalled(found)) tracker.giveUp();
      return;
    }
    if (tryPath(tracker, join(modules, path), found)) return;
  }
  if (found !== undefined) tracker.giveUp();
}

/** Records a file that `exports` or `imports` name; a compiled file may appear later and would be taken instead. */
function recordFile(tracker: Tracker, found: string): void {
  tracker.taken(found);
  for (const [compiled, sources] of Object.entries(WRITTEN_AS)) {
    for (const source of sources) {
      if (found.endsWith(source)) tracker.skipped(found.slice(0, -source.length) + compiled);
    }
  }
}

/** Records whether a package is installed in this folder. */
function recordPackage(tracker: Tracker, root: string): boolean {
  if (!isFolder(root)) {
    tracker.skipped(root);
    return false;
  }
  tracker.taken(root);
  tracker.manifest(root);
  return true;
}

/** Yields every node_modules in which a package is searched, the nearest first; records missing folders. */
function* nodeModules(tracker: Tracker, from: string): Generator<string> {
  for (const folder of selfAndAncestors(from)) {
    if (basename(folder) === 'node_modules') continue;
    const modules = join(folder, 'node_modules');
    if (isFolder(modules)) yield modules;
    else tracker.skipped(modules);
  }
}

function* selfAndAncestors(from: string): Generator<string> {
  for (let folder = from; ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}

/** `@scope/name/file` is a file of `@scope/name`. */
const packageNameOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

const isBelow = (root: string | undefined, file: string): boolean => root !== undefined && file.startsWith(`${root}/`);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
