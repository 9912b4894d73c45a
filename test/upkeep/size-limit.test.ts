import { expect, test } from 'vitest';
import { sizeLimit } from '../../src/upkeep/gc.ts';

test('sizeLimit is the default or the value of GROUNDPROOF_MAX_SIZE', () => {
  expect(sizeLimit({})).toEqual({ ok: true, value: 100e9 });
  expect(sizeLimit({ GROUNDPROOF_MAX_SIZE: '1GB' })).toEqual({ ok: true, value: 1e9 });
  expect(sizeLimit({ GROUNDPROOF_MAX_SIZE: 'much' })).toMatchObject({ ok: false, error: { reason: 'usage' } });
});
