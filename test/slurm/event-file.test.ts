import { appendFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActionName } from '../../src/base/action-name.ts';
import { eventWriter, lastLines, readEvents, type SlotLine } from '../../src/slurm/event-file.ts';
import { knownFiles, withKnown } from '../../src/slurm/known-files.ts';
import { openFileMemo } from '../../src/store/file-memo.ts';
import { actionOf, stepOf } from '../history/action.ts';
import { temporaryFolder } from '../store/temporary.ts';

const action = 'detect@a' as ActionName;
const line = (message: string): SlotLine => ({ type: 'action-log', action, level: 'info', message });

test('readEvents continues at the end of the last reading, and reads whole lines only', () => {
  const path = join(temporaryFolder(), 'x.events');
  expect(readEvents(path, 0)).toEqual({ lines: [], end: 0 });
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat({ max: 40 })), (messages, cuts) => {
      const bytes = Buffer.from(messages.map((message) => `${JSON.stringify(line(message))}\n`).join(''));
      writeFileSync(path, '');
      const read: SlotLine[] = [];
      let [written, at] = [0, 0];
      for (const cut of [...cuts, bytes.length]) {
        appendFileSync(path, bytes.subarray(written, written + cut));
        written += cut;
        const { lines, end } = readEvents(path, at);
        read.push(...lines);
        at = end;
      }
      expect(read).toEqual(messages.map(line));
    }),
  );
});

test('eventWriter writes at once when an action begins or ends, with earlier lines and only the newest progress', () => {
  const path = join(temporaryFolder(), 'x.events');
  const writer = eventWriter(path);
  writer.write(line('one'));
  writer.write({ type: 'action-progress', action, fraction: 0.1 });
  writer.write({ type: 'action-progress', action, fraction: 0.2 });
  expect(existsSync(path)).toBe(false);
  writer.write({ type: 'action-started', action, why: [] });
  expect(readEvents(path, 0).lines.map(({ type }) => type)).toEqual([
    'action-log',
    'action-started',
    'action-progress',
  ]);
  writer.write(line('two'));
  writer.close();
  expect(readEvents(path, 0).lines.at(-1)).toEqual(line('two'));
});

test('eventWriter writes refused lines with the next ones, and throws if close is refused', () => {
  const path = join(temporaryFolder(), 'x.events');
  mkdirSync(path);
  const writer = eventWriter(path);
  writer.write({ type: 'action-started', action, why: [] });
  writer.write(line('one'));
  expect(() => writer.close()).toThrow('EISDIR');
  rmdirSync(path);
  writeFileSync(path, '{"type":"acti');
  writer.write({ type: 'task-ended' });
  writer.close();
  expect(readEvents(path, 0).lines.map(({ type }) => type)).toEqual(['action-started', 'action-log', 'task-ended']);
});

test('readEvents skips a damaged line', () => {
  const path = join(temporaryFolder(), 'x.events');
  writeFileSync(path, `{"type":\n${JSON.stringify(line('x'))}\n`);
  expect(readEvents(path, 0).lines).toEqual([line('x')]);
});

test('lastLines reads the last lines of a log', () => {
  const path = join(temporaryFolder(), 'x.log');
  expect(lastLines(path, 2)).toEqual([]);
  writeFileSync(path, `${'x'.repeat(10_000)}\n\none\ntwo\n`);
  expect(lastLines(path, 2)).toEqual(['one', 'two']);
});

test('a digest that was sent to a node holds until the signature of the file changes', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'x.txt');
  writeFileSync(path, 'one');
  utimesSync(path, 1, 1);
  const memo = openFileMemo(join(folder, 'memo'));
  const graph = { actions: [actionOf(stepOf('s'), null, { x: { kind: 'file', path: 'x.txt' } })] };
  // The signature of a file that was just written proves nothing yet.
  await expect.poll(() => knownFiles(graph, folder, memo).then((files) => files.length)).toBe(1);
  const files = await knownFiles(graph, folder, memo);
  const elsewhere = withKnown({ digest: async () => undefined, save() {} }, files);
  expect((await elsewhere.digest(path))?.digest).toBe((await memo.digest(path))?.digest);
  expect(await elsewhere.digest(join(folder, 'other'))).toBe(undefined);
  writeFileSync(path, readFileSync(path, 'utf8').replace('one', 'two'));
  expect(await elsewhere.digest(path)).toBe(undefined);
});
