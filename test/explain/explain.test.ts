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

/** Everything, with contents that tell which archive and which level they came from. */
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

/** The tree in short: a cause a line. */
function tree(reasons: readonly Reason[], depth = 0): string[] {
  return reasons.flatMap(({ cause, alike, origin }) => {
    const what = 'param' in cause ? `${cause.param} ${cause.from} -> ${cause.to} ${cause.position}` : cause.cause;
    const from = cause.cause === 'input-changed' ? `${cause.port} <- ${[cause.source, ...alike].join(' ')}` : what;
    const as = origin?.as ? ` as ${origin.as}` : '';
    return [`${' '.repeat(depth)}${from}${as}`, ...tree(origin?.reasons ?? [], depth + 1)];
  });
}

const treeOf = (explanation: Explanation | undefined) => tree(explanation?.reasons ?? []);

describe('executed', () => {
  test('down to the parameter, through every action between', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const run = store.ran(steps, all(7, 'old', { 'judge@b': { why: [changed('peaks', 'detect@b')] } }));
    const explanation = explain(store, run, 'judge@b');
    expect(explanation).toMatchObject({ outcome: 'executed', run: 'run2', since: { run: 'run1' } });
    expect(treeOf(explanation)).toEqual(['peaks <- detect@b', ' level 8 -> 7 pipeline.yaml:31']);
  });

  test("down to a user's file; what two inputs share is told once", () => {
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

  test('recordings of a gathered input that changed for the same reasons are one', () => {
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

  test('of those that did not, what they share is told once', () => {
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

  test('an input is compared with what the action last had, not with what its maker did in between', () => {
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

  test('code: with the files that changed, also of an action further up', () => {
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

  test('of the same key, forced: that', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const why = [changed('peaks', 'detect@a')];
    const forced = { why: [{ cause: 'forced' as const }] };
    const run = store.ran(steps, all(8, 'old', { 'judge@a': { why }, 'detect@a': forced }));
    expect(treeOf(explain(store, run, 'judge@a'))).toEqual(['peaks <- detect@a', ' forced']);
  });

  test('what the run recorded, where there is nothing left to compare with', () => {
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

  test('a file that is called like an action is no action', () => {
    const store = memory();
    const own = [stepRecord('unzip', false), stepRecord('copy', false, { from: fromFile('unzip') })];
    store.ran(own, { unzip: {}, copy: { inputs: { from: '1' } } });
    const run = store.ran(own, { unzip: {}, copy: { inputs: { from: '2' }, why: [changed('from', 'unzip')] } });
    expect(explain(store, run, 'copy')?.reasons).toMatchObject([{ origin: null }]);
  });

  test('a mesh of actions takes no longer than it has edges', () => {
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

describe('reused', () => {
  test('nothing changed, also in a run that had nothing to do', () => {
    const store = memory();
    store.ran(steps, all(8, 'old'));
    const second = store.ran(steps, all(8, 'old', { 'judge@a': { outcome: 'reused' } }));
    const made = { action: 'judge@a', started: '2000-01-01T00:00:00.000Z', milliseconds: 1000 };
    const expected = { outcome: 'reused', reasons: [], made };
    expect(explain(store, second, 'judge@a')).toMatchObject({ ...expected, run: 'run2', since: { run: 'run1' } });
    const third = store.ranSame(second);
    expect(explain(store, third, 'judge@a')).toMatchObject({ ...expected, run: 'run3', since: { run: 'run2' } });
  });

  test('back at an earlier setting: what differs from the run before', () => {
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

describe('without a result', () => {
  const failure = { reason: 'data', message: 'no peaks' } as const;

  test('failed, blocked, no part of the run', () => {
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

  test('a gathered input that is gone because its maker failed', () => {
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
