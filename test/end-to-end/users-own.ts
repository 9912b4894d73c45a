/** A folder of the user's files, and a listing that shows every change of content, rights, owner, times and links. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../src/files/digest.ts';
import { storePaths } from '../../src/store/layout.ts';

/**
 * Fills `folder` with names that the engine looks for, in case a link leads it here: outputs of an action, folders of
 * scratch folders, folders and files of a store, steps and files of `out/`.
 */
export function makeOwn(folder: string): void {
  const files = [
    'precious.txt',
    'o.txt',
    'f/a/x.txt',
    'outputs/o.txt',
    'outputs/f/a/x.txt',
    'inputs/o.txt',
    'inputs/f/a/x.txt',
    'file/out.txt',
    'out.txt',
    'lease',
    'claim',
    'leftover.tmp',
    ...['blobs', 'results', 'runs', 'tmp', 'claims', 'code', 'plans', 'last', 'up-to-date', 'kept'].flatMap((kind) => [
      `${kind}/thesis.json`,
      `${kind}/ab/thesis.tmp`,
    ]),
  ];
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), `the only copy of ${file}\n`);
  }
  mkdirSync(join(folder, 'empty'));
  symlinkSync('precious.txt', join(folder, 'link'));
  chmodSync(join(folder, 'precious.txt'), 0o600);
  chmodSync(join(folder, 'f/a/x.txt'), 0o750);
  chmodSync(join(folder, 'f'), 0o700);
}

/** A line for each file, folder and link; equal lists mean that nothing was touched. */
export function lookAt(folder: string, relative = ''): string[] {
  const path = join(folder, relative);
  const { mode, uid, gid, ino, size, mtimeNs } = lstatSync(path, { bigint: true });
  const about = [relative || '.', mode.toString(8), uid, gid, ino, mtimeNs];
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return [[...about, readlinkSync(path)].join(' ')];
  if (!stat.isDirectory()) return [[...about, size, digestOf(readFileSync(path))].join(' ')];
  const names = readdirSync(path).sort();
  return [about.join(' '), ...names.flatMap((name) => lookAt(folder, join(relative, name)))];
}

/** All files of a store whose path matches, sorted. */
export function storeFiles(root: string, pattern: RegExp): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(storePaths(root).root, name));
}
