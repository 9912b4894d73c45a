import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdsExactly, namesProblem } from '../../src/remote/folder-names.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('detects that the file system changed the names of files', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'deep'));
  for (const name of ['a', 'deep/b']) writeFileSync(join(folder, name), '');
  expect(holdsExactly(folder, ['deep/b', 'a'])).toBe(true);
  // As on a file system that takes A and a for the same file.
  expect(holdsExactly(folder, ['a', 'A', 'deep/b'])).toBe(false);
  // As on a file system that changes the form of an accent.
  expect(holdsExactly(folder, ['a', 'deep/\u00e9'])).toBe(false);
  expect(holdsExactly(folder, ['a'])).toBe(false);
});

test('a record with more than half a million files and folders is refused, even if few bytes name them', () => {
  const deep = Array.from({ length: 6000 }, (_, i) => `${i}/${'a/'.repeat(98)}b`);
  expect(namesProblem(deep.slice(0, 4000))).toBeUndefined();
  expect(namesProblem(deep)).toBe('more than 500000 files and folders');
  expect(namesProblem(Array.from({ length: 500_001 }, (_, i) => `${i}`))).toBe('more than 500000 files and folders');
});
