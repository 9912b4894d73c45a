import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesText, parseBytes, parseSeconds } from '../../src/base/amounts.ts';

test('parseBytes reads sizes with decimal and binary units, and rejects other texts', () => {
  const sizes = { '50GB': 50e9, '500 MB': 5e8, '1.5TB': 1.5e12, '2GiB': 2 ** 31, '10k': 1e4, '1000': 1000, '7B': 7 };
  for (const [text, bytes] of Object.entries(sizes)) expect([text, parseBytes(text)]).toEqual([text, bytes]);
  for (const wrong of ['', 'GB', '-1GB', '1,5GB', '5XB', '1 2', '5iB', '1e9', 'NaN'])
    expect([wrong, parseBytes(wrong)]).toEqual([wrong, undefined]);
});

test('parseSeconds reads durations with a unit, and rejects other texts', () => {
  const durations = { '90s': 90, '30m': 1800, '1.5h': 5400, '2 d': 172_800, '0.5s': 0.5 };
  for (const [text, seconds] of Object.entries(durations)) expect([text, parseSeconds(text)]).toEqual([text, seconds]);
  for (const wrong of ['', 's', '90', '1h30m', '-1s', '1,5h', '2 weeks', '30M', '1e3s', '01:30:00'])
    expect([wrong, parseSeconds(wrong)]).toEqual([wrong, undefined]);
});

test('parseBytes reads the text of bytesText, within its rounding', () => {
  const shown = [0, 999, 1000, 1234, 99_949, 99_950, 999_499, 999_500, 1.6e9, 12e12].map(bytesText);
  expect(shown).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1.2 kB',
    '99.9 kB',
    '100 kB',
    '999 kB',
    '1.0 MB',
    '1.6 GB',
    '12.0 TB',
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 1e14 }), (bytes) => {
      const read = parseBytes(bytesText(bytes)) ?? 0;
      expect(Math.abs(read - bytes) / bytes).toBeLessThan(0.051);
    }),
  );
});
