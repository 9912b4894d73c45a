/** `out/` for people and programs: a single run at a time, a single pipeline per place, leftovers, and its own record. */
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/history/event.ts';
import type { OutState } from '../../src/out/state.ts';
import { makeRig, type Rig } from './rig.ts';

const MANIFEST = 'out/.groundproof-out.jsonl';

/** `a` waits for the file `go`, `b` copies it; `each` has an action per recording. */
const pipeline = `
each: { recording: [r1, r2] }
steps:
  a: { shell: "while [ ! -e {params.go} ]; do sleep 0.05; done; echo {params.p} > {outputs.o}", params: { p: 1, go: GO }, outputs: { o: .txt } }
  b: { shell: "cp {inputs.x} {outputs.o}", inputs: { x: a.o }, outputs: { o: .txt } }
  each: { shell: "cp {inputs.f} {outputs.o}", each: recording, inputs: { f: { file: "data/{recording}.txt" } }, outputs: { o: .txt } }
`;

function project({ held = false } = {}): Rig {
  const rig = makeRig({ 'data/r1.txt': 'one', 'data/r2.txt': 'two' });
  rig.write('pipeline.yaml', pipeline.replace('GO', rig.path('go')));
  if (!held) rig.write('go', '');
  return rig;
}

const stateOf = (rig: Rig): OutState => JSON.parse(rig.read('out/RUN.json'));
const said = (events: readonly Event[]) => events.find(({ type }) => type === 'out-also-shows');

describe('out/ admits a single run at a time', () => {
  test('so the second waits, names the first and its pipeline, and then shows its own results', async () => {
    const rig = project({ held: true });
    const first = rig.start('run');
    await first.printed('3 actions'.replace('3', '4'));
    const second = rig.start('run', '--set', 'a.p=2');
    await second.printed(`out is in use by process ${first.pid} (pipeline.yaml, run `);
    rig.write('go', '');
    expect((await first.ended).code).toBe(0);
    expect((await second.ended).code).toBe(0);
    expect([rig.read('out/a/o.txt'), rig.read('out/b/o.txt')]).toEqual(['2\n', '2\n']);
    expect(stateOf(rig)).toMatchObject({ complete: true, set: ['a.p=2'] });
    expect(readdirSync(rig.path('out')).sort()).toEqual(['.groundproof-out.jsonl', 'RUN.json', 'a', 'b', 'each']);
  });

  test('also for runs with different stores; Ctrl-C ends the wait, and a killed owner is replaced', async () => {
    const rig = project({ held: true });
    const first = rig.start('run');
    await first.printed('4 actions');
    const second = rig.start('run', '--store', 'other-store');
    const third = rig.start('run', '--store', 'other-store', '--set', 'a.p=3');
    await Promise.all([second.printed('waiting for it to end'), third.printed('waiting for it to end')]);
    second.kill('SIGINT');
    const { code, stderr } = await second.ended;
    expect({ code, stderr }).toMatchObject({ code: 130, stderr: expect.stringContaining('nothing was done') });
    first.kill('SIGKILL');
    rig.write('go', '');
    expect((await third.ended).code).toBe(0);
    expect(rig.read('out/b/o.txt')).toBe('3\n');
  });

  test('and names a stopped owner with the command that continues it', async () => {
    const rig = project({ held: true });
    const first = rig.start('run');
    await first.printed('4 actions');
    const second = rig.start('run');
    await second.printed('waiting for it to end');
    first.kill('SIGSTOP');
    await second.printed(`which was stopped: continue it (kill -CONT ${first.pid})`);
    first.kill('SIGCONT');
    rig.write('go', '');
    expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
  });

  test('also for two calls in a process', async () => {
    const rig = project();
    const [one, two] = await Promise.all([rig.runHere(), rig.runHere('--set', 'a.p=2')]);
    const waited = [one, two].filter(({ events }) => events.some(({ type }) => type === 'out-busy'));
    expect(waited).toHaveLength(1);
    expect(rig.read('out/a/o.txt')).toBe(rig.read('out/b/o.txt'));
  });

  test('so a run with nothing to do waits for the lock too', async () => {
    const rig = project();
    await rig.run();
    await rig.run();
    writeFileSync(rig.path('out/.groundproof-out.lock'), JSON.stringify({ opening: '999999999-1-0', nonce: 'dead' }));
    const ran = await rig.run();
    expect(ran.code).toBe(0);
    // The slow path took over the lock of the dead run, and released it.
    expect(existsSync(rig.path('out/.groundproof-out.lock'))).toBe(false);
  });
});

