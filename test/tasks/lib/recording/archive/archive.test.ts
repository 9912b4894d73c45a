import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readArchive } from '../../../../../tasks/lib/recording/archive/archive.ts';
import { archiveOf, gzippedTar, type Member, tar } from '../../../make-archive.ts';
import { readWhole, refusal } from '../../../read-archive.ts';

/** Compresses poorly, so that cuts fall everywhere; larger than zlib's output chunk, so that it arrives in several. */
const big = Buffer.alloc(3_000_000);
for (let i = 0, state = 1; i < big.length; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  big[i] = state >>> 24;
}

const members = (stem = 'patch_1_MEA', mea: Uint8Array = big): Member[] => [
  [`${stem}.jpg`, 'a picture'],
  [`${stem}.juxta.raw`, 'juxta'],
  [`${stem}.raw`, mea],
  [`${stem}.triggers.npy`, 'triggers'],
  [`${stem}.txt`, 'padding = 3'],
];
const small = (stem?: string) => members(stem, Buffer.from('array'));

describe('reading an archive', () => {
  test('readArchive streams big members in chunks and returns small members whole', async () => {
    const content = await readWhole(await gzippedTar(members()));
    expect(content.mea.equals(big)).toBe(true);
    expect(content.chunks).toBeGreaterThan(2);
    expect(content.progress.every((f, i, all) => f >= (all[i - 1] ?? 0) && f <= 1)).toBe(true);
    expect(content.juxta.toString()).toBe('juxta');
    expect(content).toMatchObject({ stem: 'patch_1_MEA', meaBytes: big.length, juxtaBytes: 5, text: 'padding = 3' });
    expect(content.triggers?.toString()).toBe('triggers');
  });

  test.each<[string, Member[]]>([
    ['in another order', small().reverse()],
    ['in one folder', [['rec/', '', { type: 'directory' }], ...small('rec/patch_1_MEA')]],
    ['from `tar -C folder .`', small('./patch_1_MEA')],
    ['in one folder below `.`', small('./rec/patch_1_MEA')],
    ['beside what macOS adds', [...small(), ...small('._patch_1_MEA'), ...small('__MACOSX/._patch_1_MEA')]],
    [
      'beside a readme, deeper folders and links',
      [
        ['README.txt', 'padding = 4'],
        ['old.triggers.npy', 'old'],
        ['a/b/other.raw', 'x'],
        ['link.raw', '', { type: 'symlink', linkname: 'patch_1_MEA.raw' }],
        ...small(),
      ],
    ],
  ])('readArchive finds the members %s', async (_, list) => {
    const content = await readWhole(await gzippedTar(list));
    expect(content.mea.toString()).toBe('array');
    expect(content).toMatchObject({ stem: 'patch_1_MEA', meaBytes: 5, juxtaBytes: 5, text: 'padding = 3' });
    expect(content.triggers?.toString()).toBe('triggers');
  });

  test('readArchive accepts an archive without triggers', async () => {
    const content = await readWhole(await gzippedTar(small().filter(([name]) => !name.includes('triggers'))));
    expect(content.triggers).toBeUndefined();
  });

  test('readArchive accepts stems with dots, spaces and many characters', async () => {
    for (const stem of ['patch.3', 'patch 3', 'é'.repeat(120)]) {
      expect((await readWhole(await gzippedTar(small(stem)))).stem).toBe(stem);
    }
  });

  test('readArchive reads concatenated gzip files with zeros at the end', async () => {
    const bytes = await tar(small());
    const parts = [gzipSync(bytes.subarray(0, 700)), gzipSync(bytes.subarray(700)), Buffer.alloc(10_000)];
    expect((await readWhole(archiveOf(Buffer.concat(parts)))).mea.toString()).toBe('array');
  });
});

