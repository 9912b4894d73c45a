import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doubtOf, type FileSystem, fileSystemOf, proofOf } from '../../src/files/file-system.ts';
import { snapshotOf } from '../../src/files/signature.ts';
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
  ['a disk or an image with times of whole seconds', WHOLE, on(EXT4, 'boot.1'), 'medium'],
  ['a disk with times of whole seconds and an unknown medium', WHOLE, on(EXT4), 'nothing'],
  ['an image', FINE, on(SQUASHFS, 'boot.1'), 'medium'],
  ['an image that is mounted without a device', FINE, on(SQUASHFS), 'nothing'],
  ['FUSE', FINE, on(FUSE), 'nothing'],
  ['FUSE on a device', FINE, on(FUSE, 'boot.1'), 'nothing'],
] as const)('proofOf tells which facts prove the content of a file on %s', (_, ctimeNs, fileSystem, expected) => {
  expect(proofOf(ctimeNs, fileSystem)).toBe(expected);
});

test('a timestamp of a whole second is doubtful for a second, a finer timestamp for a tick of the kernel', () => {
  expect(doubtOf(FINE)).toBe(20_000_000n);
  expect(doubtOf(WHOLE)).toBe(1_020_000_000n);
});

test('another medium in the device changes the signatures of an image’s files, but not those of a disk’s files', () => {
  const path = put(join(temporaryFolder(), 'file'), 'abc');
  const signature = (type: number, medium: string) => snapshotOf(path, undefined, on(type, medium))?.signature;
  expect(signature(SQUASHFS, 'boot.1')).not.toBe(signature(SQUASHFS, 'boot.2'));
  expect(signature(EXT4, 'boot.1')).toBe(signature(EXT4, 'boot.2'));
  expect(snapshotOf(path, undefined, on(SQUASHFS))).toMatchObject({ proves: false });
  expect(snapshotOf(path, undefined, on(FUSE))).toMatchObject({ proves: false });
});

test('snapshotOf tells how long to wait before a file’s signature proves its content', () => {
  const path = put(join(temporaryFolder(), 'file'), 'abc');
  const { ctimeNs } = statSync(path, { bigint: true });
  const waitMs = (age: bigint, type = EXT4) => snapshotOf(path, ctimeNs + age, on(type, 'boot.1'))?.waitMs;
  expect(waitMs(0n)).toBe(20);
  expect(waitMs(15_000_000n)).toBe(5);
  expect(waitMs(20_000_000n)).toBe(0);
  // A timestamp in the future does not tell the file's age.
  expect(waitMs(-5_000_000_000n)).toBe(20);
  // Nor does a timestamp by a server's clock.
  expect(waitMs(60_000_000_000n, NFS)).toBe(20);
  expect(waitMs(7200_000_000_000n, NFS)).toBe(0);
});

test('fileSystemOf caches its answer by device, and accepts a path that no longer exists', () => {
  const folder = temporaryFolder();
  const { dev } = statSync(folder, { bigint: true });
  expect(fileSystemOf(dev, folder)).toEqual({ type: expect.any(Number), medium: fileSystemOf(dev, folder).medium });
  expect(fileSystemOf(-1n, join(folder, 'none'))).toEqual({ type: Number.NaN, medium: null });
});
