import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';
import { taskModule } from './task-module.ts';

const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const manifest = (name: string, version: string, more: object = {}) =>
  JSON.stringify({ name, version, type: 'module', ...more });

const versions = (rig: Rig, name: string, from: string, to: string) =>
  rig.edit(`node_modules/${name}/package.json`, `"version":"${from}"`, `"version":"${to}"`);

/** `tools` brings a task that uses `left`, which uses `deep`; the project's own task uses `right`. */
const project = {
  'pipeline.yaml': `
steps:
  theirs: { uses: tools/shout }
  ours: { uses: ./ours.ts }
`,
  'package.json': manifest('project', '1.0.0'),
  'node_modules/tools/package.json': manifest('tools', '1.0.0', {
    exports: { './shout': './src/shout.ts' },
    dependencies: { left: '*' },
  }),
  'node_modules/tools/src/shout.ts': taskModule(`outputs.out.write(Buffer.from(mark(left('theirs'))));`).replace(
    '\n\n',
    `\nimport { left } from 'left';\nimport { mark } from './mark.ts';\n\n`,
  ),
  'node_modules/tools/src/mark.ts': `export const mark = (text: string): string => text + '!';\n`,
  // A dependency of its own, nested, and CommonJS.
  'node_modules/tools/node_modules/left/package.json': JSON.stringify({
    name: 'left',
    version: '1.0.0',
    main: './lib/left.js',
    dependencies: { deep: '*' },
  }),
  'node_modules/tools/node_modules/left/lib/left.js': `const { deep } = require('deep');\nexports.left = (text) => '<' + deep(text);\n`,
  'node_modules/deep/package.json': JSON.stringify({ name: 'deep', version: '1.0.0', main: './deep.js' }),
  'node_modules/deep/deep.js': `exports.deep = (text) => text.toUpperCase();\n`,
  // A folder of a package may have a package.json of its own, with a name and no version.
  'node_modules/right/package.json': manifest('right', '1.0.0', { exports: { './sub': './sub/index.js' } }),
  'node_modules/right/sub/package.json': JSON.stringify({ name: 'right/sub', type: 'module' }),
  'node_modules/right/sub/index.js': `export const right = (text) => text + '>';\n`,
  'ours.ts': taskModule(`outputs.out.write(Buffer.from(right(old.decorate('ours'))));`).replace(
    '\n\n',
    `\nimport { right } from 'right/sub';\nimport old from './old.cjs';\n\n`,
  ),
  'old.cjs': `const { basename } = require('path');\nconst { deep } = require('deep');\nmodule.exports = { decorate: (text) => deep(basename('/x/' + text)) };\n`,
};

