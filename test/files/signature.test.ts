import { linkSync, mkdirSync, renameSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blobSignature, fileSignature, isRacy } from '../../src/files/signature.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

test('a file has one as long as nothing happens to it', () => {
  const path = put(join(temporaryFolder(), 'file'), 'abc');
  expect(fileSignature(path)).toMatch(/^\d+:\d+:3:\d{19}:\d{19}$/);
  expect(fileSignature(path)).toBe(fileSignature(path));
  expect(blobSignature(path)).toMatch(/^\d+:3:\d{19}$/);
});

test('another size, another time, or another file in its place changes both', () => {
  const folder = temporaryFolder();
  const path = put(join(folder, 'file'), 'abc');
  const both = () => [fileSignature(path), blobSignature(path)];
  const seen = [both()];
  put(path, 'abcd');
  seen.push(both());
  utimesSync(path, 1000, 1000);
  seen.push(both());
  const other = put(join(folder, 'other'), 'abcd');
  utimesSync(other, 1000, 1000);
  renameSync(other, path);
  seen.push(both());
  expect(new Set(seen.map(([file]) => file)).size).toBe(4);
  expect(new Set(seen.map(([, blob]) => blob)).size).toBe(4);
});

test('a further hard link does not change that of a blob', () => {
  const folder = temporaryFolder();
  const path = put(join(folder, 'file'), 'abc');
  const before = blobSignature(path);
  linkSync(path, join(folder, 'link'));
  expect(blobSignature(path)).toBe(before);
  expect(blobSignature(join(folder, 'link'))).toBe(before);
});

test('what is not there has none: no file, no folder, a file in the place of a folder, a dangling link', () => {
  const folder = temporaryFolder();
  put(join(folder, 'file'), '');
  symlinkSync('nowhere', join(folder, 'link'));
  for (const path of ['none', 'none/below', 'file/below', 'link']) {
    expect(fileSignature(join(folder, path)), path).toBeUndefined();
    // A link in the store or in out/ is looked at itself, and never followed.
    if (path !== 'link') expect(blobSignature(join(folder, path)), path).toBeUndefined();
    expect(isRacy(join(folder, path)), path).toBe(false);
  }
});

test('what changed within the last tick of the kernel’s clock is racy', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'sub'));
  for (const path of [put(join(folder, 'file'), 'abc'), join(folder, 'sub')]) {
    const { ctimeNs } = statSync(path, { bigint: true });
    expect(isRacy(path, ctimeNs)).toBe(true);
    expect(isRacy(path, ctimeNs + 19_000_000n)).toBe(true);
    expect(isRacy(path, ctimeNs + 21_000_000n)).toBe(false);
    // An old mtime can be given to a file, an old ctime cannot.
    utimesSync(path, 1000, 1000);
    expect(isRacy(path, statSync(path, { bigint: true }).ctimeNs)).toBe(true);
  }
});
