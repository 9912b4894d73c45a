/** Targets by pattern, with what follows, and without what is skipped, in all commands that take targets. */
import { readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { eventsSchema } from '../../schemas/events.ts';
import type { Event } from '../../src/history/event.ts';
import { afterFirstRun, makeRig } from './rig.ts';
import { ALL, wordsProject } from './words-project.ts';

const ranProject = afterFirstRun(wordsProject);

const isEvent = new Ajv2020({ strict: false }).compile(eventsSchema);
const checked = <E extends Event>(events: readonly E[]): readonly E[] => {
  for (const event of events) expect(isEvent(event), JSON.stringify([event, isEvent.errors])).toBe(true);
  return events;
};
const startOf = (events: readonly Event[]) => checked(events).find(({ type }) => type === 'run-started');

test('run executes the targets that a pattern or a + stands for', async () => {
  const rig = makeRig(wordsProject);
  expect((await rig.runHere('*@b')).executed).toEqual(['count@b', 'judge@b']);
  expect(await rig.runHere('cou*')).toMatchObject({ executed: ['count@a'], reused: ['count@b'] });
  expect(await rig.runHere('count@b+')).toMatchObject({
    executed: ['gather', 'judge@a'],
    reused: ['count@a', 'count@b', 'judge@b'],
  });
  expect((await rig.runHere('--force', 'judge@a+')).executed).toEqual(['gather', 'judge@a']);
});

test('run leaves out what is skipped and all that needs it: not selected, not failed', async () => {
  const rig = makeRig(wordsProject);
  const first = await rig.run('--skip', 'judge@b');
  expect(first).toMatchObject({ code: 0, executed: ['count@a', 'count@b', 'judge@a'], failed: [], blocked: [] });
  expect(startOf(first.events)).toMatchObject({ notSelected: ['judge@b', 'gather'] });
  expect(JSON.parse(rig.read('out/RUN.json'))).toMatchObject({ targets: [], skip: ['judge@b'], complete: true });
  expect(rig.exists('out/gather')).toBe(false);
  const all = await rig.run();
  expect(all).toMatchObject({ executed: ['gather', 'judge@b'], reused: ['count@a', 'count@b', 'judge@a'] });
  expect(startOf(all.events)).not.toHaveProperty('notSelected');
  expect(JSON.parse(rig.read('out/RUN.json'))).not.toHaveProperty('skip');
  expect((await rig.groundproof('run', '--skip', '*@b')).stderr).toMatch(
    /^words: 2 actions, .*\n3 actions not selected: count@b, judge@b, gather\n/,
  );
});

test('a run with nothing to do does not take a request with another --skip for its own', async () => {
  const rig = ranProject();
  const shortRecords = () =>
    readdirSync(rig.path('cache/runs')).filter((name) => rig.read(`cache/runs/${name}`).includes('"sameAs"')).length;
  expect((await rig.run()).reused).toEqual(ALL);
  const selections: [skipped: string, reused: readonly string[], notSelected: readonly string[]][] = [
    ['gather', ['count@a', 'count@b', 'judge@a', 'judge@b'], ['gather']],
    ['judge@a', ['count@a', 'count@b', 'judge@b'], ['judge@a', 'gather']],
    ['judge', ['count@a', 'count@b'], ['judge@a', 'judge@b', 'gather']],
  ];
  for (const [skipped, reused, notSelected] of selections) {
    const before = shortRecords();
    for (const _ of ['closely', 'quickly']) {
      const ran = await rig.run('--skip', skipped);
      expect(ran.reused).toEqual(reused);
      expect(startOf(ran.events)).toMatchObject({ notSelected });
    }
    expect(shortRecords()).toBe(before + 1);
  }
  expect((await rig.run()).reused).toEqual(ALL);
});

test('plan shows what is skipped as not selected, and plans the rest as run does', async () => {
  const rig = makeRig(wordsProject);
  const planned = checked(await rig.plan('--skip', 'judge@a'));
  expect(planned.map(({ action, decision }) => `${decision} ${action}`)).toEqual([
    'execute count@a',
    'execute count@b',
    'unknown judge@b',
    'not-selected judge@a',
    'not-selected gather',
  ]);
  const { stdout } = await rig.groundproof('plan', 'count@a+', '--skip', 'gather');
  expect(stdout).toBe(`execute count@a  it has not run before
unknown judge@a  depends on what count@a will give
1 to execute, 0 to reuse, 1 not known yet
3 actions not selected: count@b, judge@b, gather
`);
});

test('graph shows the steps and actions that are selected', async () => {
  const rig = makeRig(wordsProject);
  const graph = async (...words: string[]) =>
    JSON.parse((await rig.groundproof('graph', '--format', 'json', ...words)).stdout) as {
      readonly actions: readonly { readonly action: string }[];
    };
  const actions = async (...words: string[]) => (await graph(...words)).actions.map(({ action }) => action);
  expect(await actions('j*@a')).toEqual(['count@a', 'judge@a']);
  expect(await actions('--skip', 'judge@a')).toEqual(['count@a', 'count@b', 'judge@b']);
});

test('lock --skip keeps the lines of what is skipped, and verify --skip does not miss them', async () => {
  const rig = ranProject();
  await rig.groundproof('lock');
  const [first = ''] = rig.read('pipeline.lock').match(/^judge@a .*$/m) ?? [];
  rig.edit('pipeline.lock', first, first.replace(/=[0-9a-f]{8}/, '=00000000'));
  rig.edit('pipeline.lock', 'count@a ', 'count@gone ');
  const edited = rig.read('pipeline.lock');
  const verified = await rig.groundproof('verify', '--skip', 'judge@a', '--skip', 'count@a', '--reporter', 'json');
  expect(verified).toMatchObject({ code: 0 });
  const events = verified.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.at(-1)).toMatchObject({ same: 2, differs: 0, gone: [] });
  expect((await rig.groundproof('verify', '*@a', '--sample', '1')).code).toBe(1);

  expect(await rig.groundproof('lock', '--skip', 'judge@a')).toMatchObject({ code: 0 });
  const line = (text: string, action: string) => text.split('\n').find((row) => row.startsWith(`${action} `));
  const locked = rig.read('pipeline.lock');
  expect(line(locked, 'judge@a')).toBe(line(edited, 'judge@a'));
  expect(line(locked, 'count@a')).toBeDefined();
  expect(await rig.groundproof('lock', 'judge*')).toMatchObject({ code: 0 });
  expect(line(rig.read('pipeline.lock'), 'judge@a')).toBe(first);

  rig.edit('pipeline.lock', first, '<<<<<<< ours');
  expect(await rig.groundproof('lock', '--skip', 'gather')).toMatchObject({ code: 2 });
  expect(rig.read('pipeline.lock')).toContain('<<<<<<< ours');
});

test('sweep runs for the targets that are not skipped', async () => {
  const rig = makeRig(wordsProject);
  const swept = await rig.groundproof('sweep', '--set', 'judge.limit=2,3', '--skip', '*@b');
  expect(swept.code).toBe(0);
  expect(swept.stdout).toMatch(/^a +enough/m);
  expect(swept.stdout).not.toMatch(/^b /m);
  expect(swept.stderr.match(/3 actions not selected: count@b, judge@b, gather/g)).toHaveLength(1);
  expect(swept.stderr).toMatch(/judge\.limit=2 {2}2 executed, 0 reused/);
});
