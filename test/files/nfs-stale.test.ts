import { expect, test, vi } from 'vitest';
import { againIfStale } from '../../src/files/nfs.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

test('what was replaced under the reader is read once more, and only once', () => {
  const once = vi.fn().mockImplementationOnce(() => {
    throw failure('ESTALE');
  });
  once.mockReturnValue('new');
  expect(againIfStale(once)).toBe('new');
  const always = vi.fn(() => {
    throw failure('ESTALE');
  });
  expect(() => againIfStale(always)).toThrow('ESTALE');
  expect(always).toHaveBeenCalledTimes(2);
});

test('any other failure is one', () => {
  const read = vi.fn(() => {
    throw failure('EIO');
  });
  expect(() => againIfStale(read)).toThrow('EIO');
  expect(read).toHaveBeenCalledTimes(1);
});
