import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { makeRig } from './rig.ts';
import { copyTask, gateParam, taskModule, waitForGate } from './task-module.ts';

test('gc keeps the results of the last runs and of a lock, and drops others', async () => {
  const rig = makeRig({
    'pipeline.yaml': 'steps:\n  repeat: { uses: ./repeat.ts, params: { text: a } }\n',
    'repeat.ts': taskModule(`outputs.out.write(Buffer.from(params.text.repeat(50_000)));`, {
      params: "text: { type: 'string' }",
    }),
  });
  const setting = (text: string) => ['--set', `repeat.text=${text}`];
  const run = (text: string) => rig.run(...setting(text));
  for (const text of ['a', 'b', 'c']) await rig.runHere(...setting(text));
  const stats = await rig.groundproof('cache', 'stats');
  expect(stats.stdout).toMatch(/^cache: 15\d kB in 3 results, 3 blobs; 3 runs\n {2}repeat {5}150 kB {2}3 results\n$/);

  const dry = await rig.groundproof('gc', '--keep-runs', '2', '--dry-run');
  expect(dry.stdout).toMatch(
    /^would free 5\d\.\d kB: 1 result, 1 blob, 1 run\nkept 10\d kB: 2 results of the last 2 runs of 1 pipeline\n$/,
  );
  expect((await run('a')).reused).toEqual(['repeat']);
  // Now a is recent, and b is dropped.
  const freed = await rig.groundproof('gc', '--keep-runs', '2');
  expect(freed.stdout).toMatch(/^freed 5\d\.\d kB: 1 result, 1 blob, /);
  expect((await run('c')).reused).toEqual(['repeat']);
  expect((await run('a')).reused).toEqual(['repeat']);
  expect((await run('b')).executed).toEqual(['repeat']);

  // The results of a lock stay at any age.
  const digest = digestOf('c'.repeat(50_000));
  rig.write('pipeline.lock', `repeat out=${digest}\n`);
  await run('b');
  const locked = await rig.groundproof('gc', '--keep-runs', '1');
  expect(locked.stdout).toMatch(
    /kept .*: 1 result of the last 1 run of 1 pipeline, 1 more result that pipeline\.lock names\n$/,
  );
  expect((await run('c')).reused).toEqual(['repeat']);
  expect(await rig.groundproof('cache', 'check')).toMatchObject({ code: 0, stderr: '' });
});

test('gc gives way to a run in progress, and the run goes on', async () => {
  const rig = makeRig({
    'copy.ts': copyTask,
    'held.ts': taskModule(`log.warn('begun');\n${waitForGate}\n outputs.out.write(readFileSync(inputs.from));`, {
      inputs: 'from: file()',
      params: gateParam,
    }),
    data: 'content',
  });
  rig.write(
    'pipeline.yaml',
    `
steps:
  copy: { uses: ./copy.ts, inputs: { from: { file: data } } }
  held: { uses: ./held.ts, inputs: { from: copy.out }, params: { gate: "${rig.path('gate')}" } }
`,
  );
  const running = rig.start('run');
  await running.printed('begun');
  const refused = await rig.groundproof('gc', '--keep-runs', '1');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toBe(
    `the store ${rig.path('cache')} is in use by process ${running.pid}; nothing was removed, try again when that has ended\n`,
  );
  // No kept run needs anything yet, so a dry run lists all; a check finds nothing wrong.
  expect((await rig.groundproof('gc', '--dry-run')).stdout).toMatch(/^would free .*: 1 result, 1 blob/);
  expect(await rig.groundproof('cache', 'check')).toMatchObject({ code: 0 });
  rig.write('gate', '');
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(rig.read('out/held/out.txt')).toBe('content');
  expect((await rig.groundproof('gc')).stdout).toMatch(/: 0 results, 0 blobs, 0 runs\n/);
  expect((await rig.run()).reused).toEqual(['copy', 'held']);
});

test('gc refuses a missing store and unknown options', async () => {
  const rig = makeRig({});
  for (const words of [['gc'], ['cache', 'check'], ['cache', 'stats']]) {
    const ended = await rig.groundproof(...words);
    expect({ words, ...ended }).toEqual({
      words,
      code: 2,
      stdout: '',
      stderr: `there is no store ${rig.path('cache')}; name one with --store, or the pipeline beside it\n`,
    });
  }
  for (const wrong of [
    ['--keep-runs', '0'],
    ['--max-size', 'much'],
    ['--keep-runs', '1.5'],
  ])
    expect(await rig.groundproof('gc', ...wrong)).toMatchObject({ code: 2, stdout: '' });
  expect((await rig.groundproof('cache')).code).toBe(2);
  expect(rig.exists('cache')).toBe(false);
});

test('a store larger than GROUNDPROOF_MAX_SIZE drops the results of old runs by itself, and says so', async () => {
  const rig = makeRig({
    'pipeline.yaml': 'steps:\n  repeat: { uses: ./repeat.ts, params: { text: a } }\n',
    'repeat.ts': taskModule(`outputs.out.write(Buffer.from(params.text.repeat(50_000)));`, {
      params: "text: { type: 'string' }",
    }),
  });
  await rig.runHere();
  // Its run is forgotten.
  rig.remove('cache/runs');
  const small = rig.around({ env: { GROUNDPROOF_MAX_SIZE: '70kB' } });
  const ran = await small.run('--set', 'repeat.text=b');
  expect(ran.events.at(-2)).toMatchObject({ type: 'store-freed', results: 1, blobs: 1, maxSize: 70_000 });
  expect(ran.events.at(-1)).toMatchObject({ type: 'run-finished', executed: 1 });
  expect((await rig.groundproof('cache', 'stats')).stdout).toMatch(/1 result, 1 blob;/);
  rig.remove('cache/runs');
  const said = await small.groundproof('run', '--set', 'repeat.text=c');
  expect(said.stderr).toMatch(
    /\nthe store was larger than 70\.0 kB: dropped 1 result \(5\d\.\d kB\) that no recent run used\n/,
  );
  // Needed results stay at any size.
  const tiny = rig.around({ env: { GROUNDPROOF_MAX_SIZE: '1' } });
  expect((await tiny.run('--force', '--set', 'repeat.text=c')).events.at(-2)).not.toMatchObject({
    type: 'store-freed',
  });
  expect((await rig.run('--set', 'repeat.text=c')).reused).toEqual(['repeat']);
  const wrong = await rig.around({ env: { GROUNDPROOF_MAX_SIZE: 'much' } }).groundproof('run', '--force');
  expect(wrong).toMatchObject({ code: 2, stderr: 'GROUNDPROOF_MAX_SIZE should be a size like 50GB, and is much\n' });
});
