import { expect, test } from 'vitest';
import { makeRig } from './rig.ts';
import { wordsProject } from './words-project.ts';

test('run --junit writes its file after a failure, with nothing to do, and if nothing could run', async () => {
  const rig = makeRig({ ...wordsProject, 'data/b.txt': '' });
  const junit = async (...words: string[]) => {
    await rig.run('--junit', 'reports/junit.xml', ...words);
    return rig.read('reports/junit.xml');
  };
  const failed = await junit('--keep-going');
  expect(failed).toContain('<testsuites name="words" tests="5" failures="1" errors="0" skipped="1"');
  expect(failed).toContain('<failure message="the text is empty: 0 bytes" type="data">');
  expect(failed).toContain('<skipped message="blocked by count@b"/>');
  rig.write('data/b.txt', 'seven');
  await rig.run();
  expect(await junit()).toContain('<testsuites name="words" tests="5" failures="0" errors="0" skipped="0"');
  rig.edit('pipeline.yaml', 'at_least', 'at_lesat');
  expect(await junit()).toContain('tests="0"');
});
