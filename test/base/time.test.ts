import { expect, test } from 'vitest';
import { durationText } from '../../src/base/time.ts';

test.each([
  [0, '0 ms'],
  [340, '340 ms'],
  [999, '999 ms'],
  [999.7, '1.0 s'],
  [1000, '1.0 s'],
  [4230, '4.2 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [3_599_400, '59 min 59 s'],
  [3_599_600, '1 h 00 min'],
  [7_800_000, '2 h 10 min'],
  [90_000_000, '25 h 00 min'],
])('durationText prints %d ms as %s', (milliseconds, text) => expect(durationText(milliseconds)).toBe(text));
