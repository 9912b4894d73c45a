import { describe, expect, test } from 'vitest';
import { type Explanation, explain, type Reason } from '../../src/explain/explain.ts';
import { changed, type Did, fromFile, fromPort, memory, stepRecord } from '../history/remembered.ts';

const recordings = ['a', 'b', 'c'];
const steps = [
  stepRecord('unzip', true, { archive: fromFile('data/{recording}.tar') }),
  stepRecord('detect', true, { trace: fromPort('unzip') }, { positions: { level: 'pipeline.yaml:31' } }),
  stepRecord('judge', true, { peaks: fromPort('detect'), trace: fromPort('unzip') }),
  stepRecord('summary', false, { judged: fromPort('judge', true) }),
];

/** A gathering pipeline whose contents name their archive and levels. */
function all(level: number, archive: string, more: { readonly [action: string]: Partial<Did> } = {}) {
  const did: { [action: string]: Did } = {};
  for (const r of recordings) {
    did[`unzip@${r}`] = { inputs: { archive: `${r} ${archive}` } };
    did[`detect@${r}`] = { params: { level }, inputs: { trace: `${r} ${archive}` } };
    did[`judge@${r}`] = { inputs: { peaks: `${r} ${archive} ${level}`, trace: `${r} ${archive}` } };
  }
  const judged = Object.fromEntries(recordings.map((r) => [r, `${r} ${archive} ${level}`]));
  did.summary = { inputs: { judged } };
  return Object.fromEntries(Object.entries(did).map(([action, one]) => [action, { ...one, ...more[action] }]));
}

/** The tree with a line for each cause. */
function tree(reasons: readonly Reason[], depth = 0): string[] {
  return reasons.flatMap(({ cause, alike, origin }) => {
    const what = 'param' in cause ? `${cause.param} ${cause.from} -> ${cause.to} ${cause.position}` : cause.cause;
    const from = cause.cause === 'input-changed' ? `${cause.port} <- ${[cause.source, ...alike].join(' ')}` : what;
    const as = origin?.as ? ` as ${origin.as}` : '';
    return [`${' '.repeat(depth)}${from}${as}`, ...tree(origin?.reasons ?? [], depth + 1)];
  });
}

const treeOf = (explanation: Explanation | undefined) => tree(explanation?.reasons ?? []);

