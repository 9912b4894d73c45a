import { renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRedirected, tracePath } from '../../src/files/path-trace.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

/** `link/in.txt` leads over a link to a link to a folder. */
function set() {
  const folder = temporaryFolder();
  put(join(folder, 'data/set/in.txt'), 'good');
  put(join(folder, 'other/in.txt'), 'evil');
  symlinkSync('data/set', join(folder, 'inner'));
  symlinkSync(join(folder, 'inner'), join(folder, 'link'));
  return { folder, file: join(folder, 'link/in.txt') };
}

const turn = (path: string, target: string) => {
  rmSync(path);
  symlinkSync(target, path);
};

test('tracePath lists every link and folder that a path leads through', () => {
  const { folder, file } = set();
  const passed = [...tracePath(file).keys()]
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length));
  expect(passed.sort()).toEqual(['', '/data', '/data/set', '/inner', '/link']);
});

test('tracePath includes the last part of the path if it is a link', () => {
  const { folder } = set();
  symlinkSync('data/set/in.txt', join(folder, 'name'));
  expect(tracePath(join(folder, 'name')).has(join(folder, 'name'))).toBe(true);
});

test.each<[what: string, change: (folder: string) => void]>([
  ['the files stay as they are', () => {}],
  ['new files are made in its folders', (folder) => put(join(folder, 'data/set/new'), '')],
  ['a tool sets the time of its folder', (folder) => utimesSync(join(folder, 'data/set'), 1000, 1000)],
])('isRedirected returns false if %s', (_, change) => {
  const { folder, file } = set();
  const before = tracePath(file);
  change(folder);
  expect(isRedirected(before, tracePath(file), folder)).toBe(false);
});

test.each<[what: string, change: (folder: string) => void]>([
  ['a link is redirected', (folder) => turn(join(folder, 'link'), 'other')],
  [
    'a link is redirected and set back',
    (folder) => {
      turn(join(folder, 'link'), 'other');
      turn(join(folder, 'link'), join(folder, 'inner'));
    },
  ],
  [
    'a link behind a link is redirected and set back',
    (folder) => {
      turn(join(folder, 'inner'), 'other');
      turn(join(folder, 'inner'), 'data/set');
    },
  ],
  [
    'a folder is exchanged and put back',
    (folder) => {
      renameSync(join(folder, 'data/set'), join(folder, 'data/kept'));
      renameSync(join(folder, 'other'), join(folder, 'data/set'));
      renameSync(join(folder, 'data/set'), join(folder, 'other'));
      renameSync(join(folder, 'data/kept'), join(folder, 'data/set'));
    },
  ],
  [
    'a folder is exchanged and put back, and a new file in it hides that',
    (folder) => {
      renameSync(join(folder, 'data/set'), join(folder, 'data/kept'));
      renameSync(join(folder, 'other'), join(folder, 'data/set'));
      renameSync(join(folder, 'data/set'), join(folder, 'other'));
      renameSync(join(folder, 'data/kept'), join(folder, 'data/set'));
      put(join(folder, 'data/set/new'), '');
    },
  ],
  [
    'another folder takes its place',
    (folder) => {
      renameSync(join(folder, 'data/set'), join(folder, 'data/kept'));
      renameSync(join(folder, 'other'), join(folder, 'data/set'));
    },
  ],
  ['a folder of the path is removed', (folder) => rmSync(join(folder, 'data'), { recursive: true })],
])('isRedirected returns true if %s', (_, change) => {
  const { folder, file } = set();
  const before = tracePath(file);
  change(folder);
  expect(isRedirected(before, tracePath(file), folder)).toBe(true);
});

test('isRedirected ignores new files in folders above the project', () => {
  const { folder, file } = set();
  const before = tracePath(file);
  put(join(folder, 'new'), '');
  put(join(folder, 'data/new'), '');
  expect(isRedirected(before, tracePath(file), join(folder, 'data/set'))).toBe(false);
});

test('tracePath ends for links that form a cycle', () => {
  const folder = temporaryFolder();
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  expect(tracePath(join(folder, 'a/in.txt')).has(join(folder, 'b'))).toBe(true);
});
