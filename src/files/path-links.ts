/**
 * The way to a file: the links and folders that its path leads through. A link that is turned elsewhere and back, or a
 * folder that makes room for another one for a while, leaves the file itself as it was.
 */
import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

type Stage = Pick<BigIntStats, 'dev' | 'ino' | 'mtimeNs' | 'ctimeNs'> & { readonly isLink: boolean };

/** By path, in the order in which they are passed. */
export type Way = ReadonlyMap<string, Stage>;

/** As many as Linux follows. */
const MOST_LINKS = 40;

export function wayTo(file: string): Way {
  const way = new Map<string, Stage>();
  let links = 0;
  const follow = (path: string) => {
    let at: string = sep;
    const names = resolve(path)
      .split(sep)
      .filter((name) => name !== '');
    for (const [i, name] of names.entries()) {
      at = join(at, name);
      const found = way.get(at) ?? stageAt(at);
      if (!found) return;
      const isLast = i === names.length - 1;
      if (found.isLink || !isLast) way.set(at, found);
      if (!found.isLink) continue;
      if (links++ >= MOST_LINKS) return;
      follow(join(resolve(dirname(at), readlinkSync(at)), ...names.slice(i + 1)));
      return;
    }
  };
  const root = stageAt(sep);
  if (root) way.set(sep, root);
  follow(file);
  return way;
}

function stageAt(path: string): Stage | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (!found) return undefined;
  const { dev, ino, mtimeNs, ctimeNs } = found;
  return { dev, ino, mtimeNs, ctimeNs, isLink: found.isSymbolicLink() };
}

/**
 * Whether it led elsewhere at any moment between two. A folder that was moved away and back has a later ctime, and the
 * folder that holds it new names. New names in the folder itself hide that: they set both its times. Within `project`
 * that counts as turned; above it, where other programs come and go all the time, it does not.
 */
export function hasTurned(before: Way, after: Way, project: string): boolean {
  if (before.size !== after.size) return true;
  return [...before].some(([path, was]) => {
    const now = after.get(path);
    if (!now || now.dev !== was.dev || now.ino !== was.ino || now.isLink !== was.isLink) return true;
    if (now.ctimeNs === was.ctimeNs) return false;
    if (was.isLink) return true;
    const parent = dirname(path);
    const mayBeHidden = `${parent}${sep}`.startsWith(`${project}${sep}`);
    return (mayBeHidden || now.ctimeNs !== now.mtimeNs) && hasNewNames(before, after, parent);
  });
}

function hasNewNames(before: Way, after: Way, path: string): boolean {
  return before.get(path)?.mtimeNs !== after.get(path)?.mtimeNs;
}
