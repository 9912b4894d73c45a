import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test } from 'vitest';
import { eventsSchema } from '../../schemas/events.ts';
import type { ActionVerified, Difference, VerifyEvent, VerifyFinished, VerifyStarted } from '../../src/verify/event.ts';
import { afterFirstRun, makeRig, type Rig } from './rig.ts';
import { copyTask, taskModule } from './task-module.ts';
import { ALL, wordsProject } from './words-project.ts';

const ranProject = afterFirstRun(wordsProject);

type Failed = Extract<ActionVerified, { outcome: 'failed' }>;

const isEvent = new Ajv2020({ strict: false }).compile(eventsSchema);

async function verify(rig: Rig, ...words: string[]) {
  const { code, stdout, stderr } = await rig.groundproof('verify', '--reporter', 'json', ...words);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const events = lines.map((line) => JSON.parse(line) as VerifyEvent);
  for (const event of events) expect(isEvent(event), JSON.stringify([event, isEvent.errors])).toBe(true);
  const verified = events.filter((event): event is ActionVerified => event.type === 'action-verified');
  const by = (outcome: ActionVerified['outcome']) =>
    verified
      .filter((event) => event.outcome === outcome)
      .map(({ action }) => action)
      .sort();
  const find = (action: string) => verified.find((event) => event.action === action);
  return {
    code,
    stderr,
    started: events[0] as VerifyStarted,
    finished: events.at(-1) as VerifyFinished,
    order: verified.map(({ action }) => action),
    same: by('same'),
    differing: by('differs'),
    failing: by('failed'),
    differences(action: string): readonly Difference[] {
      const found = find(action);
      return found?.outcome === 'differs' ? found.differences : [];
    },
    failure: (action: string) => (find(action) as Failed | undefined)?.failure,
  };
}

/** A project of these tasks, each a step with a single output, without recordings. */
const tasks = (modules: { readonly [step: string]: string }, more: { readonly [path: string]: string } = {}) => ({
  'pipeline.yaml': JSON.stringify({
    steps: Object.fromEntries(Object.keys(modules).map((step) => [step, { uses: `./${step}.ts` }])),
  }),
  ...Object.fromEntries(Object.entries(modules).map(([step, text]) => [`${step}.ts`, text])),
  ...more,
});

const write = (expression: string) => taskModule(`outputs.out.write(Buffer.from(String(${expression})));`);

test('verify without a lock compares with the store, and executes the last actions first', async () => {
  const rig = ranProject();
  const before = readdirSync(rig.path('cache/results'), { recursive: true }).length;
  const verified = await verify(rig, '--jobs', '1');
  expect(verified).toMatchObject({ code: 0, same: ALL, finished: { same: 5, differs: 0, failed: 0, gone: [] } });
  expect(verified.started).toMatchObject({ actions: 5, sampled: 5, seed: null, lock: null });
  expect(verified.order).toEqual(['gather', 'judge@b', 'judge@a', 'count@b', 'count@a']);
  // It leaves nothing behind, and changes nothing.
  expect(readdirSync(rig.path('cache/tmp'))).toEqual([]);
  expect(readdirSync(rig.path('cache/results'), { recursive: true }).length).toBe(before);
  expect((await rig.run()).executed).toEqual([]);
});

test('lock and verify refuse a pipeline that never ran', async () => {
  const rig = makeRig(wordsProject);
  for (const command of ['verify', 'lock']) {
    const { code, stdout, stderr } = await rig.groundproof(command);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'the store does not hold the results of count@a and 4 more; make them first: groundproof run\n',
    );
  }
  expect(rig.exists('pipeline.lock')).toBe(false);
  await rig.runHere('count');
  // The targets and their inputs are enough.
  expect(await verify(rig, 'count@b')).toMatchObject({ code: 0, same: ['count@b'] });
  expect((await rig.groundproof('verify', 'judge')).code).toBe(1);
  expect((await rig.groundproof('verify', 'jugde')).code).toBe(2);
});