describe('out/ belongs to a single pipeline, place by place', () => {
  test('so a second pipeline with a step of the same name is refused before it runs', async () => {
    const rig = project();
    await rig.run();
    rig.write('other.yaml', 'steps:\n  a: { shell: "touch ran; echo other > {outputs.o}", outputs: { o: .txt } }\n');
    const refused = await rig.groundproof('run', 'other.yaml');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('shows a of another pipeline');
    expect(refused.stderr).toContain('--out');
    expect(rig.read('out/a/o.txt')).toBe('1\n');
    rig.write('other.yaml', 'steps:\n  z: { shell: "echo other > {outputs.o}", outputs: { o: .txt } }\n');
    expect((await rig.groundproof('run', 'other.yaml')).code).toBe(0);
    expect((await rig.groundproof('prune')).stdout).toContain('nothing in out');
    expect(rig.read('out/z/o.txt')).toBe('other\n');
  });

  test('and a renamed pipeline takes over its earlier results', async () => {
    const rig = project();
    await rig.run();
    rig.write('renamed.yaml', rig.read('pipeline.yaml'));
    rig.remove('pipeline.yaml');
    expect((await rig.groundproof('run', 'renamed.yaml', '--set', 'a.p=2')).code).toBe(0);
    expect(rig.read('out/a/o.txt')).toBe('2\n');
  });
});

describe('leftovers in out/', () => {
  test('of a removed step and recording are named after a run, and removed only on request', async () => {
    const rig = project();
    await rig.run();
    rig.write('out/b/notes.md', 'mine');
    rig.edit('pipeline.yaml', 'recording: [r1, r2]', 'recording: [r1]');
    rig.edit('pipeline.yaml', '  b: {', '  c: {');
    const ran = await rig.run();
    expect(said(ran.events)).toMatchObject({ leftovers: ['b', 'each@r2'], earlier: [] });
    expect(rig.exists('out/b/o.txt')).toBe(true);
    expect((await rig.groundproof('run')).stderr).toContain('groundproof prune removes them');
    expect((await rig.groundproof('prune', '--dry-run')).stdout).toContain('would remove 2 files of 2 actions in out');
    expect(rig.exists('out/b/o.txt')).toBe(true);
    expect((await rig.groundproof('prune')).stdout).toContain('removed 2 files of 2 actions in out');
    expect(readdirSync(rig.path('out/b'))).toEqual(['notes.md']);
    expect(readdirSync(rig.path('out/each'))).toEqual(['r1']);
    expect(said((await rig.run()).events)).toBeUndefined();
  });

  test('include results of an earlier run without --each', async () => {
    const rig = project();
    const { run } = (await rig.run()).events.find((event) => event.type === 'run-started') as { run: string };
    const ran = await rig.run('--each', 'recording=r1', 'each');
    const earlier = [{ run, actions: ['a', 'b', 'each@r2'] }];
    expect(said(ran.events)).toMatchObject({ leftovers: [], earlier });
    expect(stateOf(rig)).toMatchObject({ complete: true, each: 'recording=r1', targets: ['each'] });
    expect((await rig.groundproof('run', '--each', 'recording=r1', 'each')).stderr).toContain(
      'out also shows 3 actions of earlier runs: a, b, each@r2',
    );
    expect(said((await rig.run()).events)).toBeUndefined();
    expect(stateOf(rig).earlier).toEqual({});
  });
});

