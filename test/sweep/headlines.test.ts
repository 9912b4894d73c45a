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

test('rows are found again by the first text beside the headline, in whatever order they come', () => {
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

test('a run that came less far is compared where it has the same columns, and has nothing else', () => {
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

test('rows of one name, and rows without a name, are numbered', () => {
  expect(sweptHeadlines([summary(['1', 'yes', 'a'], ['2', 'no', 'a'])], steps).labels).toEqual(['a', 'a 2']);
  const nameless = [step('summary', ['count', 'verdict'])];
  const found = sweptHeadlines([summary(['1', 'yes', 'a'], ['2', 'no', 'b'])], nameless);
  expect(found).toMatchObject({ headline: { label: null }, labels: ['row 1', 'row 2'], runs: [['yes', 'no']] });
});

test('no run with a headline leaves nothing to compare', () => {
  expect(sweptHeadlines([null, null], steps)).toEqual({ headline: null, labels: [], runs: [[], []] });
});
