import { linkSync, mkdirSync, renameSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blobSignature, fileSignature, isRacy } from '../../src/files/signature.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

test('a file keeps its signature while it is not changed', () => {
  const path = put(join(temporaryFolder(), 'file'), 'abc');
  expect(fileSignature(path)).toMatch(/^\d+:\d+:3:\d{19}:\d{19}$/);
  expect(fileSignature(path)).toBe(fileSignature(path));
  expect(blobSignature(path)).toMatch(/^\d+:3:\d{19}$/);
});

test('another size, another time or another file changes both kinds of signature', () => {
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

test('a new hard link does not change a blob’s signature', () => {
  const folder = temporaryFolder();
  const path = put(join(folder, 'file'), 'abc');
  const before = blobSignature(path);
  linkSync(path, join(folder, 'link'));
  expect(blobSignature(path)).toBe(before);
  expect(blobSignature(join(folder, 'link'))).toBe(before);
});

test('a missing file, a missing folder, a path through a file and a dangling link have no signature', () => {
  const folder = temporaryFolder();
  put(join(folder, 'file'), '');
  symlinkSync('nowhere', join(folder, 'link'));
  for (const path of ['none', 'none/below', 'file/below', 'link']) {
    expect(fileSignature(join(folder, path)), path).toBeUndefined();
    // blobSignature never follows a link.
    if (path !== 'link') expect(blobSignature(join(folder, path)), path).toBeUndefined();
    expect(isRacy(join(folder, path)), path).toBe(false);
  }
});

test('a file that changed within the last tick of the kernel’s clock is racy', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'sub'));
  for (const path of [put(join(folder, 'file'), 'abc'), join(folder, 'sub')]) {
    const { ctimeNs } = statSync(path, { bigint: true });
    expect(isRacy(path, ctimeNs)).toBe(true);
    expect(isRacy(path, ctimeNs + 19_000_000n)).toBe(true);
    expect(isRacy(path, ctimeNs + 21_000_000n)).toBe(false);
    // A program can set an old mtime, but not an old ctime.
    utimesSync(path, 1000, 1000);
    expect(isRacy(path, statSync(path, { bigint: true }).ctimeNs)).toBe(true);
  }
});
