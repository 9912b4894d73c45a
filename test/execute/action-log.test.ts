import { expect, test } from 'vitest';
import { keepLog } from '../../src/execute/action-log.ts';
import type { LogLine } from '../../src/store/result.ts';

function flooded(lines: number, warnings: (i: number) => boolean = () => false) {
  const passed: LogLine[] = [];
  const log = keepLog((line) => passed.push(line));
  for (let i = 0; i < lines; i++) log.add({ level: warnings(i) ? 'warning' : 'info', message: String(i) });
  return { passed: passed.map(({ message }) => message), kept: log.lines().map(({ message }) => message) };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i));

test('a log of usual length is kept and passed on whole', () => {
  expect(flooded(0).kept).toEqual([]);
  const { passed, kept } = flooded(1000);
  expect(kept).toEqual(numbers(0, 1000));
  expect(passed).toEqual(numbers(0, 1000));
});

test('of a flood the first thousand lines are kept and passed on, at least the last thousand kept, the others counted', () => {
  const { passed, kept } = flooded(12_345);
  expect(passed).toEqual(numbers(0, 1000));
  expect(kept.slice(0, 1000)).toEqual(numbers(0, 1000));
  const tail = kept.slice(1001);
  expect(kept[1000]).toBe(`(${12_345 - 1000 - tail.length} lines left out)`);
  expect(tail).toEqual(numbers(12_345 - tail.length, 12_345));
  expect(tail.length).toBeGreaterThanOrEqual(1000);
  expect(kept.length).toBeLessThanOrEqual(3000);
});

test('warnings are always passed on', () => {
  expect(flooded(5000, (i) => i === 4000).passed).toEqual([...numbers(0, 1000), '4000']);
});

test('a long line is cut, where it is kept and where it is passed on', () => {
  const passed: LogLine[] = [];
  const log = keepLog((line) => passed.push(line));
  log.add({ level: 'warning', message: 'x'.repeat(4000) });
  log.add({ level: 'info', message: 'y'.repeat(1_000_000) });
  expect(log.lines()).toEqual([
    { level: 'warning', message: 'x'.repeat(4000) },
    { level: 'info', message: `${'y'.repeat(4000)} ...` },
  ]);
  expect(passed).toEqual(log.lines());
});
