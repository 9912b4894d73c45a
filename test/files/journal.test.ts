import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendToJournal, readJournal } from '../../src/files/journal.ts';
import { program, together } from '../store/processes.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

const journal = () => join(temporaryFolder(), 'journal.jsonl');

test('readJournal returns the appended entries in order, and an empty list without a file', () => {
  const path = journal();
  expect(readJournal(path)).toEqual([]);
  appendToJournal(path, []);
  expect(readJournal(path)).toEqual([]);
  appendToJournal(path, [['a', 1], 'line\nbreak', null]);
  appendToJournal(path, [{ ü: '\u2028' }]);
  expect(readJournal(path)).toEqual([['a', 1], 'line\nbreak', null, { ü: '\u2028' }]);
});

test('a line torn at any byte loses at most its own entry, and later lines are complete', () => {
  const path = journal();
  appendToJournal(path, [{ n: 1 }]);
  const before = readFileSync(path).length;
  appendToJournal(path, [{ n: 2, text: 'zwölf' }]);
  const whole = readFileSync(path);
  for (let length = before; length <= whole.length; length++) {
    put(path, whole);
    truncateSync(path, length);
    appendToJournal(path, [{ n: 3 }]);
    const read = readJournal(path) as { n: number }[];
    expect(read.map(({ n }) => n).filter((n) => n !== 2)).toEqual([1, 3]);
  }
});

test('appendToJournal throws if the disk takes only a part', () => {
  const path = put(journal(), `${JSON.stringify('x'.repeat(400))}\n`);
  const appender = program(`
    import { appendToJournal } from './files/journal.ts';
    appendToJournal(process.argv[2]!, ['y'.repeat(400)]);
  `);
  // Limits files to 512 bytes, like a disk that is nearly full.
  const words = ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, appender, path];
  const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('EFBIG') });
  appendToJournal(path, ['z']);
  expect(readJournal(path)).toEqual(['x'.repeat(400), 'z']);
});

test('readJournal skips garbage lines', () => {
  const path = journal();
  appendToJournal(path, [1]);
  appendFileSync(path, 'not json\n\n{"half":\n\u0000\u0000\u0000\n');
  appendToJournal(path, [2]);
  expect(readJournal(path)).toEqual([1, 2]);
});

test('readJournal returns any list of JSON values that was appended', () => {
  const path = journal();
  const lists = fc.array(fc.array(fc.jsonValue()), { maxLength: 4 });
  fc.assert(
    fc.property(lists, (parts) => {
      put(path, '');
      for (const part of parts) appendToJournal(path, part);
      expect(readJournal(path)).toEqual(JSON.parse(JSON.stringify(parts.flat())));
    }),
    { numRuns: 50 },
  );
});

test('processes that append to a journal at the same time do not damage each other’s lines', async () => {
  const path = journal();
  const appender = program(`
    import { appendToJournal } from './files/journal.ts';
    const [, , own, path] = process.argv;
    for (let i = 0; i < 200; i++) {
      appendToJournal(path!, [{ own, i, long: own!.repeat(5000) }, { own, i: -1, long: '' }]);
    }
  `);
  await together(3, appender, path);
  const read = readJournal(path) as { own: string; i: number; long: string }[];
  expect(read).toHaveLength(1200);
  for (const own of ['0', '1', '2']) {
    const mine = read.filter((entry) => entry.own === own && entry.i >= 0);
    expect(mine.map(({ i }) => i)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(mine.every(({ long }) => long === own.repeat(5000))).toBe(true);
  }
});
