import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Digest, digestOf } from '../../src/files/digest.ts';
import { type Cause, type Context, differences } from '../../src/history/cause.ts';
import { type InputIdentity, keyOf, type Preimage, type TaskIdentity } from '../../src/store/key.ts';
import { anyPair, anyPreimage } from '../store/any-preimage.ts';

const [one, two] = [digestOf('one'), digestOf('two')];

const content = (digest: Digest, extension = '.csv') => ({ digest, extension });

const context: Context = {
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

/** The causes of a change of one member. */
const causes = <M extends keyof Preimage>(member: M, before: Preimage[M], after: Preimage[M]): Cause[] =>
  differences({ ...base, [member]: before }, { ...base, [member]: after }, context);

test('none between equal preimages', () => {
  expect(differences(base, { ...base, params: {} }, context)).toEqual([]);
});

test('another format', () => {
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

  test('with values, and with the place where it was written', () => {
    expect(causes('params', { multiplier: 8, same: [1] }, { multiplier: 7.5, same: [1] })).toEqual([
      changed('multiplier', 8, 7.5, 'pipeline.yaml:31'),
    ]);
  });

  test('deep values, by content', () => {
    const [before, after] = [{ window: { from: 0, to: 1 } }, { window: { to: 1, from: 0 } }];
    expect(causes('params', before, after)).toEqual([]);
    expect(causes('params', before, { window: { from: 0 } })).toEqual([changed('window', before.window, { from: 0 })]);
  });

  test('new and gone, in the order of their names', () => {
    expect(causes('params', { b: 1 }, { a: 2 })).toEqual([changed('a', null, 2), changed('b', 1, null)]);
  });

  test('null is something else than left out', () => {
    expect(causes('params', {}, { a: null })).toEqual([changed('a', null, null)]);
  });

  test('whatever they are called', () => {
    expect(causes('params', {}, { constructor: 1 })).toEqual([changed('constructor', null, 1)]);
  });
});

describe('the task', () => {
  test('its code, with the files that changed', () => {
    const after: TaskIdentity = { kind: 'module', code: two, packages: ['a@1'] };
    expect(causes('task', base.task, after)).toEqual([{ cause: 'code-changed', files: ['tasks/lib/peaks.ts'] }]);
  });

  test('its packages', () => {
    const after: TaskIdentity = { kind: 'module', code: one, packages: ['a@2', 'b@1'] };
    expect(causes('task', base.task, after)).toEqual([
      { cause: 'packages-changed', packages: ['-a@1', '+a@2', '+b@1'] },
    ]);
  });

  test('a module instead of a command', () => {
    expect(causes('task', command, base.task).map(({ cause }) => cause)).toEqual(['code-changed']);
  });

  test('its command, or the recording in it', () => {
    expect(causes('task', command, { ...command, command: 'cp' })).toEqual([{ cause: 'command-changed' }]);
    expect(causes('task', command, { ...command, recording: 'a' })).toEqual([{ cause: 'command-changed' }]);
  });

  test('its environment, by name', () => {
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

  test('another content, with where it comes from', () => {
    expect(inputCauses(content(one), content(two))).toEqual([changed(null, one, two)]);
  });

  test('there or not there, or not declared', () => {
    expect(inputCauses({ absent: true }, content(one))).toEqual([changed(null, null, one)]);
    expect(inputCauses(content(one), { absent: true })).toEqual([changed(null, one, null)]);
    expect(inputCauses(undefined, { absent: true })).toEqual([changed(null, null, null)]);
    expect(inputCauses(undefined, gathered())).toEqual([changed(null, null, null)]);
  });

  test('the same content under another extension', () => {
    const renamed = { cause: 'extension-changed', port: 'in', from: '.csv', to: '.txt' };
    expect(inputCauses(content(one), content(one, '.txt'))).toEqual([{ ...renamed, recording: null }]);
    expect(
      inputCauses(
        gathered({ recording: 'a', ...content(one) }, { recording: 'b', ...content(one) }),
        gathered({ recording: 'a', ...content(two, '.txt') }, { recording: 'b', ...content(one, '.txt') }),
      ),
    ).toEqual([changed('a', one, two), { ...renamed, recording: 'b' }]);
  });

  test('gathered: only the recordings that changed', () => {
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

test('the declaration of an output', () => {
  const before: Preimage['outputs'] = { a: { kind: 'figure' }, b: { kind: 'file', extension: '.x' } };
  expect(causes('outputs', before, { ...before, b: { kind: 'file', extension: '.y' } })).toEqual([
    { cause: 'outputs-changed', port: 'b' },
  ]);
  expect(causes('outputs', before, { a: { kind: 'figure' } })).toEqual([{ cause: 'outputs-changed', port: 'b' }]);
});

test('there is a cause exactly when the keys differ', () => {
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
