/** Hostile inputs in the real command: a bad recording does not affect others, and leaves no incomplete files. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filesBelow } from '../../src/files/digest.ts';
import type { ActionFinished } from '../../src/history/event.ts';
import { makeRig, type Ran, type Rig } from '../end-to-end/rig.ts';
import { taskModule } from '../end-to-end/task-module.ts';
import { corpus } from './corpus.ts';
import { pipelineOf } from './pipeline-of.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const failureOf = (ran: Ran, action: string) =>
  (ran.finished(action) as Extract<ActionFinished, { outcome: 'failed' }>).failure;

const sections = new Map(
  corpus.map(({ title, inputs }) => [title, new Map(inputs.map((input) => [input.name, input]))]),
);
const take = (title: string, ...names: string[]) =>
  names.map((name) => {
    const found = sections.get(title)?.get(name);
    if (found === undefined) throw new Error(`no ${name} in ${title}`);
    return found;
  });

describe('a dozen hostile archives beside a good one', () => {
  const unpackable = [
    ...take('Archives', 'web-page', 'cut', 'flipped-bit', 'parents', 'symlink', 'pax-sparse', '10-TB', 'bomb'),
    ...take('STEM.txt', 'padding-escape'),
    ...take('Sizes', 'juxta-short'),
  ];
  const unusable = [...take('STEM.triggers.npy', 'triggers-pickled'), ...take('Signals', 'nan')];
  const good = take('Signals', 'good');
  const all = [...unpackable, ...good, ...unusable];

  const outside = (rig: Rig) =>
    readdirSync(rig.folder)
      .filter((name) => name !== 'cache' && name !== 'out')
      .sort();

  test('each hostile archive is a failure, the good archive has its spikes, and no incomplete file is left', async () => {
    const rig = makeRig({
      'pipeline.yaml': pipelineOf(
        all.map(({ name }) => name),
        ['unzip', 'detect'],
      ),
      ...Object.fromEntries(all.map(({ name, bytes }) => [`${name}.tar.gz`, bytes()])),
    });
    mkdirSync(rig.path('node_modules'));
    symlinkSync(repository, rig.path('node_modules/groundproof'));
    const before = outside(rig);
    const ran = await rig.around({ env: { NODE_OPTIONS: '--max-old-space-size=200' } }).run('--keep-going');
    expect(ran.code).toBe(1);
    expect(ran.failed).toEqual(
      [...unpackable.map(({ name }) => `unzip@${name}`), ...unusable.map(({ name }) => `detect@${name}`)].sort(),
    );
    for (const action of ran.failed) expect(failureOf(ran, action)).toMatchObject({ reason: 'data' });
    expect(rig.exists('out/detect/good/peaks.arrow')).toBe(true);
    for (const { name } of unpackable) {
      expect(filesBelow(rig.path('out')).filter((path) => path.split('/').includes(name))).toEqual([]);
    }
    for (const { name } of unusable) expect(rig.exists(`out/detect/${name}`)).toBe(false);
    expect(outside(rig)).toEqual(before);
    expect(readdirSync(rig.path('cache/tmp'))).toEqual([]);
    expect((await rig.groundproof('cache', 'check')).code).toBe(0);
  });
});

test('a pipe or a circular link as an input is refused at once', async () => {
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({
      steps: Object.fromEntries(
        ['pipe', 'folder', 'circle', 'nested'].map((name) => [
          name,
          { shell: 'cat {inputs.i} > {outputs.o}', inputs: { i: { file: name } }, outputs: { o: '.txt' } },
        ]),
      ),
    }),
    'folder/file': 'x',
    'nested/file': 'x',
  });
  spawnSync('mkfifo', [rig.path('pipe'), rig.path('folder/pipe')]);
  symlinkSync('circle', rig.path('circle'));
  symlinkSync('../nested', rig.path('nested/self'));
  const ran = await rig.run('--keep-going');
  expect(ran.failed).toEqual(['circle', 'folder', 'nested', 'pipe']);
  for (const [action, message] of [
    ['pipe', 'pipe is a pipe, a socket or a device'],
    ['folder', 'pipe is a pipe, a socket or a device'],
    ['nested', 'self is a link to a folder'],
    ['circle', 'ELOOP'],
  ] as const) {
    expect(failureOf(ran, action)).toMatchObject({ reason: 'file-system', message: expect.stringContaining(message) });
  }
});

test('a task may flood its log, and a failure message cannot send commands to the terminal', async () => {
  const rig = makeRig({
    'pipeline.yaml': 'steps:\n  flood: { uses: ./flood.ts }\n  escape: { uses: ./escape.ts }\n',
    'flood.ts': taskModule(`
    for (let i = 0; i < 100_000; i++) log('line ' + i);
    outputs.out.write(Buffer.from('x'));`),
    'escape.ts': taskModule(`throw new DataError('a name: \\u001b]0;title\\u0007 \\u001b[2J');`),
  });
  const { code, stderr } = await rig
    .around({ env: { NODE_OPTIONS: '--max-old-space-size=48' } })
    .groundproof('run', '--keep-going');
  expect(code).toBe(1);
  expect(stderr).toContain('failed escape: a name:');
  expect(stderr).not.toContain('\u001b');
  expect(rig.exists('out/flood/out.txt')).toBe(true);
});
