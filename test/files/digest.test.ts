import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  digestOf,
  digestOfFile,
  digestOfFileSync,
  endDigest,
  filesBelow,
  startDigest,
} from '../../src/files/digest.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

const MB4 = 4 << 20;

test('digestOf returns SHA-256 as 64 hex digits', () => {
  expect(digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(digestOf(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test.each([0, 1, MB4 - 1, MB4, MB4 + 1, 2 * MB4])('digestOfFile hashes a file of %d bytes', async (length) => {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i += 4093) bytes[i] = i;
  const path = put(join(temporaryFolder(), 'file'), bytes);
  const expected = createHash('sha256').update(bytes).digest('hex');
  expect(await digestOfFile(path)).toBe(expected);
  expect(digestOfFileSync(path)).toBe(expected);
});

test('hashing in pieces gives the same digest', () => {
  const started = startDigest();
  started.update('ab').update(new Uint8Array()).update('c');
  expect(endDigest(started)).toBe(digestOf('abc'));
});

describe('filesBelow', () => {
  test('lists the files of all subfolders in the order of code units', () => {
    const folder = temporaryFolder();
    for (const path of ['b', 'a/z', 'a.b', 'a/B', 'a/b/c', 'é', '.hidden']) put(join(folder, path), '');
    mkdirSync(join(folder, 'empty'));
    symlinkSync('b', join(folder, 'link'));
    expect(filesBelow(folder)).toEqual(['.hidden', 'a.b', 'a/B', 'a/b/c', 'a/z', 'b', 'link', 'é']);
  });

  test('calls onFolder for every folder', () => {
    const folder = temporaryFolder();
    put(join(folder, 'a/b/c'), '');
    mkdirSync(join(folder, 'empty'));
    const told: string[] = [];
    filesBelow(folder, (path) => told.push(path));
    expect(told.sort()).toEqual(['', 'a', 'a/b', 'empty'].map((path) => join(folder, path)));
  });
});
