import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshen } from '../../src/files/nfs.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('the folder is changed, which its time tells, and holds what it held', () => {
  const folder = join(temporaryFolder(), 'results/ab');
  mkdirSync(join(folder, 'kept'), { recursive: true });
  utimesSync(folder, 1, 1);
  freshen(folder);
  expect(statSync(folder).mtimeMs).toBeGreaterThan(1000);
  expect(readdirSync(folder)).toEqual(['kept']);
});

test('a folder that is not there is made', () => {
  const folder = join(temporaryFolder(), 'results/ab');
  freshen(folder);
  expect(readdirSync(folder)).toEqual([]);
});
