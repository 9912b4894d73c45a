/** The environment of a shell command: nothing of the caller's but PATH. */
import { resolve } from 'node:path';
import type { Room } from './scratch-folders.ts';

/**
 * Set for every action: who starts a run, and where, cannot change a result through them. UTF-8 for those who read text,
 * the order of bytes for those who sort.
 */
const FIXED_ENV = { TZ: 'UTC', LANG: 'C.UTF-8' } as const;

/** A command that stands in the project stands there as its user, with the user's HOME. */
export function environmentOf(
  { env, cwd }: { readonly env: { readonly [name: string]: string }; readonly cwd: 'room' | 'project' },
  { temporary }: Room,
  around: { readonly [name: string]: string } = {},
): { readonly [name: string]: string } {
  const { HOME = '' } = process.env;
  return {
    PATH: searchPath(),
    HOME: cwd === 'project' ? HOME : temporary,
    TMPDIR: temporary,
    ...FIXED_ENV,
    ...around,
    ...env,
  };
}

/** Folders of the PATH that are relative are meant from where the run was started. */
export const searchPath = (): string =>
  (process.env.PATH ?? '')
    .split(':')
    .map((folder) => resolve(folder))
    .join(':');
