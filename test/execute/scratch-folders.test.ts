import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openScratchFolders } from '../../src/execute/scratch-folders.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('every action gets an empty scratch folder with a new name', async () => {
  const folders = openScratchFolders(temporaryFolder());
  const names = new Set<string>();
  for (let i = 0; i < 4; i++) {
    const scratch = folders.take();
    names.add(scratch.root);
    expect([scratch.inputs, scratch.outputs].map((folder) => readdirSync(folder))).toEqual([[], []]);
    writeFileSync(join(scratch.inputs, 'a'), '');
    mkdirSync(join(scratch.outputs, 'b/c'), { recursive: true });
    await folders.giveBack(scratch);
  }
  expect(names.size).toBe(4);
});

test('a process that an action left behind cannot write into its scratch folder once the folder was given back', async () => {
  const folders = openScratchFolders(temporaryFolder());
  const scratch = folders.take();
  writeFileSync(join(scratch.outputs, 'made'), '');
  const emptied = folders.giveBack(scratch);
  expect(() => writeFileSync(join(scratch.outputs, 'late'), '')).toThrow(/ENOENT/);
  await emptied;
  const next = folders.take();
  expect([next.inputs, next.outputs].map((folder) => readdirSync(folder))).toEqual([[], []]);
});

test('a scratch folder is made even if the folder above was removed meanwhile', () => {
  const folder = join(temporaryFolder(), 'cache/tmp/opening');
  const folders = openScratchFolders(folder);
  expect(readdirSync(folders.take().outputs)).toEqual([]);
  rmSync(join(folder, '../..'), { recursive: true });
  expect(readdirSync(folders.take().outputs)).toEqual([]);
  folders.close();
});

test('a scratch folder is used again, unless its action failed or broke the folder', async () => {
  const folder = temporaryFolder();
  const folders = openScratchFolders(folder);
  const [first, second] = [folders.take(), folders.take()];
  expect(readdirSync(folder)).toHaveLength(2);
  folders.drop(first);
  expect(existsSync(first.root)).toBe(false);
  rmSync(second.outputs, { recursive: true });
  await folders.giveBack(second);
  await folders.giveBack(first);
  expect(readdirSync(folder)).toEqual([]);
  const third = folders.take();
  await folders.giveBack(third);
  folders.take();
  expect(readdirSync(folder)).toHaveLength(1);
});