test('a lock is sorted and stable, is found to be out of date, and is updated by target', async () => {
  const rig = ranProject();
  expect(await rig.groundproof('lock')).toMatchObject({ code: 0, stdout: 'pipeline.lock: 5 actions, written\n' });
  const text = rig.read('pipeline.lock');
  expect(text).toMatch(
    /^# groundproof lock 1\ncount@a counts=[0-9a-f]{64}\ncount@b counts=.*\ngather list=.*\njudge@a /,
  );
  expect(await rig.groundproof('lock')).toMatchObject({ code: 0, stdout: 'pipeline.lock: 5 actions, as it was\n' });
  expect(await verify(rig)).toMatchObject({ code: 0, same: ALL, started: { lock: rig.path('pipeline.lock') } });

  // Verify names the changed results, executed or not, and the value if the store still has the old content.
  rig.write('data/a.txt', 'one');
  await rig.runHere();
  const stale = await verify(rig, '--sample', '1', '--seed', '0');
  expect(stale).toMatchObject({ code: 1, differing: ['count@a', 'gather', 'judge@a'] });
  expect(stale.differences('count@a')).toMatchObject([
    {
      port: 'counts',
      against: 'lock',
      stored: true,
      first: { kind: 'value', row: 0, column: 'words', expected: '5', found: '1' },
    },
  ]);
  expect(await verify(rig, 'count@b')).toMatchObject({ code: 0 });
  // The lock does not apply to other parameters.
  await rig.runHere('--set', 'judge.limit=4');
  const other = await verify(rig, 'judge', '--set', 'judge.limit=4');
  expect(other).toMatchObject({ code: 0, started: { lock: null } });
  expect(other.same).toEqual(['judge@a', 'judge@b']);

  await rig.runHere();
  expect(await rig.groundproof('lock', 'count')).toMatchObject({ code: 0 });
  expect(await verify(rig, '--sample', '1')).toMatchObject({ code: 1, differing: ['gather', 'judge@a'] });
  await rig.groundproof('lock');
  expect(await verify(rig, '--sample', '1')).toMatchObject({ code: 0 });

  // An action that is new in the pipeline, and an action that is gone.
  rig.edit('pipeline.yaml', '[a, b]', '[a, c]');
  rig.write('data/c.txt', 'six');
  await rig.runHere();
  const changed = await verify(rig, '--sample', '1');
  expect(changed.code).toBe(1);
  expect(changed.finished.gone).toEqual(['count@b', 'judge@b']);
  expect(changed.differences('count@c')).toMatchObject([{ port: null, against: 'lock' }]);
});

test('a damaged lock is refused with its line', async () => {
  const rig = ranProject();
  await rig.groundproof('lock');
  rig.edit('pipeline.lock', 'gather list=', '<<<<<<< ours\ngather list=');
  const { code, stderr } = await rig.groundproof('verify');
  expect(code).toBe(2);
  expect(stderr).toContain('pipeline.lock:4: expected "action port=digest ..."');
  expect(await rig.groundproof('lock')).toMatchObject({ code: 0, stdout: 'pipeline.lock: 5 actions, written\n' });
  expect(rig.read('pipeline.lock')).not.toContain('<<<');
});

test('verify finds results that depend on chance, clock, time zone, locale, working directory or order of a folder', async () => {
  const rig = makeRig({
    ...tasks({
      chance: write('Math.random()'),
      clock: write('Date.now()'),
      zone: write("process.env.TZ ?? 'none'"),
      hour: write('new Date(2020, 0, 1).getTime()'),
      locale: write("'i'.toLocaleUpperCase() + (0.5).toLocaleString()"),
      cwd: write('process.cwd()'),
      pid: write('process.pid'),
      folder: taskModule('outputs.out.write(Buffer.from(String(readdirSync(inputs.folder))));', {
        inputs: 'folder: folder()',
      }),
      sorted: taskModule('outputs.out.write(Buffer.from(String(readdirSync(inputs.folder).sort())));', {
        inputs: 'folder: folder()',
      }),
    }),
    'names/b': '',
    'names/a': '',
    'names/c': '',
  });
  const pipeline = JSON.parse(rig.read('pipeline.yaml'));
  for (const step of ['folder', 'sorted']) pipeline.steps[step].inputs = { folder: { file: 'names' } };
  rig.write('pipeline.yaml', JSON.stringify(pipeline));
  expect((await rig.runHere()).failed).toEqual([]);
  const verified = await verify(rig);
  expect(verified).toMatchObject({ code: 1, same: ['sorted'], failing: [] });
  expect(verified.differing).toEqual(['chance', 'clock', 'cwd', 'folder', 'hour', 'locale', 'pid', 'zone']);
  expect(verified.differences('zone')).toMatchObject([{ port: 'out', first: { kind: 'byte', path: '', offset: 0 } }]);
});

