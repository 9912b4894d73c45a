import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { checkSpace } from '../../../../tasks/lib/download/check-space.ts';

const archive = { name: 'a.tar.gz', bytes: 2e9, here: 0, others: 0 };

test('checkSpace counts download and unpacked size of the last archive', () => {
  expect(checkSpace(archive, 5.2e9)).toBe(
    "a.tar.gz: 2.00 GB to download and about 3.20 GB unpacked; the store's disk has 5.20 GB free",
  );
  expect(() => checkSpace(archive, 5.2e9 - 1)).toThrow(DataError);
  expect(() => checkSpace(archive, 1e9)).toThrow(
    "a.tar.gz: 2.00 GB to download and about 3.20 GB unpacked, 5.20 GB in all, but the store's disk has only 1.00 GB free: " +
      'make room for 4.20 GB more, or use --store on another disk',
  );
});

test('checkSpace counts the archives still to come', () => {
  const first = { ...archive, others: 18, here: 1e9 };
  expect(checkSpace(first, 1e12)).toBe(
    'a.tar.gz and 18 more archives: about 37.0 GB to download (1.00 GB are here) and about 60.8 GB unpacked; ' +
      "the store's disk has 1.00 TB free",
  );
  expect(() => checkSpace(first, 90e9)).toThrow(/97\.8 GB in all.* make room for 7\.80 GB more.*take fewer recordings/);
});
