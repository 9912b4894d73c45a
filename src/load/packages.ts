/** npm packages: which one a file belongs to, and everything that a package brings. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isFile, isFolder, readManifest, type Tracker } from './trail.ts';

export interface Package {
  readonly name: string;
  readonly version: string;
  /** Folder of its package.json, symbolic links resolved. */
  readonly root: string;
  readonly needs: readonly string[];
}

/**
 * The package that a file belongs to: where it is installed, or the nearest package.json above it that has a
 * name. Not so for installed ones: their folders may have a package.json each, without the version.
 */
export function packageOf(file: string): Package | undefined {
  const [, root] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file) ?? [];
  if (root !== undefined) return readPackage(root);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = readPackage(folder);
    if (found) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

export const isInstalled = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file);

export const versionOf = ({ name, version }: Package): string => `${name}@${version}`;

/** Installed closure of some packages: themselves and all that they need, each once, with what it needs itself. */
export interface Closure {
  readonly packages: readonly Package[];
  /** By which name: it may be an alias. */
  readonly needed: readonly (readonly [by: Package, needed: Package, name: string])[];
}

/** The tracker hears of every place in which a package was looked for. */
export function closureOf(roots: readonly Package[], tracker?: Tracker): Closure {
  const seen = new Map<string, Package>();
  const needed: (readonly [Package, Package, string])[] = [];
  const visit = (one: Package) => {
    if (seen.has(one.root)) return;
    seen.set(one.root, one);
    for (const name of one.needs) {
      const found = findInstalled(name, one.root, tracker);
      if (!found) continue;
      needed.push([one, found, name]);
      visit(found);
    }
  };
  roots.forEach(visit);
  return { packages: [...seen.values()], needed };
}

/**
 * name@version of every package of a closure, sorted. Where several versions of one are installed, or one goes by
 * another name, it matters which package gets which: they are listed once for each package that needs them.
 */
export function versionsOf({ packages, needed }: Closure, direct: readonly Package[]): string[] {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of packages) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  const isOnly = ({ name }: Package) => versions.get(name)?.size === 1;
  const listed = [
    ...packages.filter(isOnly).map(versionOf),
    ...direct.map(versionOf),
    ...needed
      .filter(([, one, name]) => !isOnly(one) || name !== one.name)
      .map(([by, one, name]) => `${versionOf(one)}${name === one.name ? '' : ` as ${name}`} for ${versionOf(by)}`),
  ];
  return [...new Set(listed)].sort();
}

/** As Node looks for it: in the node_modules of this folder and of every one above. */
function findInstalled(name: string, from: string, tracker: Tracker | undefined): Package | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    const candidate = join(modules, name);
    if (basename(folder) !== 'node_modules' && isFile(join(candidate, 'package.json'))) {
      tracker?.took(candidate);
      // Without a name of its own it goes by that of its folder.
      return readPackage(realpathSync(candidate), name);
    }
    // The longest path that is not there says the same of all below it.
    tracker?.passed(isFolder(modules) ? candidate : modules);
    if (folder === dirname(folder)) return undefined;
  }
}

function readPackage(root: string, unnamed?: string): Package | undefined {
  const manifest = readManifest(join(root, 'package.json'));
  if (!manifest) return undefined;
  const name = typeof manifest.name === 'string' ? manifest.name : unnamed;
  if (name === undefined) return undefined;
  const { version, dependencies, optionalDependencies, peerDependencies } = manifest;
  const needs = [dependencies, optionalDependencies, peerDependencies].flatMap((one) => Object.keys(one ?? {}));
  // pnpm keeps what a patch of the project's own made of a version in a folder that is named after the patch.
  const [, patch] = /[\\/][^\\/]*patch_hash=(\w+)[^\\/]*[\\/]node_modules[\\/]/.exec(root) ?? [];
  const own = typeof version === 'string' ? version : '0.0.0';
  return { name, version: patch === undefined ? own : `${own}+${patch}`, root, needs: [...new Set(needs)] };
}
