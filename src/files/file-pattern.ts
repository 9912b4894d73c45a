/**
 * Patterns of files: within a name `*`, `?`, `[a-z]` and `{a,b}`; `**` stands for any folders. Names that begin with a dot
 * match only if the pattern writes the dot.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { type FolderListing, listBelow } from './list-folder.ts';
import { type FileSnapshot, snapshotOf } from './signature.ts';

/** A pattern, and others whose matches it leaves out; a folder that one of `except` matches is not entered. */
export interface FileChoice {
  readonly pattern: string;
  readonly except: readonly string[];
}

export interface ChosenFiles {
  /** Relative to the root, in code-unit order. */
  readonly files: readonly string[];
  /** Those of the files that are links. */
  readonly links: readonly string[];
  /** The state of each folder before its names were read. */
  readonly folders: ReadonlyMap<string, FileSnapshot>;
}

/** The parts of a pattern between slashes: null stands for `**`. */
type Parts = readonly (((name: string) => boolean) | null)[];

/** Positions in the parts that a path has reached: a match if one is the end. */
type Reached = ReadonlySet<number>;

const namesIn = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

const partsOf = (pattern: string, dot: boolean): Parts =>
  namesIn(pattern).map((part) => (part === '**' ? null : picomatch(part, { dot, nonegate: true, noextglob: true })));

/** `**` may stand for no folder at all. */
function withSkipped(parts: Parts, positions: Iterable<number>): Reached {
  const reached = new Set(positions);
  for (const position of reached) if (parts[position] === null) reached.add(position + 1);
  return reached;
}

function reachedBy(path: string, parts: Parts, dot: boolean): Reached {
  let reached = withSkipped(parts, [0]);
  for (const name of namesIn(path)) {
    const next = [...reached].flatMap((position) => {
      const part = parts[position];
      if (part === null) return dot || !name.startsWith('.') ? [position] : [];
      return part?.(name) ? [position + 1] : [];
    });
    reached = withSkipped(parts, next);
  }
  return reached;
}

interface Matcher {
  matches(file: string): boolean;
  /** Whether a file below a folder can match. */
  enters(folder: string): boolean;
}

function matcherOf({ pattern, except }: FileChoice): Matcher {
  const parts = partsOf(pattern, false);
  const excepted = except.map((text) => partsOf(text, true));
  const isExcepted = (path: string) => excepted.some((those) => reachedBy(path, those, true).has(those.length));
  return {
    matches: (file) => reachedBy(file, parts, false).has(parts.length) && !isExcepted(file),
    enters(folder) {
      const names = namesIn(folder);
      const isLeftOut = names.some((_, i) => isExcepted(names.slice(0, i + 1).join('/')));
      return !isLeftOut && [...reachedBy(folder, parts, false)].some((position) => position < parts.length);
    },
  };
}

/** The folder that holds all matches: the names before the first one with a wildcard. */
export function fixedFolder(pattern: string): string {
  const names = namesIn(pattern);
  const wild = names.findIndex((name) => /[*?[\]{}()\\]/.test(name));
  return names.slice(0, wild === -1 ? -1 : wild).join('/');
}

/** Whether files below a folder can match; paths are relative to the root. */
export const canMatchBelow = (choice: FileChoice, folder: string): boolean => matcherOf(choice).enters(folder);

/** Lists the files that match; links to files count, links to folders are not followed. */
export function listMatching(root: string, choice: FileChoice): ChosenFiles {
  const { matches, enters } = matcherOf(choice);
  const base = fixedFolder(choice.pattern);
  const folders = new Map<string, FileSnapshot>();
  const start = join(root, base);
  if (!enters(base) || !isFolder(start)) return { files: [], links: [], folders };
  const named = (relative: string) => (base === '' ? relative : `${base}/${relative}`);
  const listed: FolderListing = listBelow(
    start,
    (folder) => {
      const snapshot = snapshotOf(folder);
      if (snapshot) folders.set(folder, snapshot);
    },
    (relative) => enters(named(relative)),
  );
  const chosen = (names: readonly string[]) => names.map(named).filter(matches);
  const links = chosen(listed.links).filter((name) => !isFolder(join(root, name)));
  return { files: [...chosen(listed.files), ...links, ...chosen(listed.others)].sort(), links, folders };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
