/** Tests that files in `out/` are replaced atomically, so that a program that reads a file still sees its old content. */
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { project, summary } from './project.ts';

test('a new version of a file in out/ is another file, renamed to its place when it is complete', async () => {
  const { out, at, result } = project();
  await out.show(summary, result({ port: 'before' }));
  const fd = openSync(at('summary/port.txt'), 'r');
  const { ino } = statSync(at('summary/port.txt'));
  await out.show(summary, result({ port: 'after, and longer' }));
  expect(readFileSync(fd, 'utf8')).toBe('before');
  closeSync(fd);
  expect(readFileSync(at('summary/port.txt'), 'utf8')).toBe('after, and longer');
  expect(statSync(at('summary/port.txt')).ino).not.toBe(ino);
});
