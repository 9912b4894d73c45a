import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import type { Run } from '../../src/history/run-record.ts';
import { runView } from '../../src/run-page/run-view.ts';
import type { StoredOutput } from '../../src/store/result.ts';
import { changed, fromFile, fromPort, type Memory, memory, stepRecord } from '../history/remembered.ts';

const output = (text: string, extension: string): StoredOutput => ({
  kind: 'file',
  digest: digestOf(text),
  extension,
  files: [{ path: '', digest: digestOf(text), size: text.length, signature: '' }] as unknown as StoredOutput['files'],
  siblings: [],
});
const steps = [
  stepRecord('page', false, { all: fromPort('detect', true) }),
  stepRecord('detect', true, { raw: fromFile('data.raw') }),
  stepRecord('unused', true),
];
const viewed = (store: Memory, run: Run) =>
  runView(run, (action) => {
    const key = run.record.keys[action];
    return key && store.result(key);
  });

test('runView lists actions in the order of the steps with causes, time and outputs, and finds the report', () => {
  const store = memory();
  const why = [changed('raw', 'data.raw')];
  const run = store.ran(steps, {
    'detect@a': { why, params: { level: 8 }, outputs: { peaks: output('peaks', '.arrow') } },
    'detect@b': { outcome: 'failed', failure: { reason: 'data', message: 'no' } },
    page: { outputs: { all: output('<p>', '.html') } },
  });
  const view = viewed(store, run);
  expect(view.report).toBe('/project/out/page/all.html');
  expect(view.actions.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['page', 'executed'],
    ['detect@a', 'executed'],
    ['detect@b', 'failed'],
  ]);
  expect(view.actions[1]).toMatchObject({
    why,
    made: { milliseconds: 1000 },
    outputs: [{ port: 'peaks', digest: digestOf('peaks'), bytes: 5 }],
  });
  expect(view.actions[2]).toMatchObject({ made: null, outputs: [], failure: { message: 'no' } });
  expect(view.steps.map(({ name, needs }) => [name, needs])).toEqual([
    ['page', ['detect']],
    ['detect', []],
  ]);
  expect(view.steps[1]?.params).toMatchObject({ level: 8 });
});

test('runView marks parameters that differ between the actions of a step', () => {
  const store = memory();
  const run = store.ran(steps, {
    'detect@a': { params: { level: 8, name: 'a' } },
    'detect@b': { params: { level: 8, name: 'b' } },
    'detect@c': { outcome: 'failed', failure: { reason: 'data', message: 'no' } },
    page: { params: { level: 9 } },
  });
  const view = viewed(store, run);
  expect(view.steps.map(({ name, differing }) => [name, differing])).toEqual([
    ['page', []],
    ['detect', ['name']],
  ]);
});

test('runView shows a run with nothing to do as reusing everything', () => {
  const store = memory();
  const run = store.ranSame(store.ran(steps, { 'detect@a': {} }));
  const view = viewed(store, run);
  expect(view.run).toBe('run2');
  expect(view.actions).toMatchObject([{ outcome: 'reused', why: [], made: { milliseconds: 1000 } }]);
  expect(view.report).toBe(null);
});
