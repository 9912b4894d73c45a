import { expect, test } from 'vitest';
import { collectLog } from '../../src/execute/action-log.ts';
import type { LogLine } from '../../src/store/result.ts';

function flooded(lines: number, warnings: (i: number) => boolean = () => false) {
  const passed: LogLine[] = [];
  const log = collectLog((line) => passed.push(line));
  for (let i = 0; i < lines; i++) log.add({ level: warnings(i) ? 'warning' : 'info', message: String(i) });
  return { passed: passed.map(({ message }) => message), kept: log.lines().map(({ message }) => message) };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i));

test('collectLog keeps and passes on every line of a short log', () => {
  expect(flooded(0).kept).toEqual([]);
  const { passed, kept } = flooded(1000);
  expect(kept).toEqual(numbers(0, 1000));
  expect(passed).toEqual(numbers(0, 1000));
});

test('collectLog passes on the first thousand lines of a flood, keeps those and the last thousand, and counts the others', () => {
  const { passed, kept } = flooded(12_345);
  expect(passed).toEqual(numbers(0, 1000));
  expect(kept.slice(0, 1000)).toEqual(numbers(0, 1000));
  const tail = kept.slice(1001);
  expect(kept[1000]).toBe(`(${12_345 - 1000 - tail.length} lines left out)`);
  expect(tail).toEqual(numbers(12_345 - tail.length, 12_345));
  expect(tail.length).toBeGreaterThanOrEqual(1000);
  expect(kept.length).toBeLessThanOrEqual(3000);
});

test('collectLog passes on every warning, even in a flood', () => {
  expect(flooded(5000, (i) => i === 4000).passed).toEqual([...numbers(0, 1000), '4000']);
});

test('collectLog cuts a long line, both in the log and when passing it on', () => {
  const passed: LogLine[] = [];
  const log = collectLog((line) => passed.push(line));
  log.add({ level: 'warning', message: 'x'.repeat(4000) });
  log.add({ level: 'info', message: 'y'.repeat(1_000_000) });
  expect(log.lines()).toEqual([
    { level: 'warning', message: 'x'.repeat(4000) },
    { level: 'info', message: `${'y'.repeat(4000)} ...` },
  ]);
  expect(passed).toEqual(log.lines());
});
