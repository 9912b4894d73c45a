import { expect, test, vi } from 'vitest';
import { retryIfStale } from '../../src/files/nfs.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

test('retryIfStale reads a second time after ESTALE, and not a third time', () => {
  const once = vi.fn().mockImplementationOnce(() => {
    throw failure('ESTALE');
  });
  once.mockReturnValue('new');
  expect(retryIfStale(once)).toBe('new');
  const always = vi.fn(() => {
    throw failure('ESTALE');
  });
  expect(() => retryIfStale(always)).toThrow('ESTALE');
  expect(always).toHaveBeenCalledTimes(2);
});

test('retryIfStale passes other errors on', () => {
  const read = vi.fn(() => {
    throw failure('EIO');
  });
  expect(() => retryIfStale(read)).toThrow('EIO');
  expect(read).toHaveBeenCalledTimes(1);
});
