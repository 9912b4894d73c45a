import { expect, test } from 'vitest';
import type { ActionFinished } from '../../src/history/event.ts';
import { isAlive } from '../../src/store/process.ts';
import { makeRig } from './rig.ts';
import { taskModule } from './task-module.ts';

const traces = {
  global: 'globalThis.left = 1;',
  prototype: 'Array.prototype.left = 1;',
  patched: 'Math.max = () => 7;',
  environment: "process.env.LEFT = '1';",
  listener: "process.on('exit', () => {});",
  timer: 'setInterval(() => {}, 1000);',
  module: 'crypto.left = 1;',
  class: 'EventEmitter.prototype.left = 1;',
  setting: 'util.inspect.defaultOptions.depth = 7;',
  engine: 'DataError.left = 1;',
};

test('a task sees no traces of an earlier task in its thread', async () => {
  const names = Object.keys(traces);
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({
      each: { recording: ['first', ...names, 'last'] },
      steps: { a: { uses: './a.ts', each: 'recording', params: { recording: '{recording}' } } },
    }),
    'a.ts': `import crypto from 'node:crypto';\nimport { EventEmitter } from 'node:events';\nimport util from 'node:util';\nconst seen = [];\n${taskModule(
      `
    seen.push(params.recording);
    const found = [globalThis.left, [].left, Math.max(1, 2), process.env.LEFT, process.listenerCount('exit'), process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length, crypto.left, new EventEmitter().left, util.inspect.defaultOptions.depth, DataError.left];
    const leave = { ${Object.entries(traces).map(([name, code]) => `${name}: () => { ${code} }`)} };
    try { leave[params.recording]?.(); } catch {}
    outputs.out.write(Buffer.from(JSON.stringify([seen.length, ...found])));`,
      { params: "recording: { type: 'string' }" },
    )}`,
  });
  expect((await rig.run('--jobs', '1')).failed).toEqual([]);
  const found = (name: string) => rig.read(`out/a/${name}/out.txt`);
  for (const name of names) expect(found(name)).toBe(found('first'));
  expect(found('last')).toBe(found('first'));
  expect(JSON.parse(found('first')).slice(0, 5)).toEqual([1, null, null, 2, null]);
});

test('a program that a task started and did not wait for is a failure, and is ended', async () => {
  const body =
    "const { pid } = (await import('node:child_process')).spawn('sleep', ['600'], { stdio: 'ignore', detached: true });";
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({
      steps: { left: { uses: './left.ts' }, hangs: { uses: './hangs.ts', timeout: 2 } },
    }),
    'left.ts': taskModule(`${body}; log(String(pid)); outputs.out.write(Buffer.from(''));`),
    'hangs.ts': taskModule(`${body}; log(String(pid)); await new Promise(() => setInterval(() => {}, 1000));`),
  });
  const ran = await rig.run('--keep-going');
  const failed = (action: string) => ran.finished(action) as Extract<ActionFinished, { outcome: 'failed' }>;
  expect(failed('left').failure).toEqual({ reason: 'still-running', processes: ['sleep'] });
  expect(failed('hangs').failure).toMatchObject({ reason: 'timed-out' });
  for (const action of ['left', 'hangs']) {
    const pid = Number(failed(action).log[0]?.message);
    await expect.poll(() => isAlive({ pid, started: '' })).toBe(false);
  }
});

test.each(['SIGHUP', 'SIGKILL'] as const)('%s to the run leaves no program of a task behind', async (signal) => {
  const start = "spawn('sleep', ['600'], { stdio: 'ignore', detached: true })";
  const wait = 'await new Promise(() => setInterval(() => {}, 1000));';
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({ steps: { named: { uses: './named.ts' }, hidden: { uses: './hidden.ts' } } }),
    'named.ts': `import { spawn } from 'node:child_process';\n${taskModule(`log(\`named is \${${start}.pid}.\`); ${wait}`)}`,
    'hidden.ts': taskModule(
      `const { spawn } = await import(['node:child', 'process'].join('_')); log(\`hidden is \${${start}.pid}.\`); ${wait}`,
    ),
  });
  const running = rig.start('run', '--jobs', '2', '--reporter', 'json');
  await Promise.all([running.printed('named is'), running.printed('hidden is')]);
  running.kill(signal);
  const { stdout } = await running.ended;
  const pids = ['named', 'hidden'].map((name) => Number(new RegExp(`${name} is (\\d+)\\.`).exec(stdout)?.[1]));
  for (const pid of pids) await expect.poll(() => isAlive({ pid, started: '' })).toBe(false);
});

test("the caller's time zone and language do not reach a task", async () => {
  const said =
    "[String(new Date(0)), new Date(0).toLocaleString(), (1234.5).toLocaleString(), new Intl.NumberFormat().format(0.5), 'I'.toLocaleLowerCase(), ['z', 'ä'].sort((a, b) => a.localeCompare(b)).join('')]";
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({ steps: { a: { uses: './a.ts' } } }),
    'a.ts': taskModule(`outputs.out.write(Buffer.from(JSON.stringify(${said})));`),
  });
  const around = rig.around({ env: { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8' } });
  expect((await around.run()).failed).toEqual([]);
  expect(JSON.parse(rig.read('out/a/out.txt'))).toEqual([
    'Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)',
    expect.stringMatching(/^1\/1\/1970, 12:00:00\sAM$/),
    '1,234.5',
    '0.5',
    'i',
    'äz',
  ]);
});
