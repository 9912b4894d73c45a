import { expect, test } from 'vitest';
import type { StepHeadline } from '../../src/history/event.ts';
import type { Step } from '../../src/pipeline/pipeline.ts';
import { sweptHeadlines } from '../../src/sweep/headlines.ts';

const columns = {
  count: { type: 'int64', description: '' },
  verdict: { type: 'utf8', description: '' },
  recording: { type: 'utf8', description: '' },
} as const;

const step = (name: string, names: readonly (keyof typeof columns)[]): Step =>
  ({
    name,
    interface: {
      outputs: {
        table: { kind: 'table', table: { columns: Object.fromEntries(names.map((one) => [one, columns[one]])) } },
      },
    },
  }) as unknown as Step;

const steps = [step('judge', ['verdict', 'recording']), step('summary', ['count', 'verdict', 'recording'])];

const summary = (...rows: string[][]): StepHeadline => ({
  step: 'summary',
  port: 'table',
  column: 'verdict',
  columns: ['count', 'verdict', 'recording'],
  rows,
});

test('sweptHeadlines finds rows by the first text besides the headline, in any order', () => {
  const found = sweptHeadlines(
    [summary(['1', 'yes', 'a'], ['2', 'no', 'b']), summary(['3', 'yes', 'b'], ['4', 'no', 'a'])],
    steps,
  );
  expect(found).toEqual({
    headline: { step: 'summary', column: 'verdict', label: 'recording' },
    labels: ['a', 'b'],
    runs: [
      ['yes', 'no'],
      ['no', 'yes'],
    ],
  });
});

test('sweptHeadlines compares a run that failed early by columns of the same name', () => {
  const judged: StepHeadline = {
    step: 'judge',
    port: 'table',
    column: 'verdict',
    columns: ['verdict', 'recording'],
    rows: [['no', 'b']],
  };
  const other: StepHeadline = { ...judged, step: 'other', column: 'quality', columns: ['quality', 'recording'] };
  const found = sweptHeadlines([judged, null, other, summary(['1', 'yes', 'a'])], steps);
  expect(found.headline?.step).toBe('summary');
  expect(found.labels).toEqual(['b', 'a']);
  expect(found.runs).toEqual([
    ['no', null],
    [null, null],
    [null, null],
    [null, 'yes'],
  ]);
});

test('sweptHeadlines numbers rows that share a name, and rows without a name', () => {
  expect(sweptHeadlines([summary(['1', 'yes', 'a'], ['2', 'no', 'a'])], steps).labels).toEqual(['a', 'a 2']);
  const nameless = [step('summary', ['count', 'verdict'])];
  const found = sweptHeadlines([summary(['1', 'yes', 'a'], ['2', 'no', 'b'])], nameless);
  expect(found).toMatchObject({ headline: { label: null }, labels: ['row 1', 'row 2'], runs: [['yes', 'no']] });
});

test('sweptHeadlines is empty if no run reached a headline', () => {
  expect(sweptHeadlines([null, null], steps)).toEqual({ headline: null, labels: [], runs: [[], []] });
});
