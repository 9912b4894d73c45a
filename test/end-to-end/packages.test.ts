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

/** The package `tools` has a task that uses `left`, which uses `deep`; the task of the project uses `right`. */
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
  // A nested dependency, in CommonJS.
  'node_modules/tools/node_modules/left/package.json': JSON.stringify({
    name: 'left',
    version: '1.0.0',
    main: './lib/left.js',
    dependencies: { deep: '*' },
  }),
  'node_modules/tools/node_modules/left/lib/left.js': `const { deep } = require('deep');\nexports.left = (text) => '<' + deep(text);\n`,
  'node_modules/deep/package.json': JSON.stringify({ name: 'deep', version: '1.0.0', main: './deep.js' }),
  'node_modules/deep/deep.js': `exports.deep = (text) => text.toUpperCase();\n`,
  // A folder in a package may have a package.json of its own, with a name and no version.
  'node_modules/right/package.json': manifest('right', '1.0.0', { exports: { './sub': './sub/index.js' } }),
  'node_modules/right/sub/package.json': JSON.stringify({ name: 'right/sub', type: 'module' }),
  'node_modules/right/sub/index.js': `export const right = (text) => text + '>';\n`,
  'ours.ts': taskModule(`outputs.out.write(Buffer.from(right(old.decorate('ours'))));`).replace(
    '\n\n',
    `\nimport { right } from 'right/sub';\nimport old from './old.cjs';\n\n`,
  ),
  'old.cjs': `const { basename } = require('path');\nconst { deep } = require('deep');\nmodule.exports = { decorate: (text) => deep(basename('/x/' + text)) };\n`,
};

