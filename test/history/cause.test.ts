import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Digest, digestOf } from '../../src/files/digest.ts';
import { type Cause, type CauseContext, differences } from '../../src/history/cause.ts';
import { type InputIdentity, keyOf, type Preimage, type TaskIdentity } from '../../src/store/key.ts';
import { anyPair, anyPreimage } from '../store/any-preimage.ts';

const [one, two] = [digestOf('one'), digestOf('two')];

const content = (digest: Digest, extension = '.csv') => ({ digest, extension });

const context: CauseContext = {
  positions: { multiplier: 'pipeline.yaml:31' },
  sourceOf: (port, recording) => (recording === null ? `source of ${port}` : `${port}@${recording}`),
  changedFiles: ['tasks/lib/peaks.ts'],
};

const base: Preimage = {
  format: 1,
  task: { kind: 'module', code: one, packages: ['a@1'] },
  params: {},
  inputs: {},
  outputs: {},
};
const command: TaskIdentity = { kind: 'shell', command: 'cat', env: {} };

/** The causes of a change of a single member. */
const causes = <M extends keyof Preimage>(member: M, before: Preimage[M], after: Preimage[M]): Cause[] =>
  differences({ ...base, [member]: before }, { ...base, [member]: after }, context);

test('equal preimages have no cause', () => {
  expect(differences(base, { ...base, params: {} }, context)).toEqual([]);
});

test('a changed format is a cause', () => {
  expect(causes('format', 1, 2)).toEqual([{ cause: 'format-changed', from: 1, to: 2 }]);
});

describe('parameters', () => {
  const changed = (param: string, from: unknown, to: unknown, position: string | null = null) => ({
    cause: 'param-changed',
    param,
    from,
    to,
    position,
  });

  test('a changed parameter has its values and its position', () => {
    expect(causes('params', { multiplier: 8, same: [1] }, { multiplier: 7.5, same: [1] })).toEqual([
      changed('multiplier', 8, 7.5, 'pipeline.yaml:31'),
    ]);
  });

  test('parameter values are compared by their content', () => {
    const [before, after] = [{ window: { from: 0, to: 1 } }, { window: { to: 1, from: 0 } }];
    expect(causes('params', before, after)).toEqual([]);
    expect(causes('params', before, { window: { from: 0 } })).toEqual([changed('window', before.window, { from: 0 })]);
  });

  test('new and removed parameters are listed in the order of their names', () => {
    expect(causes('params', { b: 1 }, { a: 2 })).toEqual([changed('a', null, 2), changed('b', 1, null)]);
  });

  test('a parameter of null differs from an absent parameter', () => {
    expect(causes('params', {}, { a: null })).toEqual([changed('a', null, null)]);
  });

  test('a parameter may be called constructor', () => {
    expect(causes('params', {}, { constructor: 1 })).toEqual([changed('constructor', null, 1)]);
  });
});

describe('the task', () => {
  test('changed code lists the files that changed', () => {
    const after: TaskIdentity = { kind: 'module', code: two, packages: ['a@1'] };
    expect(causes('task', base.task, after)).toEqual([{ cause: 'code-changed', files: ['tasks/lib/peaks.ts'] }]);
  });

  test('changed packages are listed as removed and added', () => {
    const after: TaskIdentity = { kind: 'module', code: one, packages: ['a@2', 'b@1'] };
    expect(causes('task', base.task, after)).toEqual([
      { cause: 'packages-changed', packages: ['-a@1', '+a@2', '+b@1'] },
    ]);
  });

  test('a module in place of a command counts as changed code', () => {
    expect(causes('task', command, base.task).map(({ cause }) => cause)).toEqual(['code-changed']);
  });

  test('a shell command or the recording in it can change', () => {
    expect(causes('task', command, { ...command, command: 'cp' })).toEqual([{ cause: 'command-changed' }]);
    expect(causes('task', command, { ...command, recording: 'a' })).toEqual([{ cause: 'command-changed' }]);
  });

  test('changed environment variables are listed by name', () => {
    const before: TaskIdentity = { ...command, env: { A: '1', B: '1', C: '1' } };
    const after: TaskIdentity = { ...command, env: { A: '1', B: '2', D: '' } };
    expect(causes('task', before, after)).toEqual(['B', 'C', 'D'].map((name) => ({ cause: 'env-changed', name })));
  });
});

