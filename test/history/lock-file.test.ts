import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Digest, digestOf } from '../../src/files/digest.ts';
import { lockPathOf, lockText, readLock } from '../../src/history/lock-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundproof-lock-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => {
  const path = join(folder, 'pipeline.lock');
  writeFileSync(path, text);
  return readLock(path);
};

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const action = fc.tuple(name, fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/), { nil: null }));
const digest = fc.option(
  fc.nat().map((n): Digest => digestOf(String(n))),
  { nil: null },
);
const anyLock = fc
  .array(fc.tuple(action, fc.dictionary(name, digest)))
  .map(
    (lines) => new Map(lines.map(([[step, recording], ports]) => [recording ? `${step}@${recording}` : step, ports])),
  );

test('a lock reads as it was written, with the same text for every order of its actions', () => {
  fc.assert(
    fc.property(anyLock, (lock) => {
      const text = lockText(lock);
      const found = read(text);
      expect(found).toEqual({ ok: true, value: lock });
      expect(lockText(new Map([...lock].reverse()))).toBe(text);
      const lines = text
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0]);
      expect(lines).toEqual([...lines].sort());
    }),
    { numRuns: 50 },
  );
});

test('the text of a lock', () => {
  const [noise, peaks] = [digestOf('noise'), digestOf('peaks')];
  const lock = new Map([
    ['summary', { list: null }],
    ['detect@b', { peaks, noise }],
  ]);
  expect(lockText(lock)).toBe(`# groundproof lock 1\ndetect@b noise=${noise} peaks=${peaks}\nsummary list=-\n`);
});

test('a lock of another format, a torn line or a repeated action fails with its line number', () => {
  const line = `a x=${digestOf('x')}`;
  for (const [text, expected] of [
    ['# groundwork lock 1\n', ' was written by groundwork, the earlier name of groundproof'],
    ['# groundproof lock 2\n', ':1: expected "# groundproof lock 1", found "# groundproof lock 2"'],
    ['', ':1: expected "# groundproof lock 1", found ""'],
    [`# groundproof lock 1\n${line}\n${line}\n`, ':3: expected each action once'],
    [`# groundproof lock 1\n${line.slice(0, -1)}\n`, ':2: expected "action port=digest ..."'],
    ['# groundproof lock 1\n=======\nb\n', ':2: '],
  ] as const) {
    const found = read(text);
    expect(found.ok ? '' : (found.error as { message: string }).message).toContain(`pipeline.lock${expected}`);
  }
  expect(read(`# groundproof lock 1\r\n# a comment\r\n\r\n${line}\r\n`)).toMatchObject({ ok: true });
  expect(readLock(join(folder, 'none.lock'))).toEqual({ ok: true, value: undefined });
});

test('a lock lies beside its pipeline', () => {
  expect(['/p/pipeline.yaml', '/p/other.yml'].map(lockPathOf)).toEqual(['/p/pipeline.lock', '/p/other.lock']);
});
