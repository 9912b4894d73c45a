/** Follows all imports of a bundle, which esbuild lists in its metafile. */
import { dirname, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { ENTRY } from './bundle-problem.ts';
import { follow, followEnclosing, type Import } from './follow.ts';
import { isInstalled, packageOf } from './packages.ts';
import { isFile, type Tracker } from './trail.ts';

/** Inputs that are not files: modules that the engine makes, or that a package.json switches off. */
const NOT_A_FILE = /^(?:page-script|required|\(disabled\)):/;
const SCRIPT = /^page-script:/;

/** The files of a bundle, absolute. */
export const filesOf = ({ inputs }: Metafile, folder: string): string[] =>
  Object.keys(inputs)
    .filter((path) => path !== ENTRY && !NOT_A_FILE.test(path))
    .map((path) => fileOf(path, folder));

/** Follows the imports of a task by path; imports by a package's name are followed by `bundle.ts`. */
export const followTask = (tracker: Tracker, metafile: Metafile, folder: string): void =>
  followAll(tracker, metafile, folder, (_, name) => isPath(name));

/** Follows all imports of a page's script. In an installed package, only imports of other packages can change. */
export function followScript(tracker: Tracker, metafile: Metafile, file: string): void {
  const root = packageOf(file)?.root;
  const mayChange = (source: string) => !isInstalled(source) || packageOf(source)?.root === root;
  followAll(tracker, metafile, dirname(file), (source, name) => !isPath(name) || mayChange(source));
}

function followAll(
  tracker: Tracker,
  metafile: Metafile,
  folder: string,
  isFollowed: (source: string, name: string) => boolean,
): void {
  const bundled = new Set(filesOf(metafile, folder));
  const folders = new Set<string>();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    if (NOT_A_FILE.test(path)) continue;
    const source = path === ENTRY ? resolve(folder, ENTRY) : fileOf(path, folder);
    const from = dirname(source);
    folders.add(from);
    for (const { original, path: found } of imports) {
      // esbuild gives the original name only if it found the file.
      const name = original ?? found;
      if (original === undefined && found.includes('*')) tracker.glob({ from, pattern: found }, bundled);
      else if (isFollowed(source, name))
        follow(tracker, importOf(from, name, original === undefined ? undefined : fileOf(found, folder)));
    }
  }
  for (const visited of folders) followEnclosing(tracker, visited);
}

function importOf(from: string, name: string, found: string | undefined): Import {
  // A name that a package.json switches off, such as `"fs": false` in `browser`, led to no file.
  const isFound = found !== undefined && isFile(found);
  return { from, name: name.replace(/\?script$/, ''), found: isFound ? found : undefined };
}

const isPath = (name: string): boolean => /^[./]/.test(name);

/** A name may end in `?query`, which does not belong to the file's name. */
function fileOf(path: string, folder: string): string {
  const file = resolve(folder, path.replace(SCRIPT, ''));
  return isFile(file) ? file : file.replace(/[?#][^?#]*$/, '');
}