test('verify names an undeclared read, write, program or thread', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'groundproof-outside-'));
  onTestFinished(() => rmSync(outside, { recursive: true, force: true }));
  const rig = makeRig({
    'data/declared.txt': 'declared',
    'data/secret.txt': 'secret',
  });
  const secret = rig.path('data/secret.txt');
  const body = (text: string) => taskModule(`outputs.out.write(Buffer.from('same')); ${text}`);
  const modules = {
    declared: taskModule('outputs.out.write(readFileSync(inputs.from));', { inputs: 'from: file()' }),
    read: body(`readFileSync(${JSON.stringify(secret)});`),
    exists: body(`existsSync(${JSON.stringify(secret)});`),
    wrapped: body(
      `try { readFileSync(${JSON.stringify(secret)}); } catch (cause) { throw new DataError('no', { cause }); }`,
    ),
    list: body(`readdirSync(${JSON.stringify(rig.path('data'))});`),
    write: body(`writeFileSync(${JSON.stringify(join(outside, 'x'))}, '');`),
    program: body("(await import('node:child_process')).execFileSync('true');"),
    thread: body("new (await import('node:worker_threads')).Worker('', { eval: true });"),
    temporary: body(
      "const { tmpdir } = await import('node:os'); writeFileSync(tmpdir() + '/groundproof-verify-test', 'x'); readFileSync(tmpdir() + '/groundproof-verify-test');",
    ),
  };
  for (const [path, text] of Object.entries(tasks(modules))) rig.write(path, text);
  const pipeline = JSON.parse(rig.read('pipeline.yaml'));
  pipeline.steps.declared.inputs = { from: { file: 'data/declared.txt' } };
  rig.write('pipeline.yaml', JSON.stringify(pipeline));
  expect((await rig.runHere()).failed).toEqual([]);
  rmSync(join(outside, 'x'));
  rmSync(join(tmpdir(), 'groundproof-verify-test'), { force: true });

  const verified = await verify(rig);
  expect(verified).toMatchObject({ code: 1, same: ['declared', 'temporary'], differing: [] });
  const denied = (access: string, resource: unknown = expect.any(String)) => ({
    reason: 'access-denied',
    access,
    resource,
  });
  expect(Object.fromEntries(verified.failing.map((action) => [action, verified.failure(action)]))).toEqual({
    read: denied('read', secret),
    exists: denied('read', secret),
    wrapped: denied('read', secret),
    list: denied('read', rig.path('data')),
    write: denied('write', join(outside, 'x')),
    program: denied('program'),
    thread: denied('thread'),
  });
  expect(existsSync(join(outside, 'x'))).toBe(false);
  const { stdout } = await rig.groundproof('verify', 'read');
  expect(stdout).toContain(`failed  read  undeclared read of ${secret}: it is not an input of the task`);
  expect(stdout).toContain('0 same, 0 differ, 1 failed in ');
});

