import { renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasTurned, wayTo } from '../../src/files/path-links.ts';
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

test('the way to a file is every link and folder that its path leads through', () => {
  const { folder, file } = set();
  const passed = [...wayTo(file).keys()]
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length));
  expect(passed.sort()).toEqual(['', '/data', '/data/set', '/inner', '/link']);
});

test('a link that is itself the file is part of the way', () => {
  const { folder } = set();
  symlinkSync('data/set/in.txt', join(folder, 'name'));
  expect(wayTo(join(folder, 'name')).has(join(folder, 'name'))).toBe(true);
});

test.each<[what: string, change: (folder: string) => void]>([
  ['nothing happened', () => {}],
  ['new files came into its folders', (folder) => put(join(folder, 'data/set/new'), '')],
  ['a tool set the time of its folder', (folder) => utimesSync(join(folder, 'data/set'), 1000, 1000)],
])('%s: the way is the same', (_, change) => {
  const { folder, file } = set();
  const before = wayTo(file);
  change(folder);
  expect(hasTurned(before, wayTo(file), folder)).toBe(false);
});

test.each<[what: string, change: (folder: string) => void]>([
  ['a link is turned', (folder) => turn(join(folder, 'link'), 'other')],
  [
    'a link is turned and turned back',
    (folder) => {
      turn(join(folder, 'link'), 'other');
      turn(join(folder, 'link'), join(folder, 'inner'));
    },
  ],
  [
    'a link behind a link is turned and turned back',
    (folder) => {
      turn(join(folder, 'inner'), 'other');
      turn(join(folder, 'inner'), 'data/set');
    },
  ],
  [
    'a folder is moved away for another one and moved back',
    (folder) => {
      renameSync(join(folder, 'data/set'), join(folder, 'data/kept'));
      renameSync(join(folder, 'other'), join(folder, 'data/set'));
      renameSync(join(folder, 'data/set'), join(folder, 'other'));
      renameSync(join(folder, 'data/kept'), join(folder, 'data/set'));
    },
  ],
  [
    'a folder is moved away and back, and a new file in it hides that',
    (folder) => {
      renameSync(join(folder, 'data/set'), join(folder, 'data/kept'));
      renameSync(join(folder, 'other'), join(folder, 'data/set'));
      renameSync(join(folder, 'data/set'), join(folder, 'other'));
      renameSync(join(folder, 'data/kept'), join(folder, 'data/set'));
      put(join(folder, 'data/set/new'), '');
    },
  ],
  [
    'another folder stands there',
    (folder) => {
      renameSync(join(folder, 'data/set'), join(folder, 'data/kept'));
      renameSync(join(folder, 'other'), join(folder, 'data/set'));
    },
  ],
  ['the way ends early', (folder) => rmSync(join(folder, 'data'), { recursive: true })],
])('%s: the way has turned', (_, change) => {
  const { folder, file } = set();
  const before = wayTo(file);
  change(folder);
  expect(hasTurned(before, wayTo(file), folder)).toBe(true);
});

test('new files in a folder above the project and in the one that holds that: the way is the same', () => {
  const { folder, file } = set();
  const before = wayTo(file);
  put(join(folder, 'new'), '');
  put(join(folder, 'data/new'), '');
  expect(hasTurned(before, wayTo(file), join(folder, 'data/set'))).toBe(false);
});

test('links that lead in a circle have an end', () => {
  const folder = temporaryFolder();
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  expect(wayTo(join(folder, 'a/in.txt')).has(join(folder, 'b'))).toBe(true);
});
