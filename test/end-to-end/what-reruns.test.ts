import { readdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { afterFirstRun, makeRig } from './rig.ts';
import { ALL, wordsProject } from './words-project.ts';

const ranProject = afterFirstRun(wordsProject);

describe('a rerun', () => {
  test('without changes executes nothing', async () => {
    const rig = makeRig(wordsProject);
    const first = await rig.run();
    expect(first.code).toBe(0);
    expect(first.executed).toEqual(ALL);
    expect(rig.read('out/gather/list.txt')).toBe('a: enough\nb: too few\n');
    const second = await rig.run();
    expect(second.executed).toEqual([]);
    expect(second.reused).toEqual(ALL);
    expect(second.code).toBe(0);
  });

  test('after a changed parameter executes its step and the dependents of changed outputs; back again it executes nothing', async () => {
    const rig = ranProject();
    // Both texts still have their words of four letters or more, so only a's count changes.
    const changed = await rig.run('--set', 'count.at_least=5');
    expect(changed.executed).toEqual(['count@a', 'count@b', 'gather', 'judge@a', 'judge@b']);
    const back = await rig.run();
    expect(back.executed).toEqual([]);
    expect(rig.read('out/gather/list.txt')).toBe('a: enough\nb: too few\n');
    const forth = await rig.run('--set', 'count.at_least=5');
    expect(forth.executed).toEqual([]);
    expect(rig.read('out/gather/list.txt')).toBe('a: too few\nb: too few\n');
  });

  test('after a changed parameter that affects no output stops there (early cutoff)', async () => {
    const rig = ranProject();
    const changed = await rig.run('--set', 'count.at_least=3');
    expect(changed.executed).toEqual(['count@a', 'count@b']);
    expect(changed.finished('count@a')).toMatchObject({
      why: [{ cause: 'param-changed', param: 'at_least', from: 2, to: 3, position: '--set' }],
    });
  });

  test('compares with the last run, even if that had nothing to do', async () => {
    const rig = ranProject();
    await rig.run('--set', 'count.at_least=5');
    await rig.run();
    const changed = await rig.run('--set', 'count.at_least=4');
    expect(changed.finished('count@a')).toMatchObject({ why: [{ cause: 'param-changed', from: 2, to: 4 }] });
  });

  test('after a changed parameter in the file names its line', async () => {
    const rig = ranProject();
    rig.edit('pipeline.yaml', 'at_least: 2', 'at_least: 3');
    const changed = await rig.run();
    expect(changed.finished('count@a')).toMatchObject({
      why: [{ cause: 'param-changed', from: 2, to: 3, position: 'pipeline.yaml:9' }],
    });
  });

  test('after a changed helper executes the steps whose tasks use it', async () => {
    const rig = ranProject();
    rig.edit('tasks/lib/words.ts', '>= atLeast', '> atLeast - 1');
    const changed = await rig.run();
    expect(changed.executed).toEqual(['count@a', 'count@b']);
    expect(changed.finished('count@b')).toMatchObject({
      why: [{ cause: 'code-changed', files: ['tasks/lib/words.ts'] }],
    });
  });

  test('after a changed comment, format or type executes nothing', async () => {
    const rig = ranProject();
    rig.edit('tasks/count.ts', 'export default', '// counts\n\nexport default');
    rig.edit(
      'tasks/lib/words.ts',
      '/** Words of at least some length. */',
      '/** Reworded. */\ntype Unused = number;\n',
    );
    const changed = await rig.run();
    expect(changed.executed).toEqual([]);
    expect(changed.reused).toEqual(ALL);
  });

  test('after a changed byte of an input executes its recording and the gathering step', async () => {
    const rig = ranProject();
    rig.write('data/b.txt', 'six seven eight');
    const changed = await rig.run();
    expect(changed.executed).toEqual(['count@b', 'gather', 'judge@b']);
    expect(changed.finished('count@b')).toMatchObject({
      why: [{ cause: 'input-changed', port: 'text', source: 'data/b.txt' }],
    });
    expect(changed.finished('gather')).toMatchObject({
      why: [{ cause: 'input-changed', port: 'judged', recording: 'b', source: 'judge@b' }],
    });
  });

  test('after a changed mtime executes nothing', async () => {
    const rig = ranProject();
    const long = new Date(2001, 2, 3);
    for (const file of ['data/a.txt', 'pipeline.yaml', 'tasks/count.ts']) utimesSync(rig.path(file), long, long);
    expect((await rig.run()).executed).toEqual([]);
  });

  test('after out/ was deleted restores it and executes nothing', async () => {
    const rig = ranProject();
    const before = rig.read('out/judge/a/judged.csv');
    rig.remove('out');
    expect((await rig.run()).executed).toEqual([]);
    expect(rig.read('out/judge/a/judged.csv')).toBe(before);
    rig.remove('out/judge/a/judged.csv');
    rig.write('out/gather/list.txt', 'tampered with');
    expect((await rig.run()).executed).toEqual([]);
    expect(rig.read('out/judge/a/judged.csv')).toBe(before);
    expect(rig.read('out/gather/list.txt')).toBe('a: enough\nb: too few\n');
  });

  test('after a blob was lost executes its action and no dependents', async () => {
    const rig = ranProject();
    const blobs = rig.path('cache/blobs');
    const list = readdirSync(blobs, { recursive: true, encoding: 'utf8' })
      .map((name) => join(blobs, name))
      .find((path) => statSync(path).isFile() && statSync(path).size === 'a: enough\nb: too few\n'.length);
    rmSync(list as string);
    const again = await rig.run();
    expect(again.executed).toEqual(['gather']);
    expect(again.finished('gather')).toMatchObject({ why: [{ cause: 'result-lost', port: 'list' }] });
  });

  test('with --force executes the targets and the dependents of changed outputs', async () => {
    const rig = ranProject();
    expect((await rig.run('--force', 'judge@a')).executed).toEqual(['judge@a']);
    expect((await rig.run('--force', 'judge')).executed).toEqual(['judge@a', 'judge@b']);
  });

  test('after the whole project moved executes nothing', async () => {
    const rig = ranProject();
    const store = rig.path('cache');
    const other = makeRig(wordsProject);
    expect((await other.run('--store', store)).executed).toEqual([]);
  });

  test('with targets executes them and the steps that they need', async () => {
    const rig = makeRig(wordsProject);
    expect((await rig.run('judge@a')).executed).toEqual(['count@a', 'judge@a']);
    expect((await rig.run('pipeline.yaml', 'count')).executed).toEqual(['count@b']);
    expect(rig.exists('out/judge/a/judged.arrow')).toBe(true);
  });

  test('with --each executes other recordings and keeps the earlier results', async () => {
    const rig = ranProject();
    rig.write('data/mine.txt', 'my own words');
    const own = await rig.run('--each', 'recording=mine');
    expect(own.executed).toEqual(['count@mine', 'gather', 'judge@mine']);
    expect(rig.read('out/gather/list.txt')).toBe('mine: enough\n');
    expect(rig.exists('out/judge/a/judged.arrow')).toBe(true);
  });
});

describe('plan', () => {
  test('predicts the run, and executes nothing', async () => {
    const rig = makeRig(wordsProject);
    const planned = await rig.plan();
    expect(planned.map(({ action, decision }) => [action, decision])).toEqual([
      ['count@a', 'execute'],
      ['count@b', 'execute'],
      ['judge@a', 'unknown'],
      ['judge@b', 'unknown'],
      ['gather', 'unknown'],
    ]);
    expect(rig.exists('out')).toBe(false);
    await rig.run();
    expect(new Set((await rig.plan()).map(({ decision }) => decision))).toEqual(new Set(['reuse']));
    const [count] = await rig.plan('--set', 'count.at_least=3');
    expect(count).toMatchObject({ decision: 'execute', why: [{ cause: 'param-changed', from: 2, to: 3 }] });
  });
});

test('a lost result whose blobs exist is made again by run and by plan', async () => {
  const rig = makeRig(wordsProject);
  await rig.run();
  rig.remove('cache/results');
  const executing = (await rig.plan()).filter(({ decision }) => decision === 'execute');
  expect(executing.map(({ action }) => action)).toEqual(['count@a', 'count@b']);
  expect((await rig.run()).executed).toEqual(ALL);
  expect((await rig.groundproof('lock')).code).toBe(0);
});

test('plan reports an unreadable input of an action and goes on, like run', async () => {
  const rig = makeRig(wordsProject);
  rig.remove('data/a.txt');
  symlinkSync('a.txt', rig.path('data/a.txt'));
  const planned = await rig.plan('count');
  expect(planned.map(({ action, decision, failure }) => [action, decision, failure?.reason])).toEqual([
    ['count@a', 'unknown', 'file-system'],
    ['count@b', 'execute', undefined],
  ]);
  expect(await rig.runHere('--keep-going', 'count')).toMatchObject({ failed: ['count@a'], executed: ['count@b'] });
});