describe('RUN.json', () => {
  test('says that a killed run was not complete', async () => {
    const rig = project();
    await rig.run();
    rig.remove('go');
    const held = rig.start('run', '--set', 'a.p=2');
    await held.printed('4 actions');
    held.kill('SIGKILL');
    await held.ended;
    const { run, ended, complete, earlier } = stateOf(rig);
    expect({ ended, complete }).toEqual({ ended: null, complete: false });
    expect(Object.keys(earlier)).not.toContain(run);
    expect(Object.values(earlier).flat().sort()).toEqual(['a', 'b', 'each@r1', 'each@r2']);
  });

  test('names failed and blocked actions', async () => {
    const rig = project();
    rig.edit('pipeline.yaml', 'echo {params.p} > {outputs.o}', 'exit 3; echo {params.p} > {outputs.o}');
    await rig.run('--keep-going');
    expect(stateOf(rig)).toMatchObject({ complete: false, failed: ['a'], blocked: ['b'], cancelled: [] });
  });
});

describe('out/ repairs itself', () => {
  test.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['emptied', () => Buffer.alloc(0)],
    ['garbled', (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i % 7 === 0 ? 0x7b : byte)))],
    ['with a flipped bit', (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte)))],
  ])('after its manifest was %s, and keeps files of the user', async (_, harm) => {
    const rig = project();
    await rig.run();
    rig.write('out/each/r2/mine.txt', 'mine');
    writeFileSync(rig.path(MANIFEST), harm(readFileSync(rig.path(MANIFEST))));
    rig.remove('out/b');
    expect((await rig.run()).code).toBe(0);
    rig.write('data/r2.txt', 'changed');
    expect((await rig.run('--set', 'a.p=2')).code).toBe(0);
    expect([rig.read('out/b/o.txt'), rig.read('out/each/r2/o.txt')]).toEqual(['2\n', 'changed']);
    expect(rig.read('out/each/r2/mine.txt')).toBe('mine');
  });

  test('after its manifest was deleted', async () => {
    const rig = project();
    await rig.run();
    rig.remove(MANIFEST);
    expect((await rig.run()).code).toBe(0);
    expect((await rig.run('--set', 'a.p=2')).code).toBe(0);
    expect(rig.read('out/b/o.txt')).toBe('2\n');
  });

  test('after an edit that keeps size and time', async () => {
    const rig = project();
    await rig.run();
    const path = rig.path('out/each/r1/o.txt');
    const { atime, mtime } = statSync(path);
    writeFileSync(path, 'ONE');
    utimesSync(path, atime, mtime);
    expect((await rig.run()).reused).toHaveLength(4);
    expect(rig.read('out/each/r1/o.txt')).toBe('one');
  });

  test('after an edit of a large file that is linked to the store: the action runs again', async () => {
    const rig = makeRig({
      'pipeline.yaml': `
steps:
  big: { shell: "head -c 17000000 /dev/zero > {outputs.o}", outputs: { o: .raw } }
  size: { shell: "tr -d '\\\\0' < {inputs.x} | wc -c > {outputs.o}", inputs: { x: big.o }, outputs: { o: .txt } }
`,
    });
    await rig.run();
    const path = rig.path('out/big/o.raw');
    const { atime, mtime, nlink } = statSync(path);
    expect(nlink).toBe(2);
    writeFileSync(path, 'X', { flag: 'r+' });
    utimesSync(path, atime, mtime);
    const ran = await rig.run('--force', 'size');
    expect(ran.finished('big')).toMatchObject({ outcome: 'executed', why: [{ cause: 'result-lost' }] });
    expect(rig.read('out/size/o.txt').trim()).toBe('0');
    expect(readFileSync(path)[0]).toBe(0);
  });
});

