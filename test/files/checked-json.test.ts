import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecord, writeRecord } from '../../src/files/checked-json.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

test('what was written is read, whatever it is', () => {
  const path = join(temporaryFolder(), 'deep/record.json');
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      writeRecord(path, value);
      expect(readRecord(path)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 30 },
  );
});

test('none there, cut off anywhere, or any bit flipped: no record', () => {
  const path = join(temporaryFolder(), 'record.json');
  expect(readRecord(path)).toBeUndefined();
  writeRecord(path, { key: 'é', values: [1, 2.5, null] });
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length * 8; at++) {
    const flipped = Buffer.from(whole);
    flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
    writeFileSync(path, flipped);
    expect(readRecord(path)).toBeUndefined();
  }
  writeFileSync(path, whole);
  for (let { size } = statSync(path); size-- > 0; ) {
    truncateSync(path, size);
    expect(readRecord(path)).toBeUndefined();
  }
  put(path, '{"key":1}');
  expect(readRecord(path)).toBeUndefined();
});
