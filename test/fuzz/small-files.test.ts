import fc from 'fast-check';
import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { readPadding } from '../../tasks/lib/recording/header.ts';
import { decodeNpySamples, encodeNpySamples } from '../../tasks/lib/recording/npy.ts';
import { damage, examples } from './mutate.ts';

/** The result, or undefined where it was refused with a message that names the file and fits a screen. */
function refusedOr<T>(file: string, read: () => T): T | undefined {
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

test('a damaged .npy file is refused, or holds as many samples as its bytes do', () => {
  const samples = BigInt64Array.from({ length: 40 }, (_, i) => BigInt(i * 400));
  const whole = Buffer.from(encodeNpySamples(samples));
  fc.assert(
    fc.property(damage, (harm) => {
      const bytes = harm(whole);
      const read = refusedOr('a.npy', () => decodeNpySamples(bytes, 'a.npy'));
      if (read !== undefined) expect(read.length).toBeLessThanOrEqual(bytes.length);
    }),
    examples(600),
  );
});

test('a header of a .npy file with any text in it is refused or read, in no time', () => {
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
      refusedOr('a.npy', () => decodeNpySamples(bytes, 'a.npy'));
    }),
    examples(400),
  );
});

test('a damaged text is refused, or gives a padding that stands in it', () => {
  const whole = Buffer.from('threshold = 8\r\nname = 2016/patch_2_MEA\nmin_peak = -80.4\npadding = 1871\n');
  fc.assert(
    fc.property(damage, (harm) => {
      const text = harm(whole).toString('utf8');
      const padding = refusedOr('a.txt', () => readPadding(text, 'a.txt'));
      if (padding !== undefined) expect(text).toContain(String(padding));
    }),
    examples(600),
  );
});
