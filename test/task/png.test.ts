import { createHash } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePng } from '../../src/task/png.ts';

/** Few colours in runs, as figures have them, or any colours; few or many pixels per row. */
const anyPixels = fc
  .record({
    width: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 80, max: 300 })),
    height: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(255, 256, 257)),
    colours: fc.array(fc.integer({ min: 0, max: 0xffffff }), { minLength: 1, maxLength: 20 }),
    runs: fc.array(fc.tuple(fc.nat(400), fc.nat(19)), { maxLength: 60 }),
  })
  .map(({ width, height, colours, runs }) => {
    const rgba = Buffer.alloc(4 * width * height, 0xff);
    let at = 0;
    const paint = (colour: number) => rgba.writeUInt32LE((0xff000000 | colour) >>> 0, 4 * at++);
    for (const [length, colour] of runs) {
      for (let i = 0; i <= length && at < width * height; i++) paint(colours[colour % colours.length] as number);
    }
    return { width, height, rgba };
  });

test('encodePng writes pixels that decode to the same colours, without their alpha', () => {
  fc.assert(
    fc.property(anyPixels, (pixels) => {
      const read = decode(encodePng(pixels));
      expect([read.width, read.height]).toEqual([pixels.width, pixels.height]);
      expect(read.rgb.equals(pixels.rgba.filter((_, i) => i % 4 !== 3))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('encodePng compresses a million pixels of the same colour to less than 8 kB', () => {
  const side = 1000;
  expect(encodePng({ width: side, height: side, rgba: Buffer.alloc(4 * side * side, 0xff) }).length).toBeLessThan(8000);
});

test('encodePng writes the same bytes with every version of zlib', () => {
  const rgba = Buffer.alloc(4 * 600 * 400, 0xff);
  for (let i = 0; i < 50_000; i++) rgba.writeUInt32LE((Math.imul(i, 0x9e3779b1) | 0xff000000) >>> 0, 16 * i);
  const png = encodePng({ width: 600, height: 400, rgba });
  expect(createHash('sha256').update(png).digest('hex')).toBe(
    '3fe527aa97095e3b97d4c5ec3bb78bcb36721b75565f7bc90f9f405f00b0d1c0',
  );
});

/** Reads a PNG: checks each chunk's checksum and that each row has the filter `Up` (RFC 2083, 6.4). */
function decode(png: Uint8Array) {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    expect(bytes.readUInt32BE(end)).toBe(crc32(bytes.subarray(at + 4, end)));
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, end));
    at = end + 4;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR') as Buffer;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  expect([...header.subarray(8)]).toEqual([8, 2, 0, 0, 0]);
  const rows = inflateSync(chunks.get('IDAT') as Buffer);
  const rgb = Buffer.alloc(3 * width * height);
  for (let at = 0, from = 0; at < rgb.length; at++, from++) {
    if (at % (3 * width) === 0) expect(rows[from++]).toBe(2);
    rgb[at] = (rows[from] as number) + (at < 3 * width ? 0 : (rgb[at - 3 * width] as number));
  }
  return { width, height, rgb };
}
