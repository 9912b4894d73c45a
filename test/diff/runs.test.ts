import { expect, test } from 'vitest';
import { diffRuns, flipsOf, type OutputDiff } from '../../src/diff/runs.ts';
import type { TableDiff } from '../../src/diff/tables.ts';
import { digestOf } from '../../src/files/digest.ts';
import type { StoredOutput } from '../../src/store/result.ts';
import { type Did, fromFile, fromPort, memory, stepRecord } from '../history/remembered.ts';

const recordings = ['a', 'b'];
const lib = (content: string) => ({ sources: { 'lib/x.ts': digestOf(content) } });
const steps = (content: string) => [
  stepRecord('unzip', true, { archive: fromFile('data/{recording}.tar'), sites: fromFile('sites.csv') }),
  stepRecord('detect', true, { trace: fromPort('unzip') }, { ...lib(content), positions: { level: 'p.yaml:3' } }),
  stepRecord('judge', true, { peaks: fromPort('detect') }, lib(content)),
];

interface Setting {
  readonly level: number;
  readonly code: string;
  readonly sites: string;
}

function all({ level, code, sites }: Setting, more: { readonly [action: string]: Partial<Did> } = {}) {
  const did = recordings.flatMap((r): [string, Did][] => [
    [`unzip@${r}`, { inputs: { archive: r, sites } }],
    [`detect@${r}`, { code, params: { level }, inputs: { trace: `${r} ${sites}` } }],
    [`judge@${r}`, { code, inputs: { peaks: `${r} ${sites} ${level} ${code}` } }],
  ]);
  return Object.fromEntries(did.map(([action, one]) => [action, { ...one, ...more[action] }]));
}

const usual: Setting = { level: 8, code: '1', sites: '1' };

test('diffRuns lists a changed parameter and a changed file once, without their consequences', () => {
  const store = memory();
  const before = store.ran(steps('1'), all(usual));
  const after = store.ran(steps('1'), all({ ...usual, level: 7, sites: '2' }));
  expect(diffRuns({ history: store, before, after }).changes).toEqual([
    {
      cause: {
        cause: 'input-changed',
        port: 'sites',
        recording: null,
        source: 'sites.csv',
        from: digestOf('1'),
        to: digestOf('2'),
      },
      steps: ['unzip'],
      actions: 2,
    },
    {
      cause: { cause: 'param-changed', param: 'level', from: 8, to: 7, position: 'p.yaml:3' },
      steps: ['detect'],
      actions: 2,
    },
  ]);
});

test('diffRuns lists a file of code once with all steps that share it', () => {
  const store = memory();
  const before = store.ran(steps('1'), all(usual));
  const after = store.ran(steps('2'), all({ ...usual, code: '2' }));
  expect(diffRuns({ history: store, before, after }).changes).toEqual([
    { cause: { cause: 'code-changed', files: ['lib/x.ts'] }, steps: ['detect', 'judge'], actions: 4 },
  ]);
});

test('diffRuns lists actions without a result in both runs, and results that are no longer in the store', () => {
  const store = memory();
  const before = store.ran(steps('1'), all(usual, { 'judge@b': { outcome: 'failed' }, 'detect@b': { lost: true } }));
  const { 'unzip@b': _, ...rest } = all(
    { ...usual, level: 7 },
    { 'judge@a': { outcome: 'blocked', by: ['detect@a'] } },
  );
  const after = store.ran(steps('1'), { ...rest, more: {} });
  const diff = diffRuns({ history: store, before, after });
  expect(diff.actions).toEqual([
    { action: 'unzip@b', before: 'executed', after: null },
    { action: 'judge@a', before: 'executed', after: 'blocked' },
    { action: 'judge@b', before: 'failed', after: 'executed' },
    { action: 'more', before: null, after: 'executed' },
  ]);
  expect(diff.lost).toEqual(['detect@b']);
});

test('diffRuns compares a run with nothing to do by the results that it found', () => {
  const store = memory();
  const before = store.ran(steps('1'), all(usual));
  const middle = store.ran(steps('1'), all({ ...usual, level: 7 }));
  const after = store.ranSame(middle);
  expect(diffRuns({ history: store, before: middle, after })).toMatchObject({
    before: { run: 'run2', record: 'run2' },
    after: { run: 'run3', record: 'run2', previous: 'run1' },
    changes: [],
    actions: [],
    outputs: [],
  });
  expect(diffRuns({ history: store, before, after }).changes).toHaveLength(1);
});

const output = (content: string): StoredOutput => ({
  kind: 'file',
  digest: digestOf(content),
  extension: '',
  files: [],
  siblings: [],
});

test('diffRuns lists outputs that changed, appeared or disappeared, and leaves out equal outputs', () => {
  const store = memory();
  const file = { kind: 'file' } as const;
  const did = (params: Did['params'], outputs: NonNullable<Did['outputs']>): { [action: string]: Did } => ({
    make: {
      ...(params ? { params } : {}),
      outputs,
      declared: Object.fromEntries(
        Object.keys(outputs).map((port) => [port, port === 'plot' ? { kind: 'figure' } : file]),
      ),
    },
  });
  const own = [stepRecord('make', false)];
  const before = store.ran(
    own,
    did({ p: 1 }, { same: output('1'), plot: output('1'), gone: output('1'), maybe: null }),
  );
  const after = store.ran(own, did({ p: 2 }, { same: output('1'), plot: output('2'), come: output('1'), maybe: null }));
  const { outputs } = diffRuns({ history: store, before, after });
  expect(outputs.map(({ port, kind, change }) => [port, kind, change])).toEqual([
    ['plot', 'figure', 'changed'],
    ['come', 'file', 'added'],
    ['gone', 'file', 'removed'],
  ]);
});

test('flipsOf takes the last step that has headlines in both runs', () => {
  const store = memory();
  const headline = { port: 'out', column: 'verdict', columns: ['verdict'], rows: [['x']] };
  const own = [stepRecord('judge', true), stepRecord('summary', false), stepRecord('after', false)];
  const did = (p: number, summary: boolean): { [action: string]: Did } => ({
    'judge@a': { params: { p }, headline },
    ...(summary ? { summary: { params: { p }, headline } } : {}),
    after: { params: { p } },
  });
  const table = (row: string, key: string[]) =>
    ({
      rows: { from: 1, to: 1 },
      key,
      flips: [{ row, column: 'verdict', from: 'x', to: 'y' }],
    }) as unknown as TableDiff;
  const outputs = [
    { action: 'judge@a', port: 'out', table: table('row 0', []) },
    { action: 'summary', port: 'out', table: table('a', ['recording']) },
  ] as unknown as OutputDiff[];
  const [one, two, three] = [store.ran(own, did(1, true)), store.ran(own, did(2, true)), store.ran(own, did(3, false))];
  const flip = { column: 'verdict', from: 'x', to: 'y', row: 'a' };
  expect(flipsOf({ history: store, before: one, after: two }, outputs)).toEqual([{ action: 'summary', ...flip }]);
  expect(flipsOf({ history: store, before: two, after: three }, outputs)).toEqual([{ action: 'judge@a', ...flip }]);
});