describe('packages', () => {
  test('tasks from packages and tasks that use packages run, whatever kind of module they are', async () => {
    const rig = makeRig(project);
    const ran = await rig.run();
    expect(ran.stderr).toBe('');
    expect(ran.executed).toEqual(['ours', 'theirs']);
    expect(rig.read('out/theirs/out.txt')).toBe('<THEIRS!');
    expect(rig.read('out/ours/out.txt')).toBe('OURS>');
  });

  test('count by name and version of all that is installed for them; their files do not', async () => {
    const rig = makeRig(project);
    await rig.runHere();
    rig.edit('node_modules/tools/node_modules/left/lib/left.js', "'<'", "'['");
    rig.edit('node_modules/deep/deep.js', 'toUpperCase', 'toLowerCase');
    rig.edit('node_modules/right/sub/index.js', "'>'", "']'");
    expect((await rig.run()).executed).toEqual([]);

    versions(rig, 'tools/node_modules/left', '1.0.0', '1.0.1');
    const left = await rig.runHere();
    expect(left.finished('theirs')).toMatchObject({
      outcome: 'executed',
      why: [{ cause: 'packages-changed', packages: ['-left@1.0.0', '+left@1.0.1'] }],
    });
    expect(left.reused).toEqual(['ours']);
    expect(rig.read('out/theirs/out.txt')).toBe('[theirs!');

    // Reached only through another package, and by the CommonJS file of our own.
    versions(rig, 'deep', '1.0.0', '2.0.0');
    expect((await rig.runHere()).executed).toEqual(['ours', 'theirs']);
    versions(rig, 'right', '1.0.0', '1.1.0');
    expect((await rig.runHere()).executed).toEqual(['ours']);
  });

  test("are code where the task itself is in one: its files count, its version does not, its 'exports' do", async () => {
    const rig = makeRig(project);
    await rig.runHere();
    versions(rig, 'tools', '1.0.0', '9.0.0');
    expect((await rig.run()).executed).toEqual([]);
    rig.edit('node_modules/tools/src/mark.ts', "'!'", "'?'");
    const edited = await rig.runHere();
    expect(edited.finished('theirs')).toMatchObject({
      outcome: 'executed',
      why: [{ cause: 'code-changed', files: ['node_modules/tools/src/mark.ts'] }],
    });
    expect(rig.read('out/theirs/out.txt')).toBe('<THEIRS?');
    rig.write('node_modules/tools/src/calm.ts', taskModule(`outputs.out.write(Buffer.from('calm'));`));
    rig.edit('node_modules/tools/package.json', './src/shout.ts', './src/calm.ts');
    expect((await rig.runHere()).executed).toEqual(['theirs']);
    expect(rig.read('out/theirs/out.txt')).toBe('calm');
  });

  test('that are linked are own code', async () => {
    const rig = makeRig({
      'work/tools/package.json': manifest('tools', '1.0.0', { exports: { './*': './*.ts' } }),
      'work/tools/shout.ts': taskModule(`outputs.out.write(Buffer.from(mark('shout')));`).replace(
        '\n\n',
        `\nimport { mark } from 'marks';\n\n`,
      ),
      'work/marks/package.json': manifest('marks', '1.0.0', { exports: './marks.ts' }),
      'work/marks/marks.ts': `export const mark = (text: string): string => text + '!';\n`,
      'project/pipeline.yaml': 'steps:\n  theirs: { uses: tools/shout }\n',
    });
    for (const [target, link] of [
      ['work/tools', 'project/node_modules/tools'],
      ['work/marks', 'work/tools/node_modules/marks'],
    ] as const) {
      mkdirSync(dirname(rig.path(link)), { recursive: true });
      symlinkSync(rig.path(target), rig.path(link));
    }
    const inProject = rig.around({ cwd: rig.path('project') });
    expect((await inProject.run()).executed).toEqual(['theirs']);
    expect(rig.read('project/out/theirs/out.txt')).toBe('shout!');
    rig.edit('work/marks/marks.ts', "'!'", "'?'");
    expect((await inProject.run()).executed).toEqual(['theirs']);
    expect(rig.read('project/out/theirs/out.txt')).toBe('shout?');
  });

  test('groundwork itself brings tasks', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  detect: { uses: groundwork/tasks/detect }\n',
      'node_modules/.keep': '',
    });
    symlinkSync(REPOSITORY, rig.path('node_modules/groundwork'));
    const { code, stderr } = await rig.groundwork('run');
    // It is found and loaded: what is missing are its inputs.
    expect(code).toBe(2);
    expect(stderr).toContain("step 'detect' needs input 'juxta'");
    expect(stderr).not.toContain('cannot be used');
  });

  test('that are not there, or not installed, are said to be', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  a: { uses: no-such-package/task }\n  b: { uses: ./b.ts }\n',
      'b.ts': taskModule('').replace('\n\n', "\nimport { x } from 'neither-this';\nvoid x;\n\n"),
    });
    const { code, stderr } = await rig.groundwork('run');
    expect(code).toBe(2);
    expect(stderr).toContain('no-such-package/task');
    expect(stderr).toMatch(/b\.ts:3:\d+: .*neither-this/);
    expect(stderr).toContain('2 mistakes');
  });
});