describe('inputs', () => {
  const changed = (recording: string | null, from: unknown, to: unknown) => ({
    cause: 'input-changed',
    port: 'in',
    recording,
    source: recording === null ? 'source of in' : `in@${recording}`,
    from,
    to,
  });
  const inputCauses = (before: InputIdentity | undefined, after: InputIdentity | undefined) =>
    causes('inputs', before ? { in: before } : {}, after ? { in: after } : {});
  const gathered = (...list: Extract<InputIdentity, { gathered: unknown }>['gathered']) => ({ gathered: list });

  test('a changed input has its source and both digests', () => {
    expect(inputCauses(content(one), content(two))).toEqual([changed(null, one, two)]);
  });

  test('an input can appear, disappear or be newly declared', () => {
    expect(inputCauses({ absent: true }, content(one))).toEqual([changed(null, null, one)]);
    expect(inputCauses(content(one), { absent: true })).toEqual([changed(null, one, null)]);
    expect(inputCauses(undefined, { absent: true })).toEqual([changed(null, null, null)]);
    expect(inputCauses(undefined, gathered())).toEqual([changed(null, null, null)]);
  });

  test('the same content under another extension is a cause of its own', () => {
    const renamed = { cause: 'extension-changed', port: 'in', from: '.csv', to: '.txt' };
    expect(inputCauses(content(one), content(one, '.txt'))).toEqual([{ ...renamed, recording: null }]);
    expect(
      inputCauses(
        gathered({ recording: 'a', ...content(one) }, { recording: 'b', ...content(one) }),
        gathered({ recording: 'a', ...content(two, '.txt') }, { recording: 'b', ...content(one, '.txt') }),
      ),
    ).toEqual([changed('a', one, two), { ...renamed, recording: 'b' }]);
  });

  test('a gathered input lists only the recordings that changed', () => {
    const [a, b] = [
      { recording: 'a', ...content(one) },
      { recording: 'b', ...content(one) },
    ];
    expect(inputCauses(gathered(a, b), gathered(a, { ...b, digest: two }))).toEqual([changed('b', one, two)]);
    expect(inputCauses(gathered(a), gathered(a, b))).toEqual([changed('b', null, one)]);
    expect(inputCauses(gathered(a, b), gathered(b))).toEqual([changed('a', one, null)]);
    expect(inputCauses(gathered(a, b), gathered(b, a))).toEqual([{ cause: 'order-changed', port: 'in' }]);
    expect(inputCauses(gathered(a), gathered(a, { recording: 'b', absent: true }))).toEqual([changed('b', null, null)]);
  });
});

test('a changed declaration of an output is a cause', () => {
  const before: Preimage['outputs'] = { a: { kind: 'figure' }, b: { kind: 'file', extension: '.x' } };
  expect(causes('outputs', before, { ...before, b: { kind: 'file', extension: '.y' } })).toEqual([
    { cause: 'outputs-changed', port: 'b' },
  ]);
  expect(causes('outputs', before, { a: { kind: 'figure' } })).toEqual([{ cause: 'outputs-changed', port: 'b' }]);
});

test('two preimages have a cause of difference exactly if their keys differ', () => {
  let equal = 0;
  const pair = fc.oneof({ arbitrary: anyPair, weight: 4 }, fc.tuple(anyPreimage, anyPreimage));
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const same = keyOf(a) === keyOf(b);
      if (same) equal++;
      expect(differences(a, b, context).length === 0).toBe(same);
    }),
    { numRuns: 3000 },
  );
  expect(equal).toBeGreaterThan(100);
});
