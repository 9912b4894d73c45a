import { expect, test } from 'vitest';
import { eachLine } from '../../src/execute/lines.ts';

function linesOf(...chunks: (string | Buffer)[]): string[] {
  const found: string[] = [];
  const lines = eachLine((line) => found.push(line));
  for (const chunk of chunks) lines.write(Buffer.from(chunk as string));
  lines.end();
  return found;
}

test('eachLine cuts lines at line ends, independent of the chunks', () => {
  expect(linesOf('one\nt', 'wo\r', '\n\nfour')).toEqual(['one', 'two', '', 'four']);
  expect(linesOf()).toEqual([]);
  expect(linesOf('a\n')).toEqual(['a']);
});

test('eachLine joins characters that chunks split, and replaces invalid UTF-8', () => {
  const bytes = Buffer.from('µV\n');
  expect(linesOf(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(['µV']);
  expect(linesOf(Buffer.from([0xff, 0x0a, 0xc2]))).toEqual(['\ufffd', '\ufffd']);
});

test('eachLine passes on only the last state of a line that is written over', () => {
  expect(linesOf('10%\r20%\r100%', '\n', 'done')).toEqual(['100%', 'done']);
  expect(linesOf('10%\r20%\r')).toEqual(['20%']);
});

test('eachLine keeps only the beginning of an endless line', () => {
  const chunk = Buffer.alloc(1 << 20, 'x');
  const [line = '', ...others] = linesOf(...Array.from({ length: 64 }, () => chunk));
  expect(others).toEqual([]);
  expect(line.length).toBeLessThan(9000);
  expect(line).toContain(`... (${64 * (1 << 20) - 8000} more characters)`);
});
