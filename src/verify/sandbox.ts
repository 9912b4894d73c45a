/** What a process that executes an action again is allowed: by Node's permission model, and without network. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskCode } from '../load/load-tasks.ts';
import { closureOf, packageOf } from '../load/packages.ts';

/** This build's folder, where `verify-worker.js` lies. */
const DIST = fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '');

const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

export interface Allowed {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Native code, which can do anything: only for figures, whose PNG is made by it. */
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

/** What the engine and what it needs of npm read when they are loaded. */
export const engineReads = (): readonly string[] => [DIST, ...packageReads([join(DIST, 'cli.js')])];

/** What a task's npm packages read when they are loaded. */
export const codeReads = ({ sources }: TaskCode): readonly string[] =>
  packageReads(
    sources.filter((path) => path.endsWith(`${sep}package.json`) && path.includes(`${sep}node_modules${sep}`)),
  );

/** The packages that these files are in, with all that they need, and the folders in which Node looks for them. */
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

/** Under the name that was given and under the real one, without what lies in another of them. */
function outermost(paths: readonly string[]): string[] {
  const all = new Set(paths.flatMap((path) => [path, realpathSync(path)]));
  const isWithin = (path: string) => {
    for (let above = dirname(path); above !== dirname(above); above = dirname(above)) if (all.has(above)) return true;
    return false;
  };
  return [...all].filter((path) => !isWithin(path));
}

/** The words before a command that take the network away from it; none where the system does not allow it. */
export function withoutNetwork(): readonly string[] {
  const words = ['--net', ...(process.getuid?.() === 0 ? [] : ['--map-current-user']), '--'];
  return spawnSync('unshare', [...words, 'true'], { stdio: 'ignore' }).status === 0 ? ['unshare', ...words] : [];
}
