/** Follows the imports of a whole bundle, of which esbuild tells in its metafile. */
import { dirname, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { ENTRY } from './bundle-problem.ts';
import { enclosing, follow, type Import } from './follow.ts';
import { isInstalled, packageOf } from './packages.ts';
import { isFile, type Tracker } from './trail.ts';

/** What is no file: a module that the engine makes, or one that a package.json switches off. */
const MADE = /^(?:page-script|required|\(disabled\)):/;
const SCRIPT = /^page-script:/;

/** The files of a bundle, absolute. */
export const filesOf = ({ inputs }: Metafile, folder: string): string[] =>
  Object.keys(inputs)
    .filter((path) => path !== ENTRY && !MADE.test(path))
    .map((path) => fileOf(path, folder));

/** The imports of a task by path; another plugin hears of those by a package's name. */
export const followTask = (tracker: Tracker, metafile: Metafile, folder: string): void =>
  followAll(tracker, metafile, folder, (_, name) => isPath(name));

/** All imports of a page's script. Inside an installed package only those of other packages can change. */
export function followScript(tracker: Tracker, metafile: Metafile, file: string): void {
  const own = packageOf(file)?.root;
  const isOwn = (source: string) => !isInstalled(source) || packageOf(source)?.root === own;
  followAll(tracker, metafile, dirname(file), (source, name) => !isPath(name) || isOwn(source));
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
    if (MADE.test(path)) continue;
    const source = path === ENTRY ? resolve(folder, ENTRY) : fileOf(path, folder);
    const from = dirname(source);
    folders.add(from);
    for (const { original, path: found } of imports) {
      // esbuild repeats a name only where it was found.
      const name = original ?? found;
      if (original === undefined && found.includes('*')) tracker.glob({ from, pattern: found }, bundled);
      else if (isFollowed(source, name))
        follow(tracker, importOf(from, name, original === undefined ? undefined : fileOf(found, folder)));
    }
  }
  for (const one of folders) enclosing(tracker, one);
}

function importOf(from: string, name: string, found: string | undefined): Import {
  // A name that a package.json switches off, such as `"fs": false` in `browser`, led to no file.
  const isFound = found !== undefined && isFile(found);
  return { from, name: name.replace(/\?script$/, ''), found: isFound ? found : undefined };
}

const isPath = (name: string): boolean => /^[./]/.test(name);

/** A name may end in `?query`, which is no part of the file's. */
function fileOf(path: string, folder: string): string {
  const file = resolve(folder, path.replace(SCRIPT, ''));
  return isFile(file) ? file : file.replace(/[?#][^?#]*$/, '');
}
