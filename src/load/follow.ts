/**
 * Follows an import the way esbuild does, to write down what it tried: esbuild says only what it found. Where both
 * do not meet, the tracker is lost, and the bundle is made again next time.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { isInstalled } from './packages.ts';
import { isFile, isFolder, type Manifest, realPath, type Tracker } from './trail.ts';

export interface Import {
  /** Folder of the importing file. */
  readonly from: string;
  /** As it is written in the code. */
  readonly name: string;
  /** The file that it led to, links resolved; undefined if it led nowhere. */
  readonly found: string | undefined;
}

/** esbuild's order. In node_modules it takes JavaScript before TypeScript. */
const EXTENSIONS = ['.tsx', '.ts', '.jsx', '.js', '.css', '.json'];

/** `./util.js` may stand for util.ts, which it will be once it is compiled. */
const WRITTEN_AS: { readonly [extension: string]: readonly string[] } = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

export function follow(tracker: Tracker, one: Import): void {
  const { from, name, found } = one;
  if (/^\.{0,2}(?:\/|$)/.test(name)) followPath(tracker, resolve(from, name), found);
  else if (name.startsWith('#')) followImports(tracker, one);
  else followPackage(tracker, one);
}

function followPath(tracker: Tracker, path: string, found: string | undefined): void {
  if (leadsTo(tracker, path, found) || leadsTo(tracker, path.replace(/[?#][^?#]*$/, ''), found)) return;
  if (found !== undefined) tracker.lost();
}

/** Notes all names that come before the file that was found; false if none of them is it. */
function leadsTo(tracker: Tracker, path: string, found: string | undefined): boolean {
  return (
    isOneOf(tracker, fileNames(path), found) ||
    (isFolder(path) &&
      (mainFiles(tracker, path).some((main) => isOneOf(tracker, [...fileNames(main), ...indexNames(main)], found)) ||
        isOneOf(tracker, indexNames(path), found)))
  );
}

function isOneOf(tracker: Tracker, names: readonly string[], found: string | undefined): boolean {
  const at = found === undefined ? -1 : names.findIndex((name) => realPath(name) === found && isFile(name));
  // In node_modules the order is another one: any of them may come before it.
  const before = at === -1 || isInstalled(found ?? '') ? names : names.slice(0, at);
  const taken = names[at];
  for (const name of before) if (name !== taken) tracker.passed(name);
  if (taken !== undefined) tracker.took(taken);
  return taken !== undefined;
}

function fileNames(path: string): string[] {
  const [, stem = '', extension = ''] = /^(.*)(\.[cm]?jsx?)$/.exec(path) ?? [];
  const written = (WRITTEN_AS[extension] ?? []).map((other) => stem + other);
  return [path, ...EXTENSIONS.map((one) => path + one), ...written];
}

const indexNames = (folder: string): string[] => EXTENSIONS.map((one) => join(folder, `index${one}`));

function mainFiles(tracker: Tracker, folder: string): string[] {
  const { main, module, browser } = tracker.manifest(folder) ?? {};
  // Tasks go by `main` alone, scripts of pages by all three.
  return [browser, module, main].flatMap((file) => (typeof file === 'string' ? [join(folder, file)] : []));
}

/** Notes what decides over every file of a folder and every import in it. */
export function enclosing(tracker: Tracker, folder: string): void {
  nearestManifest(tracker, folder);
  // With one of these, Yarn says where packages are.
  for (const above of andAbove(folder)) {
    for (const name of ['.pnp.data.json', '.pnp.cjs', '.pnp.js']) tracker.passed(join(above, name));
  }
}

/** `type`, `sideEffects`, `imports` and a package's own name are read from the nearest package.json. */
function nearestManifest(
  tracker: Tracker,
  from: string,
): { readonly folder: string; readonly manifest: Manifest } | undefined {
  for (const folder of andAbove(from)) {
    const manifest = tracker.manifest(folder);
    if (manifest) return { folder, manifest };
  }
  return undefined;
}

/** Where `imports` names other packages, they are looked for from its package.json on. */
function followImports(tracker: Tracker, { from, found }: Import): void {
  const nearest = nearestManifest(tracker, from);
  if (found !== undefined) tookFile(tracker, found);
  if (!nearest) return;
  for (const target of textsIn(nearest.manifest.imports)) {
    if (/^[./#]/.test(target)) continue;
    const { name } = nameOf(target);
    for (const modules of nodeModules(tracker, nearest.folder)) if (takesPackage(tracker, join(modules, name))) break;
  }
}

function followPackage(tracker: Tracker, { from, name: asked, found }: Import): void {
  const { name } = nameOf(asked);
  const nearest = nearestManifest(tracker, from);
  if (nearest && nearest.manifest.name === name && nearest.manifest.exports !== undefined) {
    if (found !== undefined) tookFile(tracker, found);
    return;
  }
  for (const modules of nodeModules(tracker, from)) {
    const root = join(modules, name);
    const isThere = takesPackage(tracker, root);
    if (isThere && found !== undefined && isBelow(realPath(root), found)) {
      if (tracker.manifest(root)?.exports !== undefined) tookFile(tracker, found);
      // Which file of an installed package it is counts by the package's name and version.
      else if (!leadsTo(tracker, join(modules, asked), found) && !isInstalled(found)) tracker.lost();
      return;
    }
    if (leadsTo(tracker, join(modules, asked), found)) return;
  }
  if (found !== undefined) tracker.lost();
}

/** A file that `exports` or `imports` name: its extension may be the one that it will have once it is compiled. */
function tookFile(tracker: Tracker, found: string): void {
  tracker.took(found);
  for (const [compiled, sources] of Object.entries(WRITTEN_AS)) {
    for (const source of sources) {
      if (found.endsWith(source)) tracker.passed(found.slice(0, -source.length) + compiled);
    }
  }
}

/** Notes where a package is, or that it is not there. */
function takesPackage(tracker: Tracker, root: string): boolean {
  if (!isFolder(root)) {
    tracker.passed(root);
    return false;
  }
  tracker.took(root);
  tracker.manifest(root);
  return true;
}

/** Every node_modules in which a package is looked for, the nearest first; those that are not there are noted. */
function* nodeModules(tracker: Tracker, from: string): Generator<string> {
  for (const folder of andAbove(from)) {
    if (basename(folder) === 'node_modules') continue;
    const modules = join(folder, 'node_modules');
    if (isFolder(modules)) yield modules;
    else tracker.passed(modules);
  }
}

function* andAbove(from: string): Generator<string> {
  for (let folder = from; ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}

/** `@scope/name/file` is a file of `@scope/name`. */
function nameOf(asked: string): { readonly name: string } {
  const parts = asked.split('/');
  return { name: parts.slice(0, asked.startsWith('@') ? 2 : 1).join('/') };
}

const isBelow = (root: string | undefined, file: string): boolean => root !== undefined && file.startsWith(`${root}/`);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
