/** npm packages: which one a file belongs to, and everything that a package brings. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** Installed closure of some packages: themselves and all that they need, each once. */
export function closureOf(roots: readonly Package[]): Package[] {
  const seen = new Map<string, Package>();
  const visit = (one: Package) => {
    if (seen.has(one.root)) return;
    seen.set(one.root, one);
    for (const name of one.needs) {
      const needed = findInstalled(name, one.root);
      if (needed) visit(needed);
    }
  };
  roots.forEach(visit);
  return [...seen.values()];
}

/** As Node looks for it: in the node_modules of this folder and of every one above. */
function findInstalled(name: string, from: string): Package | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return readPackage(realpathSync(candidate));
    if (folder === dirname(folder)) return undefined;
  }
}

function readPackage(root: string): Package | undefined {
  const path = join(root, 'package.json');
  if (!existsSync(path)) return undefined;
  const { name, version, dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as {
    readonly name?: string;
    readonly version?: string;
    readonly dependencies?: object;
    readonly optionalDependencies?: object;
    readonly peerDependencies?: object;
  };
  if (name === undefined) return undefined;
  const needs = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return { name, version: version ?? '0.0.0', root, needs };
}