describe('explain an executed action', () => {
  test('follows a changed parameter through every action in between', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const run = store.ran(steps, all(7, 'old', { 'judge@b': { why: [changed('peaks', 'detect@b')] } }));
    const explanation = explain(store, run, 'judge@b');
    expect(explanation).toMatchObject({ outcome: 'executed', run: 'run2', since: { run: 'run1' } });
    expect(treeOf(explanation)).toEqual(['peaks <- detect@b', ' level 8 -> 7 pipeline.yaml:31']);
  });

  test('follows a changed file of the user, and explains a source of two inputs once', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const why = [changed('peaks', 'detect@b'), changed('trace', 'unzip@b')];
    const run = store.ran(steps, all(8, 'new', { 'judge@b': { why } }));
    expect(treeOf(explain(store, run, 'judge@b'))).toEqual([
      'peaks <- detect@b',
      ' trace <- unzip@b',
      '  archive <- data/b.tar',
      'trace <- unzip@b as unzip@b',
    ]);
  });

  test('groups the recordings of a gathered input that changed for the same reasons', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const why = recordings.map((r) => changed('judged', `judge@${r}`, r));
    const run = store.ran(steps, all(7, 'old', { summary: { why } }));
    expect(treeOf(explain(store, run, 'summary'))).toEqual([
      'judged <- judge@a judge@b judge@c',
      ' peaks <- detect@a',
      '  level 8 -> 7 pipeline.yaml:31',
    ]);
  });

  test('explains a cause once that several recordings share', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const why = recordings.map((r) => changed('judged', `judge@${r}`, r));
    const other = { inputs: { archive: 'c other' } };
    const more = { 'judge@c': { inputs: { peaks: 'c old 7', trace: 'c other' } }, 'unzip@c': other };
    const run = store.ran(steps, all(7, 'old', { ...more, summary: { why } }));
    expect(treeOf(explain(store, run, 'summary'))).toEqual([
      'judged <- judge@a judge@b',
      ' peaks <- detect@a',
      '  level 8 -> 7 pipeline.yaml:31',
      'judged <- judge@c',
      ' peaks <- detect@c as detect@a',
      ' trace <- unzip@c',
      '  archive <- data/c.tar',
    ]);
  });

  test('compares an input with its last use by the action, not with runs of its maker in between', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    store.ran(steps, { 'detect@a': all(7, 'old')['detect@a'] as Did });
    store.ran(steps, { 'detect@a': all(6, 'old')['detect@a'] as Did });
    const why = [changed('peaks', 'detect@a')];
    const run = store.ran(steps, all(6, 'old', { 'judge@a': { why }, 'detect@a': { outcome: 'reused' } }));
    const explanation = explain(store, run, 'judge@a');
    expect(explanation?.since?.run).toBe('run1');
    expect(treeOf(explanation)).toEqual(['peaks <- detect@a', ' level 8 -> 6 pipeline.yaml:31']);
    expect(explanation?.reasons[0]?.origin?.made).toMatchObject({ started: '2000-01-03T00:00:00.000Z' });
  });

  test('names the changed files of code, in actions further up too', () => {
    const [unzip, detect, ...rest] = steps as [(typeof steps)[0], (typeof steps)[0]];
    const store = memory();
    const sources = (content: string) => ({ ...detect, sources: { 'lib/x.ts': content, 'detect.ts': '1' } as never });
    store.ran([unzip, sources('1'), ...rest], all(8, 'old'));
    const more = {
      'detect@a': { code: 'new', params: { level: 8 } },
      'judge@a': { why: [changed('peaks', 'detect@a')] },
    };
    const run = store.ran([unzip, sources('2'), ...rest], all(8, 'old', more));
    expect(explain(store, run, 'judge@a')?.reasons[0]?.origin?.reasons).toEqual([
      { cause: { cause: 'code-changed', files: ['lib/x.ts'] }, alike: [], origin: null },
    ]);
  });

  test('says that an action with an unchanged key was forced', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const why = [changed('peaks', 'detect@a')];
    const forced = { why: [{ cause: 'forced' as const }] };
    const run = store.ran(steps, all(8, 'old', { 'judge@a': { why }, 'detect@a': forced }));
    expect(treeOf(explain(store, run, 'judge@a'))).toEqual(['peaks <- detect@a', ' forced']);
  });

  test('falls back to the recorded causes if earlier results are gone', () => {
    const store = memory();
    const first = store.ran(steps, all(8, 'old'));
    const why = {
      'judge@a': { why: [changed('peaks', 'detect@a')] },
      'detect@a': { why: [{ cause: 'first-run' as const }] },
    };
    const run = store.ran(steps, all(7, 'old', why));
    store.forget(first);
    const explanation = explain(store, run, 'judge@a');
    expect(explanation?.since).toBeNull();
    expect(treeOf(explanation)).toEqual(['peaks <- detect@a', ' first-run']);
  });

  test('does not mistake a file for an action of the same name', () => {
    const store = memory();
    const own = [stepRecord('unzip', false), stepRecord('copy', false, { from: fromFile('unzip') })];
    store.ran(own, { unzip: {}, copy: { inputs: { from: '1' } } });
    const run = store.ran(own, { unzip: {}, copy: { inputs: { from: '2' }, why: [changed('from', 'unzip')] } });
    expect(explain(store, run, 'copy')?.reasons).toMatchObject([{ origin: null }]);
  });

  test('takes time linear in the edges of a mesh of actions', () => {
    const wide = 2;
    const mesh = Array.from({ length: 60 }, (_, level) =>
      Array.from({ length: wide }, (_, i) =>
        stepRecord(
          `s${level}x${i}`,
          false,
          level === 0 ? {} : Object.fromEntries([0, 1].map((k) => [`p${k}`, fromPort(`s${level - 1}x${k}`)])),
        ),
      ),
    ).flat();
    const did = (value: number) =>
      Object.fromEntries(
        mesh.map(({ name, inputs }) => [
          name,
          {
            params: name.startsWith('s0') ? { value } : {},
            inputs: Object.fromEntries(Object.keys(inputs).map((port) => [port, `${name} ${value}`])),
            why: Object.keys(inputs).map((port, k) => changed(port, `s${Number(/\d+/.exec(name)) - 1}x${k}`)),
          },
        ]),
      );
    const store = memory();
    store.ran(mesh, did(1));
    const lines = treeOf(explain(store, store.ran(mesh, did(2)), 's59x0'));
    expect(lines.length).toBeLessThan(60 * wide * wide + 10);
    expect(lines.filter((line) => line.includes('value 1 -> 2'))).toHaveLength(2);
  });
});