describe('refusing an archive', () => {
  const without = (part: string) => small().filter(([name]) => name !== `patch_1_MEA${part}`);

  test.each<[string, Member[], RegExp]>([
    [
      'no MEA file',
      without('.raw'),
      /^2099_patch1\.tar\.gz has no MEA file \(STEM\.raw\) among its 4 files: patch_1_MEA\.jpg, .*expected STEM\.raw/,
    ],
    ['no juxta trace', without('.juxta.raw'), /no juxtacellular trace \(patch_1_MEA\.juxta\.raw\)/],
    ['no text', [...without('.txt'), ['README.txt', '']], /no text file \(patch_1_MEA\.txt\) among its 5 files/],
    ['no members', [], /no MEA file \(STEM\.raw\) among its 0 files;/],
    ['two MEA files', [...small(), ['patch_2.raw', 'x']], /more than one MEA file: patch_1_MEA\.raw and patch_2\.raw/],
    ['two juxta traces', [...small(), ['b.juxta.raw', 'x']], /more than one juxtacellular trace/],
    [
      'the same MEA file twice',
      [...small(), ['patch_1_MEA.raw', 'x']],
      /more than one MEA file: patch_1_MEA\.raw, twice/,
    ],
    ['a text twice', [...small(), ['./patch_1_MEA.txt', 'x']], /more than one text file: patch_1_MEA\.txt, twice/],
    [
      'different stems',
      [...without('.juxta.raw'), ['b.juxta.raw', 'x']],
      /MEA file is patch_1_MEA\.raw but the .* b\.juxta\.raw; expected patch_1_MEA\.juxta\.raw/,
    ],
    ['different folders', [...without('.juxta.raw'), ['a/patch_1_MEA.juxta.raw', 'x']], /same stem/],
  ])('readArchive refuses an archive with %s', async (_, list, message) => {
    expect(await refusal(await gzippedTar(list))).toMatch(message);
  });

  test('readArchive refuses a text of more than 64 MB', async () => {
    const list = [...without('.txt'), ['patch_1_MEA.txt', Buffer.alloc((64 << 20) + 1)] as const];
    const path = archiveOf(gzipSync(await tar(list), { level: 1 }));
    expect(await refusal(path)).toMatch(/patch_1_MEA\.txt has 67108865 bytes, too many/);
  });

  test('readArchive refuses an archive cut off at any byte', async () => {
    const whole = readFileSync(await gzippedTar(members()));
    const cuts = [0, 1, 2, 9, 10, 11, 300, 1 << 20, 2_000_000, whole.length - 9, whole.length - 8, whole.length - 1];
    for (const cut of cuts) {
      const message = await refusal(archiveOf(whole.subarray(0, cut)));
      expect(message).toMatch(
        cut < 2 ? `has ${cut} bytes, expected a .tar.gz` : `(${cut} bytes) is cut off: it ends inside`,
      );
    }
  });

  test('readArchive refuses a tar that was cut off before compression', async () => {
    const whole = await tar(members());
    for (const cut of [1, 511, 1000, 100_000, whole.length - 3000]) {
      expect(await refusal(archiveOf(gzipSync(whole.subarray(0, cut))))).toMatch('is cut off inside');
    }
  });

  test('readArchive refuses a cut second gzip file', async () => {
    const bytes = await tar(small());
    const parts = [gzipSync(bytes.subarray(0, 700)), gzipSync(bytes.subarray(700)).subarray(0, -1)];
    expect(await refusal(archiveOf(Buffer.concat(parts)))).toMatch('is cut off');
  });

  test('readArchive refuses an archive with a flipped bit in data or checksum', async () => {
    const whole = readFileSync(await gzippedTar(members()));
    for (const at of [1_500_000, whole.length - 8, whole.length - 1]) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      expect(await refusal(archiveOf(flipped))).toMatch(`(${whole.length} bytes) is damaged`);
    }
  });

  test('readArchive refuses bytes after the end', async () => {
    const whole = readFileSync(await gzippedTar(small()));
    for (const tail of ['junk', '\0\0\0junk', `${'\0'.repeat(200_000)}j`]) {
      expect(await refusal(archiveOf(Buffer.concat([whole, Buffer.from(tail)])))).toMatch(
        'has something else after its',
      );
    }
  });

  test('readArchive refuses a file that is no gzip file or holds no tar', async () => {
    const whole = readFileSync(await gzippedTar(small()));
    expect(await refusal(archiveOf(gunzipSync(whole)))).toMatch(
      /is not a gzip file: it starts with the bytes 70 61, expected 1f 8b/,
    );
    expect(await refusal(archiveOf(gzipSync(Buffer.alloc(5000, 'x'))))).toMatch('holds no valid tar archive');
  });
});

test('readArchive rejects with the error that a sink throws', async () => {
  const full = new Error('no space left');
  const sinks = {
    mea: () => {
      throw full;
    },
    juxta: () => {},
  };
  await expect(readArchive(await gzippedTar(members()), sinks)).rejects.toBe(full);
});

test('readArchive rejects with ENOENT for a missing file', async () => {
  await expect(readWhole('missing.tar.gz')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('readArchive stops when it is aborted', async () => {
  const controller = new AbortController();
  const sinks = { mea: () => controller.abort(), juxta: () => {} };
  const reading = readArchive(await gzippedTar(members()), sinks, { signal: controller.signal });
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
});
