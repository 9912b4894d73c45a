/** The program is a shell script that calls gzip, so that it can be made to fail. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { archiveOf, tar } from '../../make-archive.ts';
import { readWhole, refusal } from '../../read-archive.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

/** Large enough for another program: an array of 32 MB, not compressed. */
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

/** Puts an `igzip` on the PATH; what it is called with is `$2`. */
function install(script: string): { wasCalled(): boolean } {
  const folder = temporaryFolder();
  const path = join(folder, 'igzip');
  writeFileSync(path, `#!/bin/sh\ntouch ${folder}/called\n${script}\n`);
  chmodSync(path, 0o755);
  process.env.PATH = `${folder}:${PATH}`;
  return { wasCalled: () => existsSync(join(folder, 'called')) };
}

const works = 'exec gzip -dc "$2"';

test('what it makes is taken, to the last byte', async () => {
  const igzip = install(works);
  const { mea, progress } = await readWhole(archiveOf(archive));
  expect(igzip.wasCalled()).toBe(true);
  expect(mea.equals(array)).toBe(true);
  expect(progress.at(-1)).toBeGreaterThan(0.99);
  expect(progress.every((fraction, i, all) => fraction >= (all[i - 1] ?? 0) && fraction <= 1)).toBe(true);
});

test('a small archive does without', async () => {
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

test('several gzip files in a row are one', async () => {
  install(works);
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
])('an archive %s is refused in the same words', async (_, change) => {
  const path = archiveOf(change(archive));
  install('exit 127');
  const without = await refusal(path);
  const igzip = install(works);
  expect(await refusal(path)).toBe(without);
  expect(igzip.wasCalled()).toBe(true);
});

test.each<[string, string]>([
  ['fails', 'gzip -dc "$2" | head -c 1000000; exit 1'],
  ['stops early', 'gzip -dc "$2" | head -c 30000000'],
  ['goes on', 'gzip -dc "$2"; head -c 512 /dev/zero'],
])('an igzip that %s is found out', async (_, script) => {
  install(script);
  expect(await refusal(archiveOf(archive))).toBe(
    'igzip cannot read 2099_patch1.tar.gz and zlib can: run it again, or without igzip on the PATH',
  );
});

test('it ends when the reading is given up', async () => {
  const folder = temporaryFolder();
  install(`echo $$ > ${folder}/pid; exec sleep 1000`);
  const given = new AbortController();
  const reading = readWhole(archiveOf(archive), given.signal);
  await expect.poll(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8')).toMatch(/\n/);
  given.abort();
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
