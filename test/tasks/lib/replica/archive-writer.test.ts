import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { gzipWriter } from '../../../../tasks/lib/replica/gzip.ts';
import { tarHeader } from '../../../../tasks/lib/replica/tar.ts';
import { tarGzip } from '../../../../tasks/lib/replica/tar-gzip.ts';
import { membersOf } from './oracle.ts';

/** Copies chunks, which are valid during the call only. */
function collector() {
  const chunks: Buffer[] = [];
  return { sink: (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk)), bytes: () => Buffer.concat(chunks) };
}

function gzip(level: number, parts: readonly Uint8Array[]): Buffer {
  const { sink, bytes } = collector();
  const writer = gzipWriter(level, sink);
  for (const part of parts) writer.write(part);
  writer.end();
  return bytes();
}

const content = (length: number) => Buffer.from(Array.from({ length }, (_, i) => (i * i) >>> 3));

test('gunzip reads the bytes that gzipWriter wrote from any chunks', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 9 }), (chunks, level) => {
      expect(gunzipSync(gzip(level, chunks)).equals(Buffer.concat(chunks))).toBe(true);
    }),
  );
});

test.each([0, 1, 65_534, 65_535, 65_536, 16 * 65_535 - 1, 16 * 65_535, 16 * 65_535 + 1, 2_500_000])(
  'gunzip reads %d bytes, around the sizes of blocks and pieces',
  (length) => {
    const bytes = content(length);
    const half = length >> 1;
    for (const level of [0, 1]) {
      expect(gunzipSync(gzip(level, [bytes.subarray(0, half), bytes.subarray(half)])).equals(bytes)).toBe(true);
    }
  },
);

test('gzipWriter at level 0 writes stored blocks, the same bytes everywhere', () => {
  expect(gzip(0, [Buffer.from('ab'), Buffer.from('c')]).toString('hex')).toBe(
    ['1f8b08000000000000ff', '000300fcff616263', '010000ffff', 'c2412435', '03000000'].join(''),
  );
  const digest = createHash('sha256')
    .update(gzip(0, [content(300_000)]))
    .digest('hex');
  expect(digest).toBe('6bf9ef9d15e241e74b801758c21b69bd3d6029afdda22e47c53319e016cc7751');
});

test('tarGzip writes names and contents, without date or owner', async () => {
  const { sink, bytes } = collector();
  const archive = tarGzip(0, sink);
  const files = new Map([0, 1, 511, 512, 513].map((length) => [`file.${length}`, content(length)]));
  for (const [name, bytesOf] of files)
    await archive.file(name, bytesOf.length, [bytesOf.subarray(0, 300), bytesOf.subarray(300)]);
  archive.end();
  expect(await membersOf(bytes())).toEqual(files);
  const plain = gunzipSync(bytes());
  expect(plain.length % 512).toBe(0);
  expect(plain.subarray(-1024).equals(Buffer.alloc(1024))).toBe(true);
});

test('tarGzip rejects a file whose content has another size than announced', async () => {
  await expect(tarGzip(0, () => {}).file('a', 3, [Buffer.from('ab')])).rejects.toThrow('a: 2 bytes for an entry of 3');
});

test.each([0, 3_072_001_871, 8 ** 11 - 1, 8 ** 11, 40_000_000_000])(
  'tarHeader writes a header for %d bytes',
  async (size) => {
    const tar = extract();
    const header = await new Promise<unknown>((resolve) => {
      tar.on('entry', resolve);
      tar.write(tarHeader('patch_1_MEA.raw', size));
    });
    tar.destroy();
    const epoch = new Date(0);
    expect(header).toMatchObject({
      name: 'patch_1_MEA.raw',
      size,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: epoch,
      type: 'file',
    });
  },
);
