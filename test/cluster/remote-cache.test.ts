import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeRig, type Rig } from '../end-to-end/rig.ts';
import { taskModule } from '../end-to-end/task-module.ts';
import { ALL, wordsProject } from '../end-to-end/words-project.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { startNginx } from './nginx.ts';

const nginx = await startNginx();
const writer = (rig: Rig) => rig.around({ env: nginx.writer });
const reader = (rig: Rig) => rig.around({ env: nginx.reader });
const MEGABYTES = 20;

/** A project with a result of some megabytes that depends on `seed`. */
function largeProject(seed: string): Rig {
  const rig = makeRig({
    'large.ts': taskModule(
      `for (let i = 0; i < ${MEGABYTES}; i++) outputs.out.write(Buffer.alloc(1e6, params.seed + i));`,
      {
        params: `seed: { type: 'string' }`,
      },
    ),
    'pipeline.yaml': `steps:\n  large: { uses: ./large.ts, params: { seed: ${seed} } }\n`,
  });
  return rig;
}

const lockOf = async (rig: Rig): Promise<string> => {
  expect((await rig.groundproof('lock')).code).toBe(0);
  return rig.read('pipeline.lock');
};

test('a machine takes all results from the remote cache, executes nothing, and gets the same lock', async () => {
  const first = makeRig(wordsProject);
  const made = await writer(first).run('--remote', nginx.url, '--remote-write');
  expect(made.executed).toEqual(ALL);
  expect(made.stderr).toBe('');

  const other = makeRig(wordsProject);
  const taken = await reader(other).run('--remote', nginx.url);
  expect([taken.executed, taken.reused, taken.code]).toEqual([[], ALL, 0]);
  expect(await lockOf(other)).toBe(await lockOf(first));
});

test('a run with read-only credentials sends nothing, warns once and succeeds', async () => {
  const before = nginx.kept();
  const rig = makeRig({ ...wordsProject, 'data/a.txt': 'words that nobody else has' });
  const ran = await reader(rig).run('--remote', nginx.url, '--remote-write');
  expect(ran.code).toBe(0);
  expect(ran.events.filter(({ type }) => type === 'remote-trouble')).toHaveLength(1);
  expect(nginx.kept()).toEqual(before);
});

test('a connection cut during a PUT gives a single warning and no partial file, and the next run sends the result', async () => {
  const rig = largeProject('up');
  const before = nginx.kept();
  const proxy = await cuttingProxy(nginx.port);
  proxy.cutAfter(1e6 * (MEGABYTES / 2), 'up');
  const cut = await writer(rig).run('--remote', proxy.url, '--remote-write');
  expect(proxy.cuts()).toBeGreaterThan(0);
  expect([cut.code, cut.executed]).toEqual([0, ['large']]);
  expect(cut.events.filter(({ type }) => type === 'remote-trouble')).toHaveLength(1);
  expect(nginx.kept()).toEqual(before);

  const again = await writer(rig).run('--remote', nginx.url, '--remote-write');
  expect([again.code, again.executed]).toEqual([0, []]);
  const digest = createHash('sha256').update(rig.read('out/large/out.txt')).digest('hex');
  expect(nginx.kept()).toContain(`/cas/${digest}`);
});

test('a connection cut during a GET gives a single warning, and the action executes here', async () => {
  const first = largeProject('down');
  await writer(first).run('--remote', nginx.url, '--remote-write');

  const other = largeProject('down');
  const proxy = await cuttingProxy(nginx.port);
  proxy.cutAfter(1e6 * (MEGABYTES / 2), 'down');
  const cut = await reader(other).run('--remote', proxy.url);
  expect(proxy.cuts()).toBeGreaterThan(0);
  expect([cut.code, cut.executed]).toEqual([0, ['large']]);
  expect(cut.events.filter(({ type }) => type === 'remote-trouble')).toHaveLength(1);
  expect(await lockOf(other)).toBe(await lockOf(first));
});
