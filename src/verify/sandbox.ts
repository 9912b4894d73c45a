/** Restricts a process that executes an action again: Node's permission model limits its files, `unshare` its network. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskCode } from '../load/load-tasks.ts';
import { closureOf, packageOf } from '../load/packages.ts';

/** The folder of this build, which holds `verify-worker.js`. */
const DIST = fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '');

const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

export interface Allowed {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Whether native code may be loaded. It can do anything, so only for figures, which need it to render PNG. */
  readonly addons: boolean;
}

export function permissionFlags({ reads, writes, addons }: Allowed): string[] {
  return [
    PERMISSION,
    ...outermost(reads).map((path) => `--allow-fs-read=${path}`),
    ...outermost(writes).map((path) => `--allow-fs-write=${path}`),
    ...(addons ? ['--allow-addons'] : []),
  ];
}

/** Files that are read to load the engine and its npm packages. */
export const engineReads = (): readonly string[] => [DIST, ...packageReads([join(DIST, 'cli.js')])];

/** Files that are read to load the npm packages of a task. */
export const codeReads = ({ sources }: TaskCode): readonly string[] =>
  packageReads(
    sources.filter((path) => path.endsWith(`${sep}package.json`) && path.includes(`${sep}node_modules${sep}`)),
  );

/** The packages of these files and their dependencies, with the folders in which Node looks for them. */
function packageReads(files: readonly string[]): readonly string[] {
  const owners = files.flatMap((file) => packageOf(file) ?? []);
  return closureOf(owners).packages.flatMap(({ root }) => [join(root, 'package.json'), ...installed(root)]);
}

function installed(root: string): string[] {
  const found = /[\\/]node_modules[\\/]/.test(root) ? [root] : [];
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) found.push(modules);
    if (folder === dirname(folder)) return found;
  }
}

/** The given paths and their real paths, without paths inside another of them. */
function outermost(paths: readonly string[]): string[] {
  const all = new Set(paths.flatMap((path) => [path, realpathSync(path)]));
  const isWithin = (path: string) => {
    for (let above = dirname(path); above !== dirname(above); above = dirname(above)) if (all.has(above)) return true;
    return false;
  };
  return [...all].filter((path) => !isWithin(path));
}

/** The words before a command that take the network away from it; empty if the system does not allow that. */
export function withoutNetwork(): readonly string[] {
  const words = ['--net', ...(process.getuid?.() === 0 ? [] : ['--map-current-user']), '--'];
  return spawnSync('unshare', [...words, 'true'], { stdio: 'ignore' }).status === 0 ? ['unshare', ...words] : [];
}
