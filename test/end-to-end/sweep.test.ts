import { expect, test } from 'vitest';
import { makeRig } from './rig.ts';
import { wordsProject } from './words-project.ts';

const outcomes = (stderr: string) =>
  stderr
    .split('\n')
    .filter((line) => / of \d+\)$/.test(line))
    .map((line) => line.replace(/ in .*? {2}/, '  '));

test('sweep executes only the dependents of a parameter, once for each value, and keeps the last run', async () => {
  const rig = makeRig(wordsProject);
  await rig.runHere();
  const before = await rig.groundproof('explain', 'judge@a');
  const swept = await rig.groundproof('sweep', '--set', 'judge.limit=2..6');
  expect(swept).toMatchObject({ code: 0 });
  expect(outcomes(swept.stderr)).toEqual([
    'judge.limit=2  3 executed, 2 reused  (1 of 5)',
    'judge.limit=3  0 executed, 5 reused  (2 of 5)',
    'judge.limit=4  2 executed, 3 reused  (3 of 5)',
    'judge.limit=5  2 executed, 3 reused  (4 of 5)',
    'judge.limit=6  3 executed, 2 reused  (5 of 5)',
  ]);
  expect(swept.stdout).toBe(
    `verdict by judge.limit
recording  2       3*       4        5        6
a          enough  enough   enough   enough   too few  enough from 2 to 5
b          enough  too few  too few  too few  too few  too few from 3 to 6
* the pipeline's own value
the same at all 5 values: 0 of 2 rows
`,
  );
  expect(rig.read('out-sweep/sweep.csv').split('\r\n').slice(0, 3)).toEqual([
    'judge.limit,recording,verdict,actions_executed,actions_reused',
    '2,a,enough,3,2',
    '2,b,enough,3,2',
  ]);
  for (const name of ['sweep.arrow', 'sweep.svg', 'sweep.png']) expect(rig.exists(`out-sweep/${name}`)).toBe(true);

  // `out/`, explain and diff still show the last run.
  expect(rig.read('out/judge/b/judged.csv')).toContain('too few');
  expect(await rig.groundproof('explain', 'judge@a')).toEqual(before);
  expect((await rig.groundproof('diff')).stderr).toContain('only one run of');
  expect((await rig.run()).executed).toEqual([]);
  // The store has the sweep's result for this value, and run shows it.
  expect((await rig.runHere('--set', 'judge.limit=6')).executed).toEqual([]);
  expect(rig.read('out/judge/a/judged.csv')).toContain('too few');
  expect((await rig.groundproof('diff')).stdout).toMatch(/a +verdict +enough -> too few/);
});

test('sweep of several parameters runs all combinations, into a named folder', async () => {
  const rig = makeRig(wordsProject);
  const words = ['--set', 'judge.limit=2,5', '--set', 'count.at_least=[1, 4]', '--each', 'recording=b'];
  const swept = await rig.groundproof('sweep', ...words, '--out', 'elsewhere');
  expect(outcomes(swept.stderr).map((line) => line.split('  ')[0])).toEqual([
    'judge.limit=2 count.at_least=1',
    'judge.limit=2 count.at_least=4',
    'judge.limit=5 count.at_least=1',
    'judge.limit=5 count.at_least=4',
  ]);
  expect(rig.read('elsewhere/sweep.csv')).toContain('\r\n2,4,b,too few,');
  expect(rig.exists('out')).toBe(false);
  expect(rig.exists('out-sweep')).toBe(false);
});

test('sweep goes on after a value that fails, and shows no headline for it', async () => {
  const rig = makeRig(wordsProject);
  rig.edit('tasks/judge.ts', 'const verdict', "if (params.limit === 3) throw new Error('three');\n    const verdict");
  const swept = await rig.groundproof('sweep', '--set', 'judge.limit=2..4', '--jobs', '1', '--keep-going');
  expect(swept.code).toBe(1);
  expect(swept.stderr).toContain('reproduce with: groundproof run pipeline.yaml judge@a --set judge.limit=3');
  expect(outcomes(swept.stderr)[1]).toBe('judge.limit=3  0 executed, 2 reused, 2 failed, 1 blocked  (2 of 3)');
  expect(swept.stdout).toContain('a          enough  -   enough   nothing at 3');
  expect(rig.read('out-sweep/sweep.csv')).toContain('\r\n3,a,,0,2');
});

test('sweep finds wrong values before it runs anything', async () => {
  const rig = makeRig(wordsProject);
  const refused = async (...words: string[]) => {
    const { code, stdout, stderr } = await rig.groundproof('sweep', ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr;
  };
  expect(await refused()).toContain('sweep needs --set step.param=VALUES');
  expect(await refused('--set', 'judge.limit=2..6:0.5')).toContain('judge.limit=2.5');
  expect(await refused('--set', 'judg.limit=2..6')).toContain("did you mean 'judge'?");
  expect(await refused('--set', 'judge.limit=6..2')).toContain('steps of 1 never lead from 6 to 2');
  expect(await refused('--set', 'judge.limit=1..100', '--set', 'count.at_least=1..11')).toContain('1100 combinations');
  expect(await refused('--set', 'judge.limit=1', 'count')).toContain('no step of this has a headline');
  expect(await refused('--set', 'judge.limit=1', 'gathr')).toContain('gather');
  expect(rig.exists('out-sweep')).toBe(false);
  expect((await rig.runHere()).executed).toHaveLength(5);
});

test('Ctrl-C ends a sweep, and the next sweep continues there', async () => {
  const rig = makeRig(wordsProject);
  rig.edit('tasks/judge.ts', 'run({ inputs, params, outputs })', 'run({ inputs, params, outputs, signal })');
  const hold = "if (params.limit === 3) await new Promise((resolve) => signal.addEventListener('abort', resolve));";
  rig.edit('tasks/judge.ts', 'const verdict', `${hold}\n    const verdict`);
  const sweeping = rig.start('sweep', '--set', 'judge.limit=2..4');
  await sweeping.printed('(1 of 3)');
  sweeping.kill('SIGINT');
  const { code, stdout, stderr } = await sweeping.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toContain('interrupted; the next sweep continues here');
  expect(rig.exists('out-sweep')).toBe(false);
  const again = await rig.groundproof('sweep', '--set', 'judge.limit=2,4');
  expect(outcomes(again.stderr)).toEqual([
    'judge.limit=2  0 executed, 5 reused  (1 of 2)',
    'judge.limit=4  3 executed, 2 reused  (2 of 2)',
  ]);
});
