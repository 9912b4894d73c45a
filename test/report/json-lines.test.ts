import { expect, test } from 'vitest';
import { jsonLinesReporter } from '../../src/report/json-lines.ts';
import { eventful, warned } from './events.ts';
import { pipe } from './screen.ts';

test('jsonLinesReporter prints each event unchanged as a line on stdout', () => {
  const [stdout, stderr] = [pipe(), pipe()];
  const { report, close } = jsonLinesReporter({ stdout: stdout.stream, stderr: stderr.stream });
  const events = [...eventful, warned('a', 'two\nlines')];
  events.forEach(report);
  close();
  const lines = stdout.text().split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line))).toEqual(events);
  expect(stderr.text()).toBe('');
});
