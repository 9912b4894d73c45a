import { describe, expect, test } from 'vitest';
import type { Explained } from '../../src/explain/ask.ts';
import { afterFirstRun, makeRig, type Rig } from './rig.ts';
import { wordsProject } from './words-project.ts';

const ranProject = afterFirstRun(wordsProject);

async function explain(rig: Rig, ...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await rig.groundproof('explain', ...words);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .replaceAll(/\d{8}T\d{9}Z-[0-9a-f]{6}/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'TIME')
    .replaceAll(/, in [\d.]+ m?s/g, '')
    .trimEnd()
    .split('\n');
}

describe('explain of an executed action', () => {
  test('names the line of a threshold, through every action that it reached', async () => {
    const rig = ranProject();
    expect(await explain(rig, 'count@a')).toEqual([
      'count@a was executed in run RUN (TIME), because',
      '  it has not run before',
    ]);
    rig.edit('pipeline.yaml', 'at_least: 2', 'at_least: 5');
    rig.edit('data/b.txt', 'six', 'twelve');
    await rig.runHere();
    expect(await explain(rig, 'gather')).toEqual([
      'gather was executed in run RUN (TIME), because',
      '  input judged changed <- judge@a',
      '    input counts changed <- count@a',
      '      params.at_least 2 -> 5 (pipeline.yaml:9)',
    ]);
    const both = await explain(rig, 'pipeline.yaml', 'count@b');
    expect(both[1]).toBe('  params.at_least 2 -> 5 (pipeline.yaml:9)');
    expect(both[2]).toMatch(/^ {2}input text changed <- data\/b\.txt \(digest [0-9a-f]{8} -> [0-9a-f]{8}\)$/);
  });

  test('names the changed code of a helper', async () => {
    const rig = ranProject();
    rig.edit('tasks/lib/words.ts', '>= atLeast', '> atLeast + 1');
    await rig.runHere();
    expect((await explain(rig, 'judge@a')).slice(1)).toEqual([
      '  input counts changed <- count@a',
      '    code changed: tasks/lib/words.ts',
    ]);
  });

  test('follows a chain to an action that another run brought up to date', async () => {
    const rig = ranProject();
    rig.edit('pipeline.yaml', 'at_least: 2', 'at_least: 4');
    await rig.runHere('count');
    rig.edit('pipeline.yaml', 'at_least: 4', 'at_least: 5');
    await rig.runHere('count');
    await rig.runHere();
    expect((await explain(rig, 'judge@a')).slice(1)).toEqual([
      '  input counts changed <- count@a (reused, made TIME by count@a)',
      '    params.at_least 2 -> 5 (pipeline.yaml:9)',
    ]);
  });

  test('compares with an earlier run even if the record of its result is gone', async () => {
    const rig = ranProject();
    rig.remove('cache/results');
    await rig.runHere('judge@a');
    expect((await explain(rig, 'judge@a')).slice(1)).toEqual(['  its result is no longer in the store']);
  });
});

describe('explain of a reused action', () => {
  test('says that nothing changed, also after a return to earlier parameters', async () => {
    const rig = ranProject();
    await rig.run();
    const nothing = [
      'judge@a was reused in run RUN (TIME)',
      '  nothing changed since run RUN (TIME)',
      '  its result was made TIME by judge@a',
    ];
    expect(await explain(rig, 'judge@a')).toEqual(nothing);
    await rig.runHere('--set', 'count.at_least=5');
    await rig.run();
    expect(await explain(rig, 'judge@a')).toEqual([
      'judge@a was reused in run RUN (TIME)',
      '  the store had an earlier result of the same key',
      '  its result was made TIME by judge@a',
      '  what differs from run RUN (TIME):',
      '    input counts changed <- count@a (reused, made TIME by count@a)',
      '      params.at_least 5 -> 2 (pipeline.yaml:9)',
    ]);
    expect((await explain(rig, 'count@a', '--run', 'previous'))[1]).toBe('  params.at_least 2 -> 5 (--set)');
  });

  test('works for a store that another project filled', async () => {
    const rig = ranProject();
    const other = makeRig(wordsProject);
    await other.runHere('--store', rig.path('cache'));
    expect((await explain(other, 'gather', '--store', rig.path('cache'))).slice(1)).toEqual([
      '  no earlier run of it is recorded, but the store had a result of the same key',
      '  its result was made TIME by gather',
    ]);
  });
});

test('explain tells failed, blocked, left out and never executed actions apart', async () => {
  const rig = makeRig({ ...wordsProject, 'data/a.txt': '' });
  expect(await explain(rig, 'gather')).toEqual([
    'gather has never run; groundproof plan gather says what a run would do',
  ]);
  await rig.runHere('--keep-going');
  expect(await explain(rig, 'count@a')).toEqual([
    'count@a failed in run RUN (TIME): the text is empty: 0 bytes',
    'it was to be executed because',
    '  it has not run before',
  ]);
  expect(await explain(rig, 'judge@a')).toEqual([
    'judge@a did not run in run RUN (TIME): it waits for count@a, which failed',
  ]);
  await rig.runHere('count@b');
  expect(await explain(rig, 'judge@b')).toEqual([
    'judge@b was no part of the last run, RUN',
    'judge@b was executed in run RUN (TIME), because',
    '  it has not run before',
  ]);
});

test('explain writes JSON', async () => {
  const rig = ranProject();
  await rig.runHere('--set', 'count.at_least=5');
  const { stdout } = await rig.groundproof('explain', 'judge@a', '--format', 'json');
  expect(JSON.parse(stdout) as Explained).toMatchObject({
    action: 'judge@a',
    notIn: null,
    explanation: {
      outcome: 'executed',
      reasons: [
        {
          cause: { cause: 'input-changed', port: 'counts', source: 'count@a' },
          origin: { action: 'count@a', reasons: [{ cause: { cause: 'param-changed', from: 2, to: 5 } }] },
        },
      ],
    },
  });
});

test('explain refuses unknown actions and runs', async () => {
  const rig = ranProject();
  const refused: [words: string[], says: RegExp][] = [
    [['cuont@a'], /no step or action cuont@a; did you mean count@a\?/],
    [['count'], /count is a step of 2 actions; name one: count@a, count@b/],
    [['count@*'], /count@\* stands for 2 actions; name one: count@a, count@b/],
    [['count@a+'], /count@a\+ stands for 3 actions; name one: count@a, judge@a, gather/],
    [[], /missing required argument/],
    [['count@a', 'count@b'], /explain takes one action/],
    [['other.yaml', 'count@a'], /there is no pipeline/],
    [['count@a', '--run', '1999'], /there is no run 1999/],
  ];
  for (const [words, says] of refused) {
    const { code, stdout, stderr } = await rig.groundproof('explain', ...words);
    expect.soft(stderr, words.join(' ')).toMatch(says);
    expect.soft({ code, stdout }, words.join(' ')).toEqual({ code: 2, stdout: '' });
  }
});

test('explain shows recordings in another order, a missing recording, and its return', async () => {
  const rig = ranProject();
  const explained = async (recordings: string) => {
    await rig.runHere('--each', `recording=${recordings}`);
    return (await rig.groundproof('explain', 'gather')).stdout;
  };
  const reordered = await explained('b,a');
  expect(reordered).toContain('gather was executed');
  expect(reordered).toMatch(/because\n {2}input judged comes in another order\n$/);
  expect(await explained('b')).toMatch(/because\n {2}input judged is gone <- judge@a\n$/);
  expect(await explained('b,a')).toMatch(/\n {4}input judged is new <- judge@a \(was no part of that run\)\n$/);
});
