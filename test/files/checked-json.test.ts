import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readChecked, writeChecked } from '../../src/files/checked-json.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

test('readChecked returns any JSON value that writeChecked wrote', () => {
  const path = join(temporaryFolder(), 'deep/record.json');
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      writeChecked(path, value);
      expect(readChecked(path)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 30 },
  );
});

test('readChecked returns undefined for a missing file, a truncated file and a file with a flipped bit', () => {
  const path = join(temporaryFolder(), 'record.json');
  expect(readChecked(path)).toBeUndefined();
  writeChecked(path, { key: 'é', values: [1, 2.5, null] });
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length * 8; at++) {
    const flipped = Buffer.from(whole);
    flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
    writeFileSync(path, flipped);
    expect(readChecked(path)).toBeUndefined();
  }
  writeFileSync(path, whole);
  for (let { size } = statSync(path); size-- > 0; ) {
    truncateSync(path, size);
    expect(readChecked(path)).toBeUndefined();
  }
  put(path, '{"key":1}');
  expect(readChecked(path)).toBeUndefined();
});
