import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doubtOf, type FileSystem, fileSystemOf, worthOf } from '../../src/files/file-system.ts';
import { lookAt } from '../../src/files/signature.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

const EXT4 = 0xef53;
const SQUASHFS = 0x73717368;
const FUSE = 0x65735546;
const NFS = 0x6969;

const on = (type: number, medium: string | null = null): FileSystem => ({ type, medium });
const FINE = 1_700_000_000_123_456_789n;
const WHOLE = 1_700_000_000_000_000_000n;

test.each([
  ['a disk of this machine', FINE, on(EXT4, 'boot.1'), 'change'],
  ['a server', FINE, on(NFS), 'change'],
  ['a disk that stamps with whole seconds, or an image of such times', WHOLE, on(EXT4, 'boot.1'), 'medium'],
  ['the same where nobody says which disk is there', WHOLE, on(EXT4), 'nothing'],
  ['an image', FINE, on(SQUASHFS, 'boot.1'), 'medium'],
  ['an image that is mounted without a device', FINE, on(SQUASHFS), 'nothing'],
  ['FUSE', FINE, on(FUSE), 'nothing'],
  ['FUSE on a device', FINE, on(FUSE, 'boot.1'), 'nothing'],
] as const)('what the times of %s prove', (_, ctimeNs, fileSystem, expected) => {
  expect(worthOf(ctimeNs, fileSystem)).toBe(expected);
});

test('a whole second is in doubt for a second, and a finer time for a tick of the kernel', () => {
  expect(doubtOf(FINE)).toBe(20_000_000n);
  expect(doubtOf(WHOLE)).toBe(1_020_000_000n);
});

test('another medium in the same device gives an image’s file another signature, and a disk’s file the same one', () => {
  const path = put(join(temporaryFolder(), 'file'), 'abc');
  const signature = (type: number, medium: string) => lookAt(path, undefined, on(type, medium))?.signature;
  expect(signature(SQUASHFS, 'boot.1')).not.toBe(signature(SQUASHFS, 'boot.2'));
  expect(signature(EXT4, 'boot.1')).toBe(signature(EXT4, 'boot.2'));
  expect(lookAt(path, undefined, on(SQUASHFS))).toMatchObject({ proves: false });
  expect(lookAt(path, undefined, on(FUSE))).toMatchObject({ proves: false });
});

test('how long to wait before a file’s signature proves something', () => {
  const path = put(join(temporaryFolder(), 'file'), 'abc');
  const { ctimeNs } = statSync(path, { bigint: true });
  const waitMs = (age: bigint, type = EXT4) => lookAt(path, ctimeNs + age, on(type, 'boot.1'))?.waitMs;
  expect(waitMs(0n)).toBe(20);
  expect(waitMs(15_000_000n)).toBe(5);
  expect(waitMs(20_000_000n)).toBe(0);
  // A stamp of the future does not say how old it is.
  expect(waitMs(-5_000_000_000n)).toBe(20);
  // Nor does one by the clock of a server.
  expect(waitMs(60_000_000_000n, NFS)).toBe(20);
  expect(waitMs(7200_000_000_000n, NFS)).toBe(0);
});

test('the file system of a file is known by its device, and a path that is gone by then is no error', () => {
  const folder = temporaryFolder();
  const { dev } = statSync(folder, { bigint: true });
  expect(fileSystemOf(dev, folder)).toEqual({ type: expect.any(Number), medium: fileSystemOf(dev, folder).medium });
  expect(fileSystemOf(-1n, join(folder, 'none'))).toEqual({ type: Number.NaN, medium: null });
});