test('verify takes the network away if the system allows it', async () => {
  const server = createServer((_, response) => response.end('x'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const rig = makeRig(tasks({ fetch: write(`await (await fetch('http://127.0.0.1:${port}/')).text()`) }));
  expect((await rig.runHere()).failed).toEqual([]);
  const verified = await verify(rig);
  if (verified.started.network === 'denied') {
    expect(verified.failure('fetch')).toMatchObject({ reason: 'access-denied', access: 'network' });
  } else {
    expect(verified.same).toEqual(['fetch']);
    expect((await rig.groundproof('verify')).stderr).toContain('not covered: use of the network');
  }
});

test('verify names the row and column of a table, and the file and byte of other outputs', async () => {
  const schema = `{ description: 'T', columns: { a: { type: 'int32', description: 'a' }, b: { type: 'float64', description: 'b' } } }`;
  const rig = makeRig({
    ...tasks({
      values: taskModule(
        'const r = process.env.TZ ? 1 : 0; await outputs.out.write({ a: [1, 2, 3 + r], b: [0, r, 0] });',
        {
          outputs: `out: table(${schema}, { csv: true })`,
        },
      ),
      rows: taskModule(
        'const r = process.env.TZ ? [7] : []; await outputs.out.write({ a: [1, ...r], b: [1, ...r] });',
        {
          outputs: `out: table(${schema})`,
        },
      ),
      bytes: write("'x'.repeat(3000000) + (process.env.TZ ?? '')"),
      files: taskModule(
        "writeFileSync(outputs.out.path + '/a', 'same'); writeFileSync(outputs.out.path + '/b', process.env.TZ ?? '');",
        {
          outputs: 'out: folder()',
        },
      ),
      more: taskModule("writeFileSync(outputs.out.path + (process.env.TZ ? '/n' : '/o'), '');", {
        outputs: 'out: folder()',
      }),
      absent: taskModule("if (!process.env.TZ) outputs.out.write(Buffer.from(''));", {
        outputs: "out: file('.txt', { optional: true })",
      }),
    }),
  });
  expect((await rig.runHere()).failed).toEqual([]);
  const verified = await verify(rig);
  expect(verified).toMatchObject({ code: 1, same: [], failing: [] });
  const first = (action: string) => verified.differences(action).map((one) => one.first);
  expect(verified.differences('values').map(({ sibling }) => sibling)).toEqual([null, '.csv']);
  expect(first('values')[0]).toEqual({ kind: 'value', row: 1, column: 'b', expected: '0', found: '1' });
  expect(first('rows')).toEqual([{ kind: 'rows', expected: 1, found: 2 }]);
  expect(first('bytes')).toEqual([{ kind: 'byte', path: '', offset: 3_000_000 }]);
  expect(first('files')).toEqual([{ kind: 'byte', path: 'b', offset: 0 }]);
  expect(first('more')).toEqual([{ kind: 'only-found', path: 'n' }]);
  expect(verified.differences('absent')).toMatchObject([{ found: null, first: null }]);
  const { stdout } = await rig.groundproof('verify', 'values');
  expect(stdout).toContain('differs values  out: row 1, column b: 0 in the store, now 1\n');
});

test('verify --sample executes a sample chosen by the seed, and prints the default seed', async () => {
  const steps = Array.from('abcde', (name) => [name, { shell: 'echo > {outputs.o}', outputs: { o: '.txt' } }]);
  const rig = makeRig({ 'pipeline.yaml': JSON.stringify({ steps: Object.fromEntries(steps) }) });
  await rig.runHere();
  const samples = await Promise.all(
    ['0', '0', '1', '2'].map(async (seed) => (await verify(rig, '--sample', '2', '--seed', seed)).same),
  );
  expect(samples.map(({ length }) => length)).toEqual([2, 2, 2, 2]);
  expect(samples[0]).toEqual(samples[1]);
  expect(new Set(samples.map(String)).size).toBeGreaterThan(1);
  const { started, same } = await verify(rig, '--sample', '2');
  expect(started).toMatchObject({ actions: 5, sampled: 2, seed: expect.stringMatching(/^[0-9a-f]{8}$/) });
  expect((await verify(rig, '--sample', '2', '--seed', String(started.seed))).same).toEqual(same);
  expect(await verify(rig, 'a', 'b', '--sample', '99')).toMatchObject({ started: { sampled: 2, seed: null } });
  expect((await rig.groundproof('verify', '--sample', '0')).code).toBe(2);
});

test('verify executes shell steps in another time zone, and says what it does not cover', async () => {
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({
      steps: {
        date: { shell: 'date +%H:%M:%S.%N > {outputs.o}', outputs: { o: '.txt' } },
        zone: { shell: 'date -d @0 +%H > {outputs.o}', outputs: { o: '.txt' } },
        fixed: { shell: 'date -d @0 +%H > {outputs.o}', outputs: { o: '.txt' }, env: { TZ: 'UTC' } },
        here: { shell: 'pwd > {outputs.o}', outputs: { o: '.txt' } },
        temporary: { shell: 'f=$(mktemp); echo x > $f; cat $f > {outputs.o}; rm $f', outputs: { o: '.txt' } },
        once: { shell: 'echo said; echo x > {outputs.o}; mkdir once', cwd: 'project', outputs: { o: '.txt' } },
      },
    }),
  });
  expect((await rig.runHere()).failed).toEqual([]);
  const verified = await verify(rig);
  expect(verified).toMatchObject({
    code: 1,
    same: ['fixed', 'temporary'],
    differing: ['date', 'here', 'zone'],
    failing: ['once'],
    started: { shell: 6 },
  });
  expect(verified.failure('once')).toEqual({ reason: 'shell', exitCode: 1, signal: null });
  const { stdout, stderr } = await rig.groundproof('verify', 'once');
  expect(stdout).toMatch(/failed {2}once {2}the command ended with exit code 1\n {2}said\n {2}mkdir: /);
  expect(stderr).toContain('not covered: which files the shell step may read and write');
});