test('out/ honours the umask', async () => {
  const rig = project();
  const under = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
  await rig.around({ under }).groundproof('run');
  expect(statSync(rig.path('out/a/o.txt')).mode & 0o777).toBe(0o600);
  expect(statSync(rig.path('out/a')).mode & 0o777).toBe(0o700);
});

test('out/ shows, replaces and removes an output whose extension looks like a temporary file', async () => {
  const rig = makeRig({
    'pipeline.yaml':
      'steps:\n  a: { shell: "echo {params.p} > {outputs.o}", params: { p: 1 }, outputs: { o: .1.tmp } }\n',
  });
  await rig.run();
  expect(rig.read('out/a/o.1.tmp')).toBe('1\n');
  rig.edit('pipeline.yaml', '.1.tmp', '.txt');
  await rig.run();
  expect(readdirSync(rig.path('out/a'))).toEqual(['o.txt']);
});

test('no command follows links of the user in out/, and all obstacles are reported at once', async () => {
  const rig = project();
  rig.write('mine/r1/o.txt', 'mine');
  rig.write('mine/o.txt', 'mine');
  await rig.run();
  for (const folder of ['out/each', 'out/a', 'out/b']) rig.remove(folder);
  symlinkSync(rig.path('mine'), rig.path('out/each'));
  symlinkSync(rig.path('mine'), rig.path('out/a'));
  linkSync(rig.path('mine/o.txt'), rig.path('mine/hard.txt'));
  const ran = await rig.groundproof('run', '--set', 'a.p=2');
  expect(ran.code).toBe(1);
  for (const folder of ['a', 'each']) expect(ran.stderr).toContain(`\n  ${rig.path(`out/${folder}`)}\n`);
  rig.edit('pipeline.yaml', '  each: {', '  other: {');
  await rig.groundproof('prune');
  await rig.groundproof('report');
  expect(readdirSync(rig.path('mine')).sort()).toEqual(['hard.txt', 'o.txt', 'r1']);
  expect(readFileSync(join(rig.path('mine'), 'r1/o.txt'), 'utf8')).toBe('mine');
});

describe('the last finished run', () => {
  test('is the run that explain, diff and report use after an interrupted run', async () => {
    const rig = project();
    await rig.run();
    await rig.run('--set', 'a.p=2');
    rig.remove('go');
    const held = rig.start('run', '--set', 'a.p=3');
    await held.printed('4 actions');
    held.kill('SIGINT');
    expect((await held.ended).code).toBe(130);
    expect((await rig.groundproof('explain', 'a')).stdout).toContain('params.p 1 -> 2');
    expect((await rig.groundproof('diff')).stdout).toMatch(/1 -> 2/);
    const report = await rig.groundproof('report');
    expect(report.stderr).toContain('which was not complete');
    expect(rig.read('out/run.html')).toContain('--set a.p=2');
    // The next run still compares with the earlier results.
    rig.write('go', '');
    expect((await rig.run('--set', 'a.p=3')).finished('a')).toMatchObject({ why: [{ param: 'p', from: 2, to: 3 }] });
  });

  test('may have failures: explain finds the failed action', async () => {
    const rig = project();
    await rig.run();
    rig.edit('pipeline.yaml', 'echo {params.p} > {outputs.o}', 'exit 3; echo {params.p} > {outputs.o}');
    await rig.run();
    expect((await rig.groundproof('explain', 'a')).stdout).toContain('exit code 3');
  });
});

test('report overwrites no file of the user and follows no link', async () => {
  const rig = project();
  await rig.run();
  rig.write('out/run.html', 'mine');
  const refused = await rig.groundproof('report');
  expect(refused.stderr).toContain(`${rig.path('out/run.html')} was not written by groundproof`);
  expect(rig.read('out/run.html')).toBe('mine');
  rig.remove('out/run.html');
  expect((await rig.groundproof('report')).code).toBe(0);
  expect((await rig.groundproof('report')).code).toBe(0);
});
