/**
 * Conditions that a result must not depend on. A fresh process gets other conditions than the threads of a run. Its clock,
 * its process id and its random numbers differ anyway.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** UTC+12:45; Turkish locale (decimal comma, dotless i). */
export const OTHER_ENV = { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } as const;

/** For shell commands: a locale that every system has. A run gives them the locale C. */
export const OTHER_SHELL_ENV = { TZ: 'Pacific/Chatham', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' } as const;

/** Call this before any task is loaded, because tasks import the changed functions of `node:fs`. */
export function changeConditions(): void {
  process.umask(0o077);
  reverseFolders();
  skipFsync();
  syncBuiltinESMExports();
}

/** Reverses folder listings, whose order a file system may choose. Keeps recursive ones, which list parents first. */
function reverseFolders(): void {
  const { readdir, readdirSync } = fs;
  const { readdir: readdirLater } = fs.promises;
  const reversed = <T>(names: T, options: unknown): T =>
    Array.isArray(names) && !(options as { readonly recursive?: boolean } | null)?.recursive
      ? (names.reverse() as T)
      : names;
  Object.assign(fs, {
    readdir: (path: fs.PathLike, ...rest: unknown[]) => {
      const callback = rest.pop() as (error: Error | null, names?: unknown) => void;
      (readdir as (...all: unknown[]) => void)(path, ...rest, (error: Error | null, names: unknown) =>
        callback(error, reversed(names, rest[0])),
      );
    },
    readdirSync: (path: fs.PathLike, options?: never) => reversed(readdirSync(path, options), options),
  });
  Object.assign(fs.promises, {
    readdir: async (path: fs.PathLike, options?: never) => reversed(await readdirLater(path, options), options),
  });
}

/** Node's permission model refuses fsync altogether, and no output of this process is stored. */
function skipFsync(): void {
  const later = (_fd: number, callback: (error: null) => void) => void setImmediate(callback, null);
  Object.assign(fs, { fsync: later, fdatasync: later, fsyncSync: () => {}, fdatasyncSync: () => {} });
}
