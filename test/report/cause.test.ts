import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import type { Cause } from '../../src/history/cause.ts';
import { causesText, causeText } from '../../src/report/cause.ts';

const [one, two] = [digestOf('1'), digestOf('2')];
const param = { cause: 'param-changed', param: 'mad_multiplier', position: null } as const;
const input = { cause: 'input-changed', port: 'juxta', recording: null, source: 'unzip@a' } as const;

test('causeText describes every kind of cause', () => {
  const causes: Cause[] = [
    { cause: 'first-run' },
    { cause: 'forced' },
    { cause: 'result-lost', port: null },
    { cause: 'result-lost', port: 'peaks' },
    { ...param, from: 8, to: 7.5, position: 'pipeline.yaml:31' },
    { ...param, from: 'a', to: { low: [1] } },
    { ...param, from: null, to: 8 },
    { ...param, from: null, to: null },
    { cause: 'code-changed', files: [] },
    { cause: 'code-changed', files: ['tasks/detect.ts', 'tasks/lib/signal/peaks.ts'] },
    { cause: 'packages-changed', packages: ['-vega@6.3.0', '+vega@6.4.0'] },
    { cause: 'command-changed' },
    { cause: 'env-changed', name: 'OMP_NUM_THREADS' },
    { ...input, from: one, to: two },
    { ...input, from: null, to: two },
    { ...input, from: one, to: null },
    { ...input, from: null, to: null },
    { cause: 'extension-changed', port: 'peaks', recording: null, from: '', to: '.csv' },
    { cause: 'order-changed', port: 'verdicts' },
    { cause: 'outputs-changed', port: 'peaks' },
    { cause: 'format-changed', from: 1, to: 2 },
  ];
  expect(`\n${causes.map(causeText).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    it has not run before
    it was asked for with --force
    its result is no longer in the store
    its output peaks is gone from the store or damaged
    params.mad_multiplier 8 -> 7.5 (pipeline.yaml:31)
    params.mad_multiplier "a" -> {"low":[1]}
    params.mad_multiplier null -> 8
    params.mad_multiplier null or left out
    code changed
    code changed: tasks/detect.ts, tasks/lib/signal/peaks.ts
    packages changed: -vega@6.3.0 +vega@6.4.0
    its shell command changed
    its environment changed: OMP_NUM_THREADS
    input juxta changed <- unzip@a
    input juxta is new <- unzip@a
    input juxta is gone <- unzip@a
    input juxta changed <- unzip@a
    input peaks has another extension, none -> .csv
    input verdicts comes in another order
    its declared output peaks changed
    the store's result format changed, 1 -> 2
    "
  `);
});

test('causesText names up to three causes on a line and counts further causes', () => {
  const gone: Cause[] = ['a', 'b', 'c', 'd', 'e'].map((port) => ({ ...input, port, from: one, to: null }));
  expect(causesText([])).toBe('');
  expect(causesText(gone.slice(0, 1))).toBe('input a is gone <- unzip@a');
  expect(causesText(gone.slice(0, 3)).split('; ')).toHaveLength(3);
  expect(causesText(gone)).toMatch(/; input c is gone <- unzip@a; and 2 more$/);
});
