import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { Ran } from '../end-to-end/rig.ts';
import { startCluster } from './cluster.ts';
import { heldProject, until } from './held.ts';
import { ALL, clusterProject, GATHERED } from './project.ts';

const cluster = startCluster();
const ON = ['--on', 'slurm'];

const failureOf = (ran: Ran, action: string) => {
  const finished = ran.finished(action);
  if (finished.outcome !== 'failed') throw new Error(`${action} was ${finished.outcome}`);
  return finished.failure;
};

test('a cluster gives the same results as this machine, by a job for the recordings and a job that gathers', async () => {
  const rig = clusterProject(cluster);
  const before = cluster.submitted().length;
  const ran = await rig.run(...ON);
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  expect(ran.executed).toEqual(ALL);
  expect(cluster.submitted().length - before).toBe(2);
  expect(rig.read('out/all/all.txt')).toBe(GATHERED);
  await rig.groundproof('lock');
  const lock = rig.read('pipeline.lock');

  const again = await rig.run(...ON);
  expect([again.executed, again.reused]).toEqual([[], ALL]);
  expect(cluster.submitted().length - before).toBe(2);

  const local = await rig.run('--store', 'local', '--out', 'local-out');
  expect(local.executed).toEqual(ALL);
  await rig.groundproof('lock', '--store', 'local');
  expect(rig.read('pipeline.lock')).toBe(lock);
});

test('a run joins the jobs of a killed driver, and submits nothing twice', async () => {
  const { rig, open, begun, times } = heldProject(cluster);
  const before = cluster.submitted().length;
  const driver = rig.start('run', ...ON);
  await Promise.all(['a', 'b', 'c'].map(begun));
  driver.kill('SIGKILL');
  await driver.ended;

  const second = rig.start('run', ...ON, '--reporter', 'json');
  await second.printed('jobs-joined');
  open();
  expect((await second.ended).code).toBe(0);
  expect(cluster.submitted().length - before).toBe(2);
  expect(['a', 'b', 'c'].map(times)).toEqual([1, 1, 1]);
  expect(rig.read('out/all/all.txt')).toBe(GATHERED);
});

test('two drivers at once share the jobs, and each action executes once', async () => {
  const { rig, open, begun, times } = heldProject(cluster);
  const before = cluster.submitted().length;
  const drivers = [rig.start('run', ...ON), rig.start('run', ...ON, '--out', 'other-out')];
  await Promise.all(['a', 'b', 'c'].map(begun));
  open();
  expect((await Promise.all(drivers.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0]);
  expect(cluster.submitted().length - before).toBe(2);
  expect(['a', 'b', 'c'].map(times)).toEqual([1, 1, 1]);
});

test('Ctrl-C cancels all jobs and waits until they are gone', async () => {
  const { rig, begun } = heldProject(cluster);
  const driver = rig.start('run', ...ON);
  await begun('a');
  driver.kill('SIGINT');
  expect((await driver.ended).code).toBe(130);
  expect(cluster.live()).toEqual([]);
});

test('a detached run ends by itself: status shows its progress, and the next run its results', async () => {
  const { rig, open, begun } = heldProject(cluster);
  const detached = await rig.groundproof('run', ...ON, '--detach');
  expect(detached.code, detached.stderr).toBe(0);
  await begun('a');
  const status = await rig.groundproof('status');
  expect(status.code, status.stderr).toBe(0);
  expect(status.stdout).toMatch(/large .*running/);
  open();
  await until('the jobs are done', () => cluster.live().length === 0);
  const shown = await rig.run(...ON);
  expect([shown.code, shown.executed.length + shown.reused.length]).toEqual([0, ALL.length]);
  expect(rig.read('out/all/all.txt')).toBe(GATHERED);
});

test('a slot that somebody cancels is reported as cancelled and not submitted again, and the others go on', async () => {
  const { rig, open, begun } = heldProject(cluster, { retries: 2 });
  const driver = rig.start('run', ...ON, '--keep-going', '--reporter', 'json');
  await Promise.all(['a', 'b', 'c'].map(begun));
  const [, slot] = cluster.live();
  cluster.slurm('scancel', slot ?? '');
  await driver.printed('job-lost');
  open();
  const { code, stdout } = await driver.ended;
  expect(code).toBe(1);
  expect(stdout).toContain('"why":"cancelled"');
  expect(stdout).toContain('"outcome":"executed"');
});

test('the slots of a node that dies are reported as lost, and made again on another node', async () => {
  const { rig, open, begun, times } = heldProject(cluster);
  const driver = rig.start('run', ...ON, '--reporter', 'json');
  await Promise.all(['a', 'b', 'c'].map(begun));
  cluster.stopNode(1);
  onTestFinished(() => cluster.startNode(1));
  await driver.printed('node failed');
  open();
  const { code, stdout } = await driver.ended;
  expect(code, stdout).toBe(0);
  expect(['a', 'b', 'c'].map(times).filter((began) => began > 1).length).toBeGreaterThan(0);
  expect(rig.read('out/all/all.txt')).toBe(GATHERED);
});

test('an action that takes more memory than its resources fails as out of memory', async () => {
  await until('both nodes are there', () => cluster.slurm('sinfo', '--noheader', '--format=%T')[0] === 'idle');
  const greedy = `exec node -e 'const all = []; setInterval(() => all.push(Buffer.alloc(5e7, 1)), 20)'`;
  const rig = clusterProject(cluster, { first: greedy, resources: '{ memory: 400MB }' });
  const ran = await rig.run(...ON, '--keep-going');
  expect(ran.code).toBe(1);
  expect(failureOf(ran, 'large@a')).toMatchObject({ reason: 'job-lost', why: 'out-of-memory' });
});

test('an action that takes more time than its resources fails as timed out', async () => {
  // Slurm counts in minutes, so the 20 s of each of two steps become a minute.
  const { rig } = heldProject(cluster, { slurm: '{ time: 20s }' });
  const ran = await rig.run(...ON, '--keep-going');
  expect(ran.code).toBe(1);
  expect(failureOf(ran, 'large@a')).toMatchObject({ reason: 'job-lost', why: 'timed-out' });
});

test('slots report a full disk and leave nothing partial in the store, and succeed once there is space', async () => {
  const filling = clusterProject(cluster, { first: 'head -c 30000000 /dev/zero >> {outputs.text}' });
  const store = filling.path('small');
  mkdirSync(store);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', store]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', store]));
  const full = await filling.run(...ON, '--store', 'small');
  expect(full.code).toBe(1);
  expect(full.executed).toEqual([]);
  const check = await filling.groundproof('cache', 'check', '--store', 'small');
  expect(check.code, check.stdout + check.stderr).toBe(0);

  execFileSync('mount', ['-o', 'remount,size=400m', store]);
  const roomy = await filling.run(...ON, '--store', 'small');
  expect([roomy.code, roomy.executed]).toEqual([0, ALL]);
});
