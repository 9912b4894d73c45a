import colors from 'picocolors';
import { expect, test } from 'vitest';
import type { ActionPlanned } from '../../src/history/event.ts';
import { planLines } from '../../src/report/plan.ts';
import { name } from './events.ts';

const planned = (action: string, more: Partial<ActionPlanned>): ActionPlanned => ({
  type: 'action-planned',
  action: name(action),
  decision: 'reuse',
  why: [],
  waitsFor: [],
  failure: null,
  ...more,
});

test('planLines list executions and undecided actions with their reasons, and counts', () => {
  const position = 'pipeline.yaml:31';
  const lines = planLines(
    [
      planned('unzip@a', {}),
      planned('unzip@b', {
        decision: 'unknown',
        failure: { reason: 'input-missing', port: 'archive', path: 'data/b.tar.gz' },
      }),
      planned('detect@a', {
        decision: 'execute',
        why: [{ cause: 'param-changed', param: 'mad_multiplier', from: 8, to: 7.5, position }],
      }),
      planned('snr@a', { decision: 'unknown', waitsFor: [name('detect@a')] }),
      planned('summary', { decision: 'unknown', waitsFor: [name('snr@a'), name('snr@b'), name('snr@c')] }),
    ],
    colors.createColors(false),
  );
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    fail    unzip@b  input archive: there is no file data/b.tar.gz
    execute detect@a  params.mad_multiplier 8 -> 7.5 (pipeline.yaml:31)
    unknown snr@a  depends on what detect@a will give
    unknown summary  depends on what snr@a and 2 more will give
    1 to execute, 1 to reuse, 3 not known yet
    "
  `);
});

test('planLines name the first actions that are not selected, and count all', () => {
  const leftOut = ['a', 'b', 'c', 'd'].map((action) => planned(action, { decision: 'not-selected' }));
  expect(planLines([planned('e', {}), ...leftOut], colors.createColors(false))).toEqual([
    '0 to execute, 1 to reuse, 0 not known yet',
    '4 actions not selected: a, b, c, and 1 more',
  ]);
});

test('planLines are one line if there is nothing to do', () => {
  expect(planLines([planned('a', {})], colors.createColors(false))).toEqual([
    '0 to execute, 1 to reuse, 0 not known yet',
  ]);
});