test('verify reports a task that exits, throws later or takes too long like a run', async () => {
  const again = 'process.env.TZ';
  const rig = makeRig({
    ...tasks({
      exits: taskModule(`outputs.out.write(Buffer.from('')); if (${again}) process.exit(3);`),
      later: taskModule(
        `outputs.out.write(Buffer.from('')); if (${again}) { setImmediate(() => { throw new Error('later'); }); await new Promise(() => setInterval(() => {}, 1000)); }`,
      ),
      hangs: taskModule(
        `outputs.out.write(Buffer.from('')); log('begun'); if (${again}) await new Promise(() => setInterval(() => {}, 1000));`,
      ),
      linked: taskModule("outputs.out.write(Buffer.from('')); console.log('printed');"),
    }),
  });
  const pipeline = JSON.parse(rig.read('pipeline.yaml'));
  pipeline.steps.hangs.timeout = 1.5;
  rig.write('pipeline.yaml', JSON.stringify(pipeline));
  expect((await rig.runHere()).failed).toEqual([]);
  const verified = await verify(rig);
  expect(verified).toMatchObject({ code: 1, same: ['linked'], failing: ['exits', 'hangs', 'later'] });
  expect(verified.failure('exits')).toEqual({ reason: 'worker-died', message: 'it ended its process with code 3' });
  expect(verified.failure('later')).toMatchObject({ reason: 'threw', message: 'later' });
  expect(verified.failure('hangs')).toEqual({ reason: 'timed-out', seconds: 1.5, of: 'timeout' });
});

test('Ctrl-C ends verify, its processes and their commands', async () => {
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({
      steps: {
        wait: {
          shell: 'echo > {outputs.o}; mkdir once || { mkdir held; exec sleep 1000; }',
          cwd: 'project',
          outputs: { o: '.txt' },
        },
      },
    }),
  });
  expect((await rig.runHere()).failed).toEqual([]);
  const started = rig.start('verify');
  await held(rig);
  started.kill('SIGINT');
  expect(await started.ended).toMatchObject({ code: 130, stdout: expect.stringContaining('interrupted') });
  expect(readdirSync(rig.path('cache/tmp'))).toEqual([]);
});

/** Resolves when the command waits. */
async function held(rig: Rig): Promise<void> {
  const { watch } = await import('node:fs');
  mkdirSync(rig.folder, { recursive: true });
  await new Promise<void>((resolve) => {
    const watcher = watch(rig.folder, look);
    function look() {
      if (!rig.exists('held')) return;
      watcher.close();
      resolve();
    }
    look();
  });
}

test('verify reads inputs of a package and a figure through links', async () => {
  const rig = makeRig({
    ...tasks({
      figure: taskModule(
        "await outputs.out.write({ width: 10, height: 10, marks: [{ type: 'rect', encode: { enter: { width: { value: 5 }, height: { value: 5 }, fill: { value: 'red' } } } }] });",
        { outputs: 'out: figure()' },
      ),
      package: `import words from 'some-words';\n${write('words')}`,
      copy: copyTask,
    }),
    'node_modules/some-words/package.json': JSON.stringify({ name: 'some-words', version: '1.0.0', main: 'index.cjs' }),
    'node_modules/some-words/index.cjs':
      "module.exports = require('node:fs').readFileSync(__dirname + '/words.txt', 'utf8');",
    'node_modules/some-words/words.txt': 'words',
  });
  const pipeline = JSON.parse(rig.read('pipeline.yaml'));
  pipeline.steps.copy.inputs = { from: 'figure.out' };
  rig.write('pipeline.yaml', JSON.stringify(pipeline));
  expect((await rig.runHere()).failed).toEqual([]);
  expect(await verify(rig)).toMatchObject({ code: 0, same: ['copy', 'figure', 'package'] });
  symlinkSync(rig.path('cache'), rig.path('elsewhere'));
  expect(await verify(rig, '--store', 'elsewhere')).toMatchObject({ code: 0, same: ['copy', 'figure', 'package'] });
});