describe('explain a reused action', () => {
  test('finds no differences, in a run with nothing to do too', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const second = store.ran(steps, all(8, 'old', { 'judge@a': { outcome: 'reused' } }));
    const made = { action: 'judge@a', started: '2000-01-01T00:00:00.000Z', milliseconds: 1000 };
    const expected = { outcome: 'reused', reasons: [], made };
    expect(explain(store, second, 'judge@a')).toMatchObject({ ...expected, run: 'run2', since: { run: 'run1' } });
    const third = store.ranSame(second);
    expect(explain(store, third, 'judge@a')).toMatchObject({ ...expected, run: 'run3', since: { run: 'run2' } });
  });

  test('lists the differences from the run before after a return to earlier parameters', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    store.ran(steps, all(7, 'old'));
    const reused = Object.fromEntries(Object.keys(all(8, '')).map((name) => [name, { outcome: 'reused' as const }]));
    const run = store.ran(steps, all(8, 'old', reused));
    const explanation = explain(store, run, 'judge@a');
    expect(explanation).toMatchObject({ since: { run: 'run2' }, made: { started: '2000-01-01T00:00:00.000Z' } });
    expect(treeOf(explanation)).toEqual(['peaks <- detect@a', ' level 7 -> 8 pipeline.yaml:31']);
  });
});

describe('explain an action without a result', () => {
  const failure = { reason: 'data', message: 'no peaks' } as const;

  test('tells failed, blocked and unknown actions apart', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const why = [changed('trace', 'unzip@a')];
    const run = store.ran(steps, {
      'unzip@a': { inputs: { archive: 'a new' } },
      'detect@a': { outcome: 'failed', why, failure },
      'judge@a': { outcome: 'blocked', by: ['detect@a'] },
    });
    const failed = explain(store, run, 'detect@a');
    expect(failed).toMatchObject({ outcome: 'failed', failure, made: null });
    expect(treeOf(failed)).toEqual(['trace <- unzip@a', ' archive <- data/a.tar']);
    expect(explain(store, run, 'judge@a')).toMatchObject({ outcome: 'blocked', by: ['detect@a'], reasons: [] });
    expect(explain(store, run, 'judge@b')).toBeUndefined();
  });

  test('explains a gathered input that is gone because its maker failed', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const gone = { ...changed('judged', 'judge@b', 'b'), to: null } as ReturnType<typeof changed>;
    const run = store.ran(
      steps,
      all(8, 'old', { 'judge@b': { outcome: 'failed', failure }, summary: { why: [gone] } }),
    );
    expect(explain(store, run, 'summary')?.reasons).toMatchObject([
      { origin: { action: 'judge@b', outcome: 'failed', before: 'executed', failure, reasons: [] } },
    ]);
  });
});
