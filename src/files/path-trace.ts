/**
 * Traces the links and folders that a path leads through, to detect that the path led to another file for a while: a link
 * may be redirected and set back, or a folder exchanged and put back, and the file itself shows no sign of it.
 */
import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

type PathPart = Pick<BigIntStats, 'dev' | 'ino' | 'mtimeNs' | 'ctimeNs'> & { readonly isLink: boolean };

/** Links and folders by path, in the order in which they are passed. */
export type PathTrace = ReadonlyMap<string, PathPart>;

/** Linux follows no more. */
const MOST_LINKS = 40;

export function tracePath(file: string): PathTrace {
  const trace = new Map<string, PathPart>();
  let links = 0;
  const follow = (path: string) => {
    let at: string = sep;
    const names = resolve(path)
      .split(sep)
      .filter((name) => name !== '');
    for (const [i, name] of names.entries()) {
      at = join(at, name);
      const found = trace.get(at) ?? partAt(at);
      if (!found) return;
      const isLast = i === names.length - 1;
      if (found.isLink || !isLast) trace.set(at, found);
      if (!found.isLink) continue;
      if (links++ >= MOST_LINKS) return;
      follow(join(resolve(dirname(at), readlinkSync(at)), ...names.slice(i + 1)));
      return;
    }
  };
  const root = partAt(sep);
  if (root) trace.set(sep, root);
  follow(file);
  return trace;
}

function partAt(path: string): PathPart | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (!found) return undefined;
  const { dev, ino, mtimeNs, ctimeNs } = found;
  return { dev, ino, mtimeNs, ctimeNs, isLink: found.isSymbolicLink() };
}

/**
 * Whether the path may have led elsewhere at any moment between two traces. A folder that was moved away and back has a
 * later ctime, and its parent a later mtime. If names in the folder changed as well, both its times are set, which hides
 * the move. Within `project` such a case counts as redirected; above it, other programs make files all the time, so it
 * does not.
 */
export function isRedirected(before: PathTrace, after: PathTrace, project: string): boolean {
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

function hasNewNames(before: PathTrace, after: PathTrace, path: string): boolean {
  return before.get(path)?.mtimeNs !== after.get(path)?.mtimeNs;
}