describe('npm packages', () => {
  test('may contain tasks, and tasks may import packages of any module kind', async () => {
    const rig = makeRig(project);
    const ran = await rig.run();
    expect(ran.stderr).toBe('');
    expect(ran.executed).toEqual(['ours', 'theirs']);
    expect(rig.read('out/theirs/out.txt')).toBe('<THEIRS!');
    expect(rig.read('out/ours/out.txt')).toBe('OURS>');
  });

  test('count in the key by name and version of all their dependencies, not by their files', async () => {
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

    // Imported only by another package, and by a CommonJS file of the project.
    versions(rig, 'deep', '1.0.0', '2.0.0');
    expect((await rig.runHere()).executed).toEqual(['ours', 'theirs']);
    versions(rig, 'right', '1.0.0', '1.1.0');
    expect((await rig.runHere()).executed).toEqual(['ours']);
  });

  test("count as code if they contain the task: by their files and 'exports', not by their version", async () => {
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

  test('count as code if they are linked', async () => {
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

  test('include groundproof with its tasks', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  detect: { uses: groundproof/tasks/detect }\n',
      'node_modules/.keep': '',
    });
    symlinkSync(REPOSITORY, rig.path('node_modules/groundproof'));
    const { code, stderr } = await rig.groundproof('run');
    // The task is found and loaded; only its inputs are missing.
    expect(code).toBe(2);
    expect(stderr).toContain("step 'detect' needs input 'juxta'");
    expect(stderr).not.toContain('cannot be used');
  });

  test('that are missing or not installed are reported', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  a: { uses: no-such-package/task }\n  b: { uses: ./b.ts }\n',
      'b.ts': taskModule('').replace('\n\n', "\nimport { x } from 'neither-this';\nvoid x;\n\n"),
    });
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(2);
    expect(stderr).toContain('no-such-package/task');
    expect(stderr).toMatch(/b\.ts:3:\d+: .*neither-this/);
    expect(stderr).toContain('2 mistakes');
  });

  test('that pnpm upgrades behind a link are noticed by run, run --force and verify', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  ours: { uses: ./ours.ts }\n',
      'package.json': manifest('project', '1.0.0'),
      'ours.ts': taskModule(`outputs.out.write(Buffer.from(mark('x')));`).replace(
        '\n\n',
        `\nimport { mark } from 'marks';\n\n`,
      ),
      'node_modules/.pnpm/marks@1.0.0/node_modules/marks/package.json': manifest('marks', '1.0.0', {
        main: 'index.js',
      }),
      'node_modules/.pnpm/marks@1.0.0/node_modules/marks/index.js': `export const mark = (text) => text + '1';\n`,
      'node_modules/.pnpm/marks@2.0.0/node_modules/marks/package.json': manifest('marks', '2.0.0', {
        main: 'index.js',
      }),
      'node_modules/.pnpm/marks@2.0.0/node_modules/marks/index.js': `export const mark = (text) => text + '2';\n`,
    });
    const link = (version: string) => {
      rig.remove('node_modules/marks');
      symlinkSync(`.pnpm/marks@${version}/node_modules/marks`, rig.path('node_modules/marks'));
    };
    link('1.0.0');
    expect((await rig.run()).executed).toEqual(['ours']);
    expect((await rig.run()).executed).toEqual([]);
    link('2.0.0');
    expect((await rig.groundproof('verify')).stderr).toContain('make them first');
    const upgraded = await rig.run();
    expect(upgraded.finished('ours')).toMatchObject({
      why: [{ cause: 'packages-changed', packages: ['-marks@1.0.0', '+marks@2.0.0'] }],
    });
    expect(rig.read('out/ours/out.txt')).toBe('x2');
    expect((await rig.run()).executed).toEqual([]);
    link('1.0.0');
    expect((await rig.run('--force')).executed).toEqual(['ours']);
    expect(rig.read('out/ours/out.txt')).toBe('x1');
  });

  test('that are shadowed by a new file are noticed after a run with nothing to do', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  ours: { uses: ./tasks/ours.ts }\n',
      'tasks/ours.ts': taskModule(`outputs.out.write(Buffer.from(word));`).replace(
        '\n\n',
        `\nimport { word } from './word';\n\n`,
      ),
      'tasks/word.js': `export const word = 'js';\n`,
    });
    await rig.run();
    expect((await rig.run()).executed).toEqual([]);
    rig.write('tasks/word.ts', `export const word: string = 'ts';\n`);
    expect((await rig.run()).executed).toEqual(['ours']);
    expect(rig.read('out/ours/out.txt')).toBe('ts');
  });

  test('and projects may have tasks in CommonJS, as compiled by TypeScript', async () => {
    const compiled = (word: string) => `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const task_1 = require("groundproof/task");
const node_path_1 = require("node:path");
exports.default = (0, task_1.defineTask)({
  inputs: {},
  params: { type: 'object', properties: {}, additionalProperties: false },
  outputs: { out: (0, task_1.file)('.txt') },
  async run({ outputs }) { await outputs.out.write(Buffer.from((0, node_path_1.basename)('/x/${word}'))); },
});
`;
    const plain = compiled('plain')
      .replace(/^.*__esModule.*$/m, '')
      .replace('exports.default =', 'module.exports =');
    const rig = makeRig({
      'pipeline.yaml':
        'steps:\n  a: { uses: ./a.cjs }\n  b: { uses: ./b.cjs }\n  c: { uses: tools/c }\n  d: { uses: ./d/d.js }\n',
      'package.json': manifest('project', '1.0.0'),
      'a.cjs': compiled('compiled'),
      'b.cjs': plain,
      'd/package.json': JSON.stringify({ type: 'commonjs' }),
      'd/d.js': compiled('nested'),
      'node_modules/tools/package.json': JSON.stringify({
        name: 'tools',
        version: '1.0.0',
        exports: { './c': './c.js' },
      }),
      'node_modules/tools/c.js': compiled('package'),
    });
    const ran = await rig.run();
    expect(ran.stderr).toBe('');
    expect(ran.executed).toEqual(['a', 'b', 'c', 'd']);
    const said = ['a', 'b', 'c', 'd'].map((step) => rig.read(`out/${step}/out.txt`));
    expect(said).toEqual(['compiled', 'plain', 'package', 'nested']);
    expect((await rig.groundproof('verify')).code).toBe(0);
  });

  test('with a task that throws while loading are reported with the line that threw', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  a: { uses: ./tasks/a.ts }\n',
      'tasks/a.ts': "import './lib.ts';\nexport default 1;\n",
      'tasks/lib.ts': "\nconst text: string = 'undefined';\nJSON.parse(text);\n",
    });
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(2);
    expect(stderr).toMatch(/loading it fails: .*not valid JSON \(tasks\/lib\.ts:3:\d+\)/);
  });
});
