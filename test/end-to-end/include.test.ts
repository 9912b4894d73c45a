import { symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { afterFirstRun, makeRig } from './rig.ts';
import { copyTask } from './task-module.ts';

const project = {
  'pipeline.yaml': `include: ./shared/base.yaml
x-items: &items [a, b]
each: { recording: *items }
steps:
  all:
    shell: "cat {inputs.counts} > {outputs.all}"
    inputs: { counts: count.n }
    outputs: { all: .txt }
`,
  'shared/base.yaml': `include: ../limits.yaml
steps:
  copy:
    uses: ./copy.ts
    each: recording
    inputs: { from: { file: "texts/{recording}.txt" } }
  count:
    shell: "grep -c {params.word} {inputs.text} > {outputs.n}"
    each: recording
    inputs: { text: copy.out }
    outputs: { n: .txt }
`,
  'limits.yaml': `steps:
  count:
    params:
      word: one
`,
  'shared/copy.ts': copyTask,
  'shared/texts/a.txt': 'one\ntwo\none\n',
  'shared/texts/b.txt': 'one\ntwo\ntwo\n',
};
const ranProject = afterFirstRun(project);

describe('a pipeline of several files', () => {
  test('groundproof run takes steps and paths from all files, and then has nothing to do', async () => {
    const rig = ranProject();
    expect(rig.read('out/all/all.txt')).toBe('2\n1\n');
    const again = await rig.run();
    expect(again.executed).toEqual([]);
    expect((await rig.run()).reused).toEqual(again.reused);
  });

  test('a changed parameter of an included file executes what needs it, and explain names its file and line', async () => {
    const rig = ranProject();
    await rig.run();
    await rig.run();
    rig.edit('limits.yaml', 'one', 'two');
    const planned = await rig.plan();
    expect(planned.filter(({ decision }) => decision === 'execute').map(({ action }) => action)).toEqual([
      'count@a',
      'count@b',
    ]);
    expect((await rig.run()).executed).toEqual(['all', 'count@a', 'count@b']);
    expect((await rig.groundproof('explain', 'count@a')).stdout).toContain(
      `params.word "one" -> "two" (limits.yaml:4)`,
    );
    rig.edit('limits.yaml', 'two', 'one');
    expect((await rig.run()).executed).toEqual([]);
    expect(rig.read('out/all/all.txt')).toBe('2\n1\n');
    rig.edit('shared/base.yaml', 'steps:', '# a comment\nsteps:');
    expect((await rig.run()).executed).toEqual([]);
  });

  test('a removed included file is a mistake with its place, also after a run with nothing to do', async () => {
    const rig = ranProject();
    await rig.run();
    rig.remove('limits.yaml');
    rig.write('limit.yaml', '');
    for (const command of ['run', 'plan']) {
      const { code, stderr } = await rig.groundproof(command);
      expect(code).toBe(2);
      expect(stderr).toContain(`shared/base.yaml:1:10: there is no file '../limits.yaml'`);
      expect(stderr).toContain(`did you mean '../limit.yaml'?`);
    }
    rig.write('limits.yaml', project['limits.yaml']);
    expect((await rig.run()).executed).toEqual([]);
  });

  test('a mistake points into the file in which it is written', async () => {
    const rig = ranProject();
    rig.edit('limits.yaml', 'params:', 'parms:');
    rig.edit('shared/base.yaml', 'copy.out', 'copy.uot');
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(2);
    expect(stderr).toContain(`limits.yaml:3:5: step 'count' has no 'parms'`);
    expect(stderr).toContain(`shared/base.yaml:10:26: step 'copy' has no output 'uot'`);
  });

  test('a link to an included file may lead to another file', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'include: ./base.yaml\n',
      'one.yaml': 'steps: { x: { shell: "echo 1 > {outputs.o}", outputs: { o: .txt } } }\n',
      'two.yaml': 'steps: { x: { shell: "echo 2 > {outputs.o}", outputs: { o: .txt } } }\n',
    });
    symlinkSync('one.yaml', rig.path('base.yaml'));
    for (let run = 0; run < 3; run++) await rig.run();
    rig.remove('base.yaml');
    symlinkSync('two.yaml', rig.path('base.yaml'));
    expect((await rig.run()).executed).toEqual(['x']);
  });
});

test('a pipeline includes a file of an npm package, with tasks and files of the package', async () => {
  const manifest = (file: string) =>
    JSON.stringify({
      name: 'lab',
      version: '1.0.0',
      type: 'module',
      exports: { './base.yaml': `./pipelines/${file}` },
    });
  const text = (word: string) => `steps:
  copy:
    uses: ../src/copy.ts
    inputs: { from: { file: ${word}.txt } }
`;
  const rig = makeRig({
    'pipeline.yaml': 'include: lab/base.yaml\n',
    'package.json': '{ "name": "project", "type": "module" }',
    'node_modules/lab/package.json': manifest('one.yaml'),
    'node_modules/lab/src/copy.ts': copyTask,
    'node_modules/lab/pipelines/one.yaml': text('one'),
    'node_modules/lab/pipelines/two.yaml': text('two'),
    'node_modules/lab/pipelines/one.txt': '1',
    'node_modules/lab/pipelines/two.txt': '2',
  });
  const first = await rig.run();
  expect(first.stderr).toBe('');
  expect(rig.read('out/copy/out.txt')).toBe('1');
  expect((await rig.run()).executed).toEqual([]);
  expect((await rig.run()).executed).toEqual([]);
  rig.write('node_modules/lab/package.json', manifest('two.yaml'));
  expect((await rig.run()).executed).toEqual(['copy']);
  expect(rig.read('out/copy/out.txt')).toBe('2');
});
