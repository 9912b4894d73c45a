/** Tests run a shell script in place of igzip. It calls gzip, and can be made to fail. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { archiveOf, tar } from '../../../make-archive.ts';
import { readWhole, refusal } from '../../../read-archive.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

/** Large enough for igzip to be used: an array of 32 MB, not compressed. */
const array = Buffer.alloc(32 << 20, 'some samples');
let archive: Buffer;
beforeAll(async () => {
  const members = [
    ['patch_1_MEA.juxta.raw', 'juxta'],
    ['patch_1_MEA.raw', array],
    ['patch_1_MEA.txt', 'padding = 3'],
  ] as const;
  archive = gzipSync(await tar(members), { level: 0 });
});

/** Puts an `igzip` on the PATH; the script finds the archive's path in `$2`. */
function install(script: string): { wasCalled(): boolean } {
  const folder = temporaryFolder();
  const path = join(folder, 'igzip');
  writeFileSync(path, `#!/bin/sh\ntouch ${folder}/called\n${script}\n`);
  chmodSync(path, 0o755);
  process.env.PATH = `${folder}:${PATH}`;
  return { wasCalled: () => existsSync(join(folder, 'called')) };
}

const WORKING = 'exec gzip -dc "$2"';

test('readArchive takes every byte that igzip inflates', async () => {
  const igzip = install(WORKING);
  const { mea, progress } = await readWhole(archiveOf(archive));
  expect(igzip.wasCalled()).toBe(true);
  expect(mea.equals(array)).toBe(true);
  expect(progress.at(-1)).toBeGreaterThan(0.99);
  expect(progress.every((fraction, i, all) => fraction >= (all[i - 1] ?? 0) && fraction <= 1)).toBe(true);
});

test('readArchive does not start igzip for a small archive', async () => {
  const igzip = install('exit 1');
  await readWhole(
    archiveOf(
      gzipSync(
        await tar([
          ['a.juxta.raw', 'j'],
          ['a.raw', 'm'],
          ['a.txt', 'padding = 3'],
        ]),
      ),
    ),
  );
  expect(igzip.wasCalled()).toBe(false);
});

test('readArchive reads concatenated gzip files with igzip', async () => {
  install(WORKING);
  const cut = 20 << 20;
  const whole = await tar([
    ['a.juxta.raw', 'j'],
    ['a.raw', array],
    ['a.txt', 'padding = 3'],
  ]);
  const pieces = [whole.subarray(0, cut), whole.subarray(cut)].map((piece) => gzipSync(piece, { level: 0 }));
  expect((await readWhole(archiveOf(Buffer.concat(pieces)))).mea.equals(array)).toBe(true);
});

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['with another byte in it', (bytes) => changed(bytes, 20 << 20)],
  ['with another length', (bytes) => changed(bytes, bytes.length - 2)],
  ['with something after its end', (bytes) => Buffer.concat([bytes, Buffer.from('and so on')])],
])('igzip and zlib refuse an archive %s with the same message', async (_, change) => {
  const path = archiveOf(change(archive));
  install('exit 127');
  const without = await refusal(path);
  const igzip = install(WORKING);
  expect(await refusal(path)).toBe(without);
  expect(igzip.wasCalled()).toBe(true);
});

test.each<[string, string]>([
  ['fails', 'gzip -dc "$2" | head -c 1000000; exit 1'],
  ['stops early', 'gzip -dc "$2" | head -c 30000000'],
  ['goes on', 'gzip -dc "$2"; head -c 512 /dev/zero'],
])('readArchive detects an igzip that %s', async (_, script) => {
  install(script);
  expect(await refusal(archiveOf(archive))).toBe(
    'igzip cannot read 2099_patch1.tar.gz and zlib can: run it again, or without igzip on the PATH',
  );
});

test('igzip ends when reading is aborted', async () => {
  const folder = temporaryFolder();
  install(`echo $$ > ${folder}/pid; exec sleep 1000`);
  const controller = new AbortController();
  const reading = readWhole(archiveOf(archive), controller.signal);
  await expect.poll(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8')).toMatch(/\n/);
  controller.abort();
  await expect(reading).rejects.toThrow('aborted');
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  await expect.poll(() => isRunning(pid)).toBe(false);
});

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
