/** The environment of a shell command: only PATH comes from the caller. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ScratchFolder } from './scratch-folders.ts';

/**
 * Set for every action, so that results do not depend on the user's time zone and language. C.UTF-8 reads text as UTF-8
 * and sorts by bytes.
 */
const FIXED_ENV = { TZ: 'UTC', LANG: 'C.UTF-8' } as const;

/**
 * `folder`: the pipeline's folder, whose installed packages' programs come first on the PATH. A command that runs there
 * gets the user's HOME. `overrides` replaces fixed variables, not the step's.
 */
export function environmentOf(
  { env, cwd }: { readonly env: { readonly [name: string]: string }; readonly cwd: 'room' | 'project' },
  { scratch: { temporary }, folder }: { readonly scratch: ScratchFolder; readonly folder: string },
  overrides: { readonly [name: string]: string } = {},
): { readonly [name: string]: string } {
  const { HOME = '' } = process.env;
  const programs = join(folder, 'node_modules/.bin');
  return {
    PATH: existsSync(programs) ? `${programs}:${searchPath()}` : searchPath(),
    HOME: cwd === 'project' ? HOME : temporary,
    TMPDIR: temporary,
    ...FIXED_ENV,
    ...overrides,
    ...env,
  };
}

/** The PATH, with relative folders resolved against the folder in which the run was started. */
export const searchPath = (): string =>
  (process.env.PATH ?? '')
    .split(':')
    .map((folder) => resolve(folder))
    .join(':');
