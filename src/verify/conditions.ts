/**
 * Conditions that a result must not depend on, and that a fresh process is given otherwise than a run's
 * threads have them. Its clock, its process id and its random numbers are others by themselves.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Half past the hour off Greenwich, ahead of everybody; a comma in numbers, and an i that loses its dot. */
export const OTHER_ENV = { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } as const;

/** For commands: a locale that every system has. Theirs is C in a run, whatever the caller's is. */
export const OTHER_SHELL_ENV = { TZ: 'Pacific/Chatham', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' } as const;

/** Before any task is loaded: what it imports of `node:fs` is what this leaves there. */
export function changeConditions(): void {
  process.umask(0o077);
  reverseFolders();
  skipFsync();
  syncBuiltinESMExports();
}

/** The order in which a folder lists its names is the file system's. Recursive lists keep theirs: parents first. */
function reverseFolders(): void {
  const { readdir, readdirSync } = fs;
  const { readdir: readdirLater } = fs.promises;
  const turned = <T>(names: T, options: unknown): T =>
    Array.isArray(names) && !(options as { readonly recursive?: boolean } | null)?.recursive
      ? (names.reverse() as T)
      : names;
  Object.assign(fs, {
    readdir: (path: fs.PathLike, ...rest: unknown[]) => {
      const done = rest.pop() as (error: Error | null, names?: unknown) => void;
      (readdir as (...all: unknown[]) => void)(path, ...rest, (error: Error | null, names: unknown) =>
        done(error, turned(names, rest[0])),
      );
    },
    readdirSync: (path: fs.PathLike, options?: never) => turned(readdirSync(path, options), options),
  });
  Object.assign(fs.promises, {
    readdir: async (path: fs.PathLike, options?: never) => turned(await readdirLater(path, options), options),
  });
}

/** Node's permission model refuses fsync altogether, and nothing that is made here is kept. */
function skipFsync(): void {
  const later = (_fd: number, done: (error: null) => void) => void setImmediate(done, null);
  Object.assign(fs, { fsync: later, fdatasync: later, fsyncSync: () => {}, fdatasyncSync: () => {} });
}
