import { readdirSync, readFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import type { ActionFinished } from '../../src/history/event.ts';
import { encodeTable } from '../../src/task/table-file.ts';
import { makeRig, type Outcomes } from './rig.ts';
import { taskModule } from './task-module.ts';

const pipeline = (steps: object) => JSON.stringify({ steps });

const failureOf = (ran: Outcomes, action: string) =>
  (ran.finished(action) as Extract<ActionFinished, { outcome: 'failed' }>).failure;

const columns = { time: { type: 'float64', unit: 's' }, name: { type: 'utf8', nullable: true } };

/** Sums the column `time` of a table. */
const sumTask = taskModule(
  `    const { time } = await inputs.spikes.columns();
    outputs.out.write(Buffer.from(String(time.reduce((a, b) => a + b))));`,
  {
    inputs:
      "spikes: table({ description: '', columns: { time: { type: 'float64', unit: 's', description: 'When.' } } })",
  },
);

const streamOf = (time: readonly number[], name: readonly (string | null)[]) =>
  arrow.tableToIPC(
    new arrow.Table({
      extra: arrow.vectorFromArray(time.map(() => 1)),
      name: arrow.vectorFromArray([...name], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
      time: arrow.vectorFromArray([...time], new arrow.Float64()),
    }),
    'stream',
  );

test('a table that a command writes as Arrow or as CSV is stored as the canonical Arrow file', async () => {
  const make = (from: object) => ({
    shell: 'cat {inputs.written} > {outputs.spikes}',
    inputs: { written: { file: 'written' } },
    outputs: { spikes: { table: columns, ...from } },
  });
  const steps = {
    arrow: { ...make({}), inputs: { written: { file: 'written.arrows' } } },
    csv: { ...make({ from: 'csv' }), inputs: { written: { file: 'written.csv' } } },
    sum: { uses: './sum.ts', inputs: { spikes: 'csv.spikes' } },
  };
  const rig = makeRig({
    'written.arrows': streamOf([0.5, 2], ['a', null]),
    'written.csv': 'name,time\na,0.5\n,2\n',
    'sum.ts': sumTask,
    'pipeline.yaml': pipeline(steps),
  });
  expect((await rig.run()).executed).toEqual(['arrow', 'csv', 'sum']);
  const described = Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, { description: '', ...column }]),
  );
  const canonical = await encodeTable(
    { description: '', columns: described } as never,
    {
      time: [0.5, 2],
      name: ['a', null],
    } as never,
  );
  if (!canonical.ok) throw new Error(canonical.error.kind);
  for (const step of ['arrow', 'csv']) {
    expect(readFileSync(rig.path(`out/${step}/spikes.arrow`)).equals(canonical.value)).toBe(true);
    expect(readdirSync(rig.path(`out/${step}`))).toEqual(['spikes.arrow']);
  }
  expect(rig.read('out/sum/out.txt')).toBe('2.5');
  expect((await rig.run()).reused).toEqual(['arrow', 'csv', 'sum']);
  // The same table in other bytes: nothing below it runs.
  rig.write('written.csv', 'time,name\n.5,a\n2.0,\n');
  expect((await rig.runHere()).executed).toEqual(['csv']);
  // The declaration is in the key.
  rig.write(
    'pipeline.yaml',
    pipeline({
      ...steps,
      csv: { ...steps.csv, outputs: { spikes: { table: { time: { type: 'float64' } }, from: 'csv' } } },
    }),
  );
  expect((await rig.runHere()).executed).toEqual(['csv', 'sum']);
});

