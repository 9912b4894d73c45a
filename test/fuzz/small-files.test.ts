import fc from 'fast-check';
import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { readPadding } from '../../tasks/lib/recording/header.ts';
import { decodeNpySamples, encodeNpySamples } from '../../tasks/lib/recording/npy.ts';
import { damage, examples } from './mutate.ts';

/** Returns the result, or undefined if the file was refused with a short message that names it. */
function readOrRefused<T>(file: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message).toContain(file);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.message.length).toBeLessThan(1500);
    return undefined;
  }
}

test('a damaged .npy file is refused, or has no more samples than bytes', () => {
  const samples = BigInt64Array.from({ length: 40 }, (_, i) => BigInt(i * 400));
  const whole = Buffer.from(encodeNpySamples(samples));
  fc.assert(
    fc.property(damage, (harm) => {
      const bytes = harm(whole);
      const read = readOrRefused('a.npy', () => decodeNpySamples(bytes, 'a.npy'));
      if (read !== undefined) expect(read.length).toBeLessThanOrEqual(bytes.length);
    }),
    examples(600),
  );
});

test('a .npy file with any text in its header is read or refused quickly', () => {
  const piece = fc.constantFrom(
    "'descr':",
    "'shape':",
    '(',
    ')',
    "'<i8'",
    "'",
    ' ',
    ',',
    '1',
    'L',
    '{',
    '}',
    '\n',
    '9'.repeat(40),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 400 }), fc.nat(64), (pieces, values) => {
      const header = Buffer.from(pieces.join(''));
      const bytes = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\0\0', 'latin1'), header, Buffer.alloc(values)]);
      bytes.writeUInt16LE(header.length, 8);
      readOrRefused('a.npy', () => decodeNpySamples(bytes, 'a.npy'));
    }),
    examples(400),
  );
});

test('a damaged header text is refused, or gives a padding that it contains', () => {
  const whole = Buffer.from('threshold = 8\r\nname = 2016/patch_2_MEA\nmin_peak = -80.4\npadding = 1871\n');
  fc.assert(
    fc.property(damage, (harm) => {
      const text = harm(whole).toString('utf8');
      const padding = readOrRefused('a.txt', () => readPadding(text, 'a.txt'));
      if (padding !== undefined) expect(text).toContain(String(padding));
    }),
    examples(600),
  );
});
