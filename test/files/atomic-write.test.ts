import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAside, writeAsideAsync } from '../../src/files/atomic-write.ts';
import { program, together } from '../store/processes.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

test('writes text and bytes, makes folders, replaces what was there, and leaves nothing beside it', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a/b/file');
  writeAside(path, 'längst vorbei');
  expect(readFileSync(path, 'utf8')).toBe('längst vorbei');
  writeAside(path, new Uint8Array([1, 2]));
  expect(readFileSync(path)).toEqual(Buffer.from([1, 2]));
  writeAside(path, '');
  expect(statSync(path).size).toBe(0);
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['file']);
});

test('when the rename fails nothing is left behind and what was there stands', () => {
  const folder = temporaryFolder();
  put(join(folder, 'taken/file'), 'mine');
  expect(() => writeAside(join(folder, 'taken'), 'text')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(['taken']);
  expect(readFileSync(join(folder, 'taken/file'), 'utf8')).toBe('mine');
});

test('without waiting, it writes the same and leaves as little behind', async () => {
  const folder = temporaryFolder();
  await Promise.all(['a', 'b', 'c'].map((name) => writeAsideAsync(join(folder, 'sub', name), name)));
  expect(
    readdirSync(join(folder, 'sub')).map((name) => [name, readFileSync(join(folder, 'sub', name), 'utf8')]),
  ).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ]);
  put(join(folder, 'taken/file'), 'mine');
  await expect(writeAsideAsync(join(folder, 'taken'), 'text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(['sub', 'taken']);
});

test('a folder that cannot be made is the caller’s to hear of', () => {
  const folder = temporaryFolder();
  put(join(folder, 'file'), '');
  expect(() => writeAside(join(folder, 'file/below'), 'text')).toThrow();
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a reader sees one whole content or another, never a part', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'file');
  mkdirSync(folder, { recursive: true });
  writeAside(path, '0'.repeat(100_000));
  const writer = program(`
    import { writeAside, writeAsideAsync } from './files/atomic-write.ts';
    const [, , own, path] = process.argv;
    for (let i = 0; i < 30; i++) writeAside(path!, own!.repeat(100_000));
  `);
  let done = false;
  const writing = together(2, writer, path).finally(() => {
    done = true;
  });
  let reads = 0;
  while (!done) {
    const text = readFileSync(path, 'utf8');
    expect(text === text.slice(0, 1).repeat(100_000)).toBe(true);
    reads++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  expect(reads).toBeGreaterThan(10);
  expect(readdirSync(folder)).toEqual(['file']);
});
