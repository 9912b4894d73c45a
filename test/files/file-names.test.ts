import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUtf8Name, systemPath, textOfName } from '../../src/files/file-names.ts';

const bytesOf = (path: string): Buffer => Buffer.from(systemPath(path) as string);

test.each([
  ['616263', 'abc'],
  ['636166e9', 'caf\udce9'],
  ['e9', '\udce9'],
  ['c3a9', 'é'],
  ['c3a9c3', 'é\udcc3'],
  ['f09f9880', '😀'],
  ['f09f98', '\udcf0\udc9f\udc98'],
  ['eda080', '\udced\udca0\udc80'],
  ['c080', '\udcc0\udc80'],
  ['efbfbd', '\ufffd'],
])('textOfName turns the bytes %s into text that can be turned back', (hex, text) => {
  const name = Buffer.from(hex, 'hex');
  expect(textOfName(name)).toBe(text);
  expect(bytesOf(text)).toEqual(name);
});

test('textOfName turns different bytes into different texts, and UTF-8 bytes into well-formed text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
      const name = Buffer.from(bytes);
      const text = textOfName(name);
      expect(bytesOf(text)).toEqual(name);
      expect(isUtf8Name(text)).toBe(Buffer.from(name.toString('utf8')).equals(name));
    }),
  );
});