test('a table that is not as declared fails the step by its column and row', async () => {
  const make = (script: string, more: object = {}) => ({
    shell: `${script} > {outputs.spikes}`,
    outputs: { spikes: { table: columns, from: 'csv', ...more } },
  });
  const rig = makeRig({
    'written.arrows': streamOf([1], ['a']),
    'pipeline.yaml': pipeline({
      cell: make("printf 'time,name\\n1,a\\nx,b\\n'"),
      column: make("printf 'tme,name\\n1,a\\n'"),
      text: make('echo time'),
      noArrow: make('echo time', { from: 'arrow' }),
      type: {
        shell: 'cat {inputs.written} > {outputs.spikes}',
        inputs: { written: { file: 'written.arrows' } },
        outputs: { spikes: { table: { time: { type: 'int32' } } } },
      },
      link: { ...make('true'), shell: 'ln -s /etc/passwd {outputs.spikes}' },
      folder: { ...make('true'), shell: 'mkdir {outputs.spikes}' },
      missing: { ...make('true'), shell: 'true {outputs.spikes}' },
    }),
  });
  const ran = await rig.run('--keep-going');
  expect(ran.executed).toEqual([]);
  const said = (action: string) => {
    const failure = failureOf(ran, action);
    return failure.reason === 'output-invalid' ? failure.message : failure.reason;
  };
  expect(said('cell')).toMatchInlineSnapshot(`"row 2 of its CSV, column 'time': "x" is not a number"`);
  expect(said('column')).toMatchInlineSnapshot(
    `"column 'time' is missing in its CSV, whose first line holds tme, name"`,
  );
  expect(said('text')).toMatchInlineSnapshot(`"column 'name' is missing in its CSV, whose first line holds time"`);
  expect(said('noArrow')).toMatchInlineSnapshot(`"not a readable Arrow file: 5 bytes that do not start with ARROW1"`);
  expect(said('type')).toMatchInlineSnapshot(`"column 'time' should be int32, found float64"`);
  expect(said('link')).toMatchInlineSnapshot(
    `"it is a symbolic link, and its target is not part of the result; copy the target instead: cp -rL"`,
  );
  expect(said('folder')).toMatchInlineSnapshot(`"it is a folder; write a file"`);
  expect(failureOf(ran, 'missing')).toEqual({
    reason: 'output-missing',
    port: 'spikes',
    optional: '{ table: ..., optional: true }',
  });
});

test('a folder of a shell step is there and empty when its command begins', async () => {
  const rig = makeRig({
    'pipeline.yaml': pipeline({
      make: {
        shell: '[ -z "$(ls -A {outputs.site})" ]; mkdir {outputs.site}/a; echo 1 > {outputs.site}/a/b.txt',
        outputs: { site: { folder: true } },
      },
      look: { shell: 'cat {inputs.site}/a/b.txt > {outputs.o}', inputs: { site: 'make.site' }, outputs: { o: '.txt' } },
    }),
  });
  expect((await rig.runHere()).executed).toEqual(['look', 'make']);
  expect(rig.read('out/make/site/a/b.txt')).toBe('1\n');
  expect(rig.read('out/look/o.txt')).toBe('1\n');
  expect((await rig.runHere('--force', 'make')).executed).toEqual(['make']);
});

test('an optional output of a shell step may be left out', async () => {
  const step = (shell: string) => ({
    shell: `${shell} # {outputs.o} {outputs.d} {outputs.t}`,
    outputs: {
      o: { file: '.txt', optional: true },
      d: { folder: true, optional: true },
      t: { table: columns, optional: true },
    },
  });
  const rig = makeRig({
    'pipeline.yaml': pipeline({
      nothing: step('true'),
      file: step('echo 1 > {outputs.o}'),
      look: {
        shell: 'echo "[$(cat {inputs.o} < /dev/null)]" {inputs.none} > {outputs.seen}',
        inputs: { o: 'file.o', none: 'nothing.o' },
        outputs: { seen: '.txt' },
      },
    }),
  });
  expect((await rig.runHere()).executed).toEqual(['file', 'look', 'nothing']);
  expect(readdirSync(rig.path('out/file'))).toEqual(['o.txt']);
  expect(rig.read('out/look/seen.txt')).toBe('[1] \n');
  expect(rig.exists('out/nothing')).toBe(false);
});
