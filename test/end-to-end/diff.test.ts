import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunDiff } from '../../src/diff/runs.ts';
import { afterFirstRun, makeRig, type Rig } from './rig.ts';
import { wordsProject } from './words-project.ts';

const ranProject = afterFirstRun(wordsProject);

async function diff(rig: Rig, ...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await rig.groundproof('diff', ...words);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .replaceAll(/\d{8}T\d{9}Z-[0-9a-f]{6}/g, 'RUN')
    .replaceAll(/ \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)/g, '')
    .trimEnd()
    .split('\n');
}

const runs = (rig: Rig): string[] => {
  const names = readdirSync(rig.path('cache/runs')).sort();
  return names.map((name) => name.replace('.json', ''));
};

describe('diff of the last two runs', () => {
  test('shows flips, a changed threshold once, and tables down to the cell', async () => {
    const rig = ranProject();
    rig.edit('pipeline.yaml', 'at_least: 2', 'at_least: 5');
    await rig.runHere();
    expect(await diff(rig)).toEqual([
      'RUN -> RUN',
      '',
      'flipped',
      '  a  verdict  enough -> too few',
      '',
      'parameters',
      '  count.at_least 2 -> 5 (pipeline.yaml:9)',
      '',
      'count.counts  table changed in 2 actions',
      '  count@a: 1 row',
      '    words  5 -> 1  (-4, -80 %)',
      '  count@b: 1 row',
      '    words  2 -> 1  (-1, -50 %)',
      '',
      'judge.judged  table changed in 1 action',
      '  judge@a: 1 row by recording',
      '    a  verdict  enough -> too few',
      '',
      'gather.list  file changed in 1 action',
      '  gather',
    ]);
  });

  test('shows a changed helper, a changed input file and a failure', async () => {
    const rig = ranProject();
    rig.edit('tasks/lib/words.ts', '>= atLeast', '> atLeast + 9');
    rig.write('data/a.txt', 'one');
    rig.write('data/b.txt', '');
    await rig.runHere('--keep-going');
    const lines = await diff(rig);
    expect(lines.slice(0, 14)).toEqual([
      'RUN -> RUN',
      '',
      'flipped',
      '  a  verdict  enough -> too few',
      '',
      'code',
      '  tasks/lib/words.ts (count; 1 action)',
      '',
      'inputs',
      expect.stringMatching(/^ {2}data\/a\.txt {2}[0-9a-f]{8} -> [0-9a-f]{8} \(count; 1 action\)$/),
      '',
      'actions',
      '  executed -> failed: count@b',
      '  executed -> blocked: judge@b',
    ]);
  });

  test('says that nothing changed, also after a change and its return', async () => {
    const rig = makeRig(wordsProject);
    await rig.run();
    await rig.run();
    expect(await diff(rig)).toEqual(['nothing changed: run RUN found everything as run RUN left it']);
    await rig.runHere('--set', 'judge.limit=9');
    await rig.run();
    expect((await diff(rig)).slice(2, 7)).toEqual([
      'flipped',
      '  a  verdict  too few -> enough',
      '',
      'parameters',
      '  judge.limit 9 -> 3 (pipeline.yaml:14)',
    ]);
    const [first] = runs(rig) as [string];
    expect(await diff(rig, first)).toEqual(['run RUN and run RUN have the same results']);
    expect(await diff(rig, 'last', 'last')).toEqual(['both are run RUN']);
  });
});

test('diff compares runs by their ids, other recordings, and a table that the store has lost', async () => {
  const rig = makeRig({ ...wordsProject, 'data/c.txt': 'my own' });
  await rig.runHere();
  await rig.runHere('--each', 'recording=a,c', '--set', 'judge.limit=9');
  await rig.runHere('--set', 'judge.limit=8');
  const [first, second] = runs(rig) as [string, string];
  const { stdout } = await rig.groundproof('diff', 'pipeline.yaml', first, second, '--format', 'json');
  const data = JSON.parse(stdout) as RunDiff;
  expect(data.actions.map(({ action, before, after }) => [action, before, after])).toEqual([
    ['count@b', 'executed', null],
    ['count@c', null, 'executed'],
    ['judge@b', 'executed', null],
    ['judge@c', null, 'executed'],
  ]);
  expect(data.flips).toEqual([{ action: 'judge@a', row: 'a', column: 'verdict', from: 'enough', to: 'too few' }]);
  rig.remove('cache/blobs');
  const lines = await diff(rig, first, second);
  expect(lines).toContain('no headline flipped');
  expect(lines.join('\n')).toContain('judge.judged  table changed in 1 action\n  judge@a');
});

test('diff writes markdown, also into the step summary of GitHub Actions', async () => {
  const rig = makeRig({ ...wordsProject, 'summary.md': 'before\n' });
  await rig.runHere();
  await rig.runHere('--set', 'judge.limit=9');
  const markdown = (await rig.groundproof('diff', '--format', 'markdown')).stdout;
  expect(markdown).toMatch(/^### 1 headline flipped\n\n\| row \|/);
  expect(markdown).toContain('| `a` | `verdict` | `enough` | **`too few`** |');
  const actions = rig.around({ env: { GITHUB_STEP_SUMMARY: rig.path('summary.md') } });
  const { code, stdout } = await actions.groundproof('diff', '--step-summary');
  expect({ code, first: stdout.split('\n')[3] }).toEqual({ code: 0, first: '  a  verdict  enough -> too few' });
  expect(rig.read('summary.md')).toBe(`before\n${markdown}`);

  const nowhere = rig.around({ env: { GITHUB_STEP_SUMMARY: rig.path('missing/summary.md') } });
  const refused = await nowhere.groundproof('diff', '--step-summary');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    /^the step summary in GITHUB_STEP_SUMMARY was not written: ENOENT.*missing\/summary\.md'\n/,
  );
  expect(refused.stderr).not.toMatch(/^ +at /m);
});

test('diff refuses runs that cannot be compared', async () => {
  const rig = makeRig(wordsProject);
  const refused = async (says: RegExp, ...words: string[]) => {
    const { code, stdout, stderr } = await rig.groundproof('diff', ...words);
    expect.soft(stderr, words.join(' ')).toMatch(says);
    expect.soft({ code, stdout }, words.join(' ')).toEqual({ code: 2, stdout: '' });
  };
  await refused(/no run of .*pipeline\.yaml is recorded/);
  await rig.runHere('count@a');
  await refused(/only one run of .*pipeline\.yaml is recorded/);
  await rig.runHere('count@a');
  await refused(/there is no run 1999[\s\S]*the latest are:\n {2}\d{8}T/, '1999');
  await refused(/2 runs begin with 2; which one\?/, '2');
  await refused(/diff takes at most two runs/, 'last', 'last', 'last');
  await refused(/--step-summary needs GITHUB_STEP_SUMMARY/, '--step-summary');
  await refused(/there is no pipeline/, 'other.yaml');
});
