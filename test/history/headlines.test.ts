import { expect, test } from 'vitest';
import { headlineShown, reportShown } from '../../src/history/headlines.ts';
import type { Action } from '../../src/pipeline/graph.ts';
import type { StoredResult } from '../../src/store/result.ts';
import { actionOf, resultOf, stepOf } from './action.ts';

const [detect, verdict, archive] = [
  stepOf('detect', { each: true }),
  stepOf('verdict', { each: true }),
  stepOf('archive'),
];
const steps = [detect, verdict, archive];
const actions = [
  actionOf(detect, 'a'),
  actionOf(detect, 'b'),
  actionOf(verdict, 'b'),
  actionOf(verdict, 'a'),
  actionOf(archive),
];

const headline = (...rows: string[]) => ({
  port: 'out',
  column: 'verdict',
  columns: ['verdict'],
  rows: rows.map((row) => [row]),
});

const results = (of: (action: Action) => string[] | null) =>
  new Map(
    actions.map((action): [Action['name'], StoredResult] => {
      const rows = of(action);
      return [action.name, resultOf(action.name, rows && headline(...rows))];
    }),
  );

test('the headline is that of the last step with such a result, with the rows of its actions in order', () => {
  const all = results(({ step, recording }) => (step === archive ? null : [`${step.name} ${recording}`, 'more']));
  expect(headlineShown(steps, actions, all)).toEqual({
    ...headline('verdict b', 'more', 'verdict a', 'more'),
    step: 'verdict',
  });
});

test('the headline has rows only of actions with a result', () => {
  const all = results(({ step, recording }) => (step === verdict ? [String(recording)] : null));
  all.delete('verdict@b' as Action['name']);
  expect(headlineShown(steps, actions, all)?.rows).toEqual([['a']]);
  all.delete('verdict@a' as Action['name']);
  expect(headlineShown(steps, actions, all)).toBeNull();
});

test('the report is the page of the last step without each that wrote a page', () => {
  const result = (extension: string) =>
    ({ outputs: { table: { extension: '.arrow' }, page: { extension } } }) as unknown as StoredResult;
  const made = new Map([
    ['detect@a', result('.html')],
    ['verdict', result('.html')],
    ['archive', result('.txt')],
  ]);
  expect(reportShown(steps, (name) => made.get(name), '/out')).toBe('/out/verdict/page.html');
  expect(reportShown(steps, () => undefined, '/out')).toBe(null);
});
