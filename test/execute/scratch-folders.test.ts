import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRooms } from '../../src/execute/scratch-folders.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('every action finds its room empty, under a name that no other had', async () => {
  const rooms = openRooms(temporaryFolder());
  const names = new Set<string>();
  for (let i = 0; i < 4; i++) {
    const room = rooms.take();
    names.add(room.root);
    expect([room.inputs, room.outputs].map((folder) => readdirSync(folder))).toEqual([[], []]);
    writeFileSync(join(room.inputs, 'a'), '');
    mkdirSync(join(room.outputs, 'b/c'), { recursive: true });
    await rooms.giveBack(room);
  }
  expect(names.size).toBe(4);
});

test('what an action left underway does not reach the next one, from the moment on that it gave its room back', async () => {
  const rooms = openRooms(temporaryFolder());
  const room = rooms.take();
  writeFileSync(join(room.outputs, 'made'), '');
  const emptied = rooms.giveBack(room);
  expect(() => writeFileSync(join(room.outputs, 'late'), '')).toThrow(/ENOENT/);
  await emptied;
  const next = rooms.take();
  expect([next.inputs, next.outputs].map((folder) => readdirSync(folder))).toEqual([[], []]);
});

test('a room is made although somebody removed the folder of all rooms meanwhile', () => {
  const folder = join(temporaryFolder(), 'cache/tmp/opening');
  const rooms = openRooms(folder);
  expect(readdirSync(rooms.take().outputs)).toEqual([]);
  rmSync(join(folder, '../..'), { recursive: true });
  expect(readdirSync(rooms.take().outputs)).toEqual([]);
  rooms.close();
});

test('a room is used again, and one that a failed action or a task broke is not', async () => {
  const folder = temporaryFolder();
  const rooms = openRooms(folder);
  const [one, two] = [rooms.take(), rooms.take()];
  expect(readdirSync(folder)).toHaveLength(2);
  rooms.drop(one);
  expect(existsSync(one.root)).toBe(false);
  rmSync(two.outputs, { recursive: true });
  await rooms.giveBack(two);
  await rooms.giveBack(one);
  expect(readdirSync(folder)).toEqual([]);
  const three = rooms.take();
  await rooms.giveBack(three);
  rooms.take();
  expect(readdirSync(folder)).toHaveLength(1);
});
