/** A file in `out/` is replaced in one step: whoever has it open goes on reading the whole of what it was. */
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { project, summary } from './project.ts';

test('a file that is shown anew is another file, moved to its place when it is whole', async () => {
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
