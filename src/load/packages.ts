/** Finds the npm package of a file, and all packages that a package needs. */
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
 * Finds the package of a file: its folder in node_modules if it is installed, otherwise the nearest package.json above
 * it that has a name. (Folders in an installed package may have a package.json each, without a version.)
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

interface Dependency {
  readonly by: Package;
  readonly needed: Package;
  /** The name by which it is needed, which may be an alias. */
  readonly name: string;
}

/** Some packages and all installed packages that they need, directly or not, each once. */
export interface Closure {
  readonly packages: readonly Package[];
  readonly dependencies: readonly Dependency[];
}

/** @param tracker records every folder in which a package was searched. */
export function closureOf(roots: readonly Package[], tracker?: Tracker): Closure {
  const seen = new Map<string, Package>();
  const dependencies: Dependency[] = [];
  const visit = (by: Package) => {
    if (seen.has(by.root)) return;
    seen.set(by.root, by);
    for (const name of by.needs) {
      const needed = findInstalled(name, by.root, tracker);
      if (!needed) continue;
      dependencies.push({ by, needed, name });
      visit(needed);
    }
  };
  roots.forEach(visit);
  return { packages: [...seen.values()], dependencies };
}

/**
 * Lists name@version of every package of a closure, sorted. If several versions of a package are installed, or a
 * package goes by an alias, it matters who needs which: then it is listed for each package that needs it.
 */
export function versionsOf({ packages, dependencies }: Closure, direct: readonly Package[]): string[] {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of packages) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  const isOnly = ({ name }: Package) => versions.get(name)?.size === 1;
  const listed = [
    ...packages.filter(isOnly).map(versionOf),
    ...direct.map(versionOf),
    ...dependencies
      .filter(({ needed, name }) => !isOnly(needed) || name !== needed.name)
      .map(
        ({ by, needed, name }) =>
          `${versionOf(needed)}${name === needed.name ? '' : ` as ${name}`} for ${versionOf(by)}`,
      ),
  ];
  return [...new Set(listed)].sort();
}

/** Finds a package as Node does: in the node_modules of this folder and of every folder above. */
function findInstalled(name: string, from: string, tracker: Tracker | undefined): Package | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    const candidate = join(modules, name);
    if (basename(folder) !== 'node_modules' && isFile(join(candidate, 'package.json'))) {
      tracker?.taken(candidate);
      // A package without a name goes by the name of its folder.
      return readPackage(realpathSync(candidate), name);
    }
    // Record the topmost missing path: nothing can exist below it.
    tracker?.skipped(isFolder(modules) ? candidate : modules);
    if (folder === dirname(folder)) return undefined;
  }
}

function readPackage(root: string, unnamed?: string): Package | undefined {
  const manifest = readManifest(join(root, 'package.json'));
  if (!manifest) return undefined;
  const name = typeof manifest.name === 'string' ? manifest.name : unnamed;
  if (name === undefined) return undefined;
  const { version, dependencies, optionalDependencies, peerDependencies } = manifest;
  const needs = [dependencies, optionalDependencies, peerDependencies].flatMap((field) => Object.keys(field ?? {}));
  // pnpm installs a version with a patch of the project in a folder that is named after the patch.
  const [, patch] = /[\\/][^\\/]*patch_hash=(\w+)[^\\/]*[\\/]node_modules[\\/]/.exec(root) ?? [];
  const declared = typeof version === 'string' ? version : '0.0.0';
  return { name, version: patch === undefined ? declared : `${declared}+${patch}`, root, needs: [...new Set(needs)] };
}
