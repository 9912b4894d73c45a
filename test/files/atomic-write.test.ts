import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAtomic, writeAtomicAsync } from '../../src/files/atomic-write.ts';
import { program, together } from '../store/processes.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

test('writeAtomic writes text and bytes, makes folders, replaces files, and leaves no temporary file', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a/b/file');
  writeAtomic(path, 'längst vorbei');
  expect(readFileSync(path, 'utf8')).toBe('längst vorbei');
  writeAtomic(path, new Uint8Array([1, 2]));
  expect(readFileSync(path)).toEqual(Buffer.from([1, 2]));
  writeAtomic(path, '');
  expect(statSync(path).size).toBe(0);
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['file']);
});

test('writeAtomic leaves the target as it was, and no temporary file, if the rename fails', () => {
  const folder = temporaryFolder();
  put(join(folder, 'taken/file'), 'mine');
  expect(() => writeAtomic(join(folder, 'taken'), 'text')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(['taken']);
  expect(readFileSync(join(folder, 'taken/file'), 'utf8')).toBe('mine');
});

test('writeAtomicAsync writes files, and leaves no temporary file if the rename fails', async () => {
  const folder = temporaryFolder();
  await Promise.all(['a', 'b', 'c'].map((name) => writeAtomicAsync(join(folder, 'sub', name), name)));
  expect(
    readdirSync(join(folder, 'sub')).map((name) => [name, readFileSync(join(folder, 'sub', name), 'utf8')]),
  ).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ]);
  put(join(folder, 'taken/file'), 'mine');
  await expect(writeAtomicAsync(join(folder, 'taken'), 'text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(['sub', 'taken']);
});

test('writeAtomic throws if the folder cannot be made', () => {
  const folder = temporaryFolder();
  put(join(folder, 'file'), '');
  expect(() => writeAtomic(join(folder, 'file/below'), 'text')).toThrow();
  expect(readdirSync(folder)).toEqual(['file']);
});

test('readers see the whole old content or the whole new content while writeAtomic replaces a file', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'file');
  mkdirSync(folder, { recursive: true });
  writeAtomic(path, '0'.repeat(100_000));
  const writer = program(`
    import { writeAtomic, writeAtomicAsync } from './files/atomic-write.ts';
    const [, , own, path] = process.argv;
    for (let i = 0; i < 30; i++) writeAtomic(path!, own!.repeat(100_000));
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
