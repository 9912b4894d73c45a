import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshen } from '../../src/files/nfs.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('freshen changes the time of a folder and leaves its content as it is', () => {
  const folder = join(temporaryFolder(), 'results/ab');
  mkdirSync(join(folder, 'kept'), { recursive: true });
  utimesSync(folder, 1, 1);
  freshen(folder);
  expect(statSync(folder).mtimeMs).toBeGreaterThan(1000);
  expect(readdirSync(folder)).toEqual(['kept']);
});

test('freshen makes a missing folder', () => {
  const folder = join(temporaryFolder(), 'results/ab');
  freshen(folder);
  expect(readdirSync(folder)).toEqual([]);
});
