import { expect, test } from 'vitest';
import { isLive, parseQueue, rowsBySlot, slotState } from '../../src/slurm/job-state.ts';
import { sbatchOptions, slotScript } from '../../src/slurm/sbatch.ts';

// Printed by squeue 22.05.
const QUEUE = `other|1|2|RUNNING|n1|2026-11-22T19:19:18|None
groundproof-ab-cd-0|11|0|COMPLETED|n1|2026-11-22T19:42:20|None
groundproof-ab-cd-0|11|1|RUNNING|n2|2026-11-22T19:42:20|None
groundproof-ab-cd-0|11|2|PENDING||N/A|Resources
groundproof-ab-cd-1|12|N/A|CANCELLED||2026-11-22T19:42:30|Dependency
groundproof-ab-cd-2|13|7|PENDING||2026-11-22T21:00:00|launch failed requeued held
`;

test('parseQueue reads the lines of squeue', () => {
  const rows = parseQueue(QUEUE, 'groundproof-ab-cd-');
  expect(rows.map(({ name, job, index }) => `${name} ${job} ${index}`)).toEqual([
    'groundproof-ab-cd-0 11 0',
    'groundproof-ab-cd-0 11 1',
    'groundproof-ab-cd-0 11 2',
    'groundproof-ab-cd-1 12 0',
    'groundproof-ab-cd-2 13 7',
  ]);
  expect(rows.map(({ node, since }) => [node, since])).toEqual([
    ['n1', '2026-11-22T19:42:20'],
    ['n2', '2026-11-22T19:42:20'],
    [null, null],
    [null, '2026-11-22T19:42:30'],
    [null, null],
  ]);
  expect(rows.map((row) => slotState(row))).toEqual([
    { is: 'ended' },
    { is: 'running' },
    { is: 'waiting', reason: 'Resources' },
    { is: 'lost', why: 'cancelled' },
    { is: 'lost', why: 'held' },
  ]);
  expect(rows.map(isLive)).toEqual([false, true, true, false, true]);
  expect(parseQueue('', 'groundproof-')).toEqual([]);
});

test('parseQueue skips the row of an cancelled rest of an array if other rows have an index', () => {
  const row = (index: string, state: string) => `groundproof-a-b-0|11|${index}|${state}|n1|N/A|None`;
  const meta = row('N/A', 'CANCELLED');
  for (const lines of [
    [row('0', 'RUNNING'), meta],
    [meta, row('0', 'RUNNING')],
  ]) {
    expect(parseQueue(lines.join('\n'), 'groundproof-').map(({ state }) => state)).toEqual(['RUNNING']);
  }
  expect(parseQueue(`${meta}\n${row('3', 'RUNNING')}`, 'groundproof-').map(({ index }) => index)).toEqual([3]);
});

test('rowsBySlot prefers the live row of a slot that has two', () => {
  const rows = parseQueue('g|1|0|COMPLETED|||\ng|2|0|RUNNING|||\ng|3|0|CANCELLED|||', 'g');
  expect([...rowsBySlot(rows)].map(([id, { job }]) => [id, job])).toEqual([['g 0', '2']]);
});

test.each([
  ['TIMEOUT', 'None', 'timed-out'],
  ['DEADLINE', 'None', 'timed-out'],
  ['OUT_OF_MEMORY', 'OutOfMemory', 'out-of-memory'],
  ['NODE_FAIL', 'NodeDown', 'node-failed'],
  ['BOOT_FAIL', 'None', 'node-failed'],
  ['PREEMPTED', 'None', 'preempted'],
  ['REQUEUE_HOLD', 'None', 'held'],
  ['PENDING', 'launch_failed_requeued_held', 'held'],
  ['PENDING', 'DependencyNeverSatisfied', 'never-starts'],
  ['PENDING', 'PartitionConfig', 'never-starts'],
])('a slot in state %s (%s) is lost: %s', (state, reason, why) => {
  expect(slotState({ state, reason })).toEqual({ is: 'lost', why });
});

test('a slot that a person holds waits, and a suspended or completing slot runs', () => {
  expect(slotState({ state: 'PENDING', reason: 'JobHeldUser' })).toEqual({ is: 'waiting', reason: 'JobHeldUser' });
  expect(slotState({ state: 'SUSPENDED', reason: 'None' })).toEqual({ is: 'running' });
  expect(slotState({ state: 'COMPLETING', reason: 'None' })).toEqual({ is: 'running' });
});

const plain = {
  name: 'groundproof-ab-cd-0',
  slots: 12,
  resources: { cpus: null, memory: null, time: null },
  after: [],
  log: '/store/100%/0',
  folder: '/my pipeline',
};
const settings = { partition: null, account: null, resources: plain.resources, options: [] };

test('sbatchOptions names the array, its log and folder, the resources and the options of the site', () => {
  expect(sbatchOptions(plain, settings)).toEqual([
    '--parsable',
    '--job-name=groundproof-ab-cd-0',
    '--array=0-11',
    '--output=/store/100%%/0-%a.log',
    '--open-mode=append',
    '--chdir=/my pipeline',
    '--no-requeue',
    '--export=ALL',
    '--kill-on-invalid-dep=yes',
    '--ntasks=1',
  ]);
  const asked = { ...plain, resources: { cpus: 4, memory: 1e9, time: 61 }, after: ['41', '42'] };
  const site = { ...settings, partition: 'main', account: 'lab', options: ['--qos=long'] };
  expect(sbatchOptions(asked, site).slice(10)).toEqual([
    '--dependency=afterany:41:42',
    '--partition=main',
    '--account=lab',
    '--cpus-per-task=4',
    '--mem=954M',
    '--time=2',
    '--qos=long',
  ]);
});

test('slotScript quotes any path', () => {
  expect(slotScript('/usr/bin/node', "/it's/cli.js", '/a $HOME', 3)).toBe(
    `#!/bin/sh\nexec '/usr/bin/node' '/it'\\''s/cli.js' job '/a $HOME' 3 "$SLURM_ARRAY_TASK_ID"\n`,
  );
});
