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

/** One result of some megabytes, other ones for each project, beside a small one. */
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

test('what one machine made another takes, and executes nothing; its results are the same', async () => {
  const one = makeRig(wordsProject);
  const made = await writer(one).run('--remote', nginx.url, '--remote-write');
  expect(made.executed).toEqual(ALL);
  expect(made.stderr).toBe('');

  const other = makeRig(wordsProject);
  const taken = await reader(other).run('--remote', nginx.url);
  expect([taken.executed, taken.reused, taken.code]).toEqual([[], ALL, 0]);
  expect(await lockOf(other)).toBe(await lockOf(one));
});

test('who may only read sends nothing, and its run is none the worse', async () => {
  const before = nginx.kept();
  const rig = makeRig({ ...wordsProject, 'data/a.txt': 'words that nobody else has' });
  const ran = await reader(rig).run('--remote', nginx.url, '--remote-write');
  expect(ran.code).toBe(0);
  expect(ran.events.filter(({ type }) => type === 'remote-trouble')).toHaveLength(1);
  expect(nginx.kept()).toEqual(before);
});

test('the connection is cut in the middle of a PUT: one warning, nothing half there, and the next run sends it', async () => {
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

test('the connection is cut in the middle of a GET: one warning, and the work is done here', async () => {
  const one = largeProject('down');
  await writer(one).run('--remote', nginx.url, '--remote-write');

  const other = largeProject('down');
  const proxy = await cuttingProxy(nginx.port);
  proxy.cutAfter(1e6 * (MEGABYTES / 2), 'down');
  const cut = await reader(other).run('--remote', proxy.url);
  expect(proxy.cuts()).toBeGreaterThan(0);
  expect([cut.code, cut.executed]).toEqual([0, ['large']]);
  expect(cut.events.filter(({ type }) => type === 'remote-trouble')).toHaveLength(1);
  expect(await lockOf(other)).toBe(await lockOf(one));
});
