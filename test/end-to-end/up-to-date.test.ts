import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { makeRig, type Ran, type Rig } from './rig.ts';
import { gateParam, taskModule, waitForGate } from './task-module.ts';

const manifest = (version: string) => JSON.stringify({ name: 'left', version, type: 'module', exports: './left.js' });

/** A project with every kind of thing that a result can depend on. */
const project = {
  'pipeline.yaml': `
each: { recording: [a, b] }
steps:
  first:
    uses: ./tasks/first.ts
    each: recording
    inputs: { from: { file: "data/{recording}.txt" }, extra: { file: "data/{recording}.extra" }, folder: { file: common } }
    params: { text: x }
  all: { uses: ./tasks/all.ts, inputs: { all: first.out } }
profiles:
  loud: { steps: { first: { params: { text: LOUD } } } }
`,
  'tasks/first.ts': taskModule(
    `
    const extra = inputs.extra ? readFileSync(inputs.extra, 'utf8') : '';
    outputs.out.write(Buffer.from([readFileSync(inputs.from, 'utf8'), extra, readdirSync(inputs.folder), help(params.text)].join('|')));
    mkdirSync(outputs.files.path + '/sub');
    writeFileSync(outputs.files.path + '/sub/x', readFileSync(inputs.from));`,
    {
      inputs: 'from: file(), extra: file({ optional: true }), folder: folder()',
      params: "text: { type: 'string' }",
      outputs: "out: file('.txt'), files: folder()",
    },
  ).replace('\n\n', `\nimport { help } from './lib/help.ts';\n\n`),
  'tasks/lib/help.ts': `import { left } from 'left';\nexport const help = (text: string): string => left(text);\n`,
  'tasks/all.ts': taskModule(
    `for (const { value } of inputs.all) outputs.out.write(Buffer.from(readFileSync(value, 'utf8') + '\\n'));`,
    { inputs: 'all: gathered(file())' },
  ),
  'node_modules/left/package.json': manifest('1.0.0'),
  'node_modules/left/left.js': `export const left = (text) => '<' + text;\n`,
  'data/a.txt': 'aaaa',
  'data/b.txt': 'bbbb',
  'common/one': '',
};

const ALL = ['all', 'first@a', 'first@b'];

/** Records every module that the command loads, ECMAScript and CommonJS. */
function recordModules(rig: Rig): Rig {
  const list = rig.path('loaded');
  rig.write(
    'hooks.mjs',
    `import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  appendFileSync(${JSON.stringify(list)}, found.url + '\\n');
  return found;
}\n`,
  );
  rig.write(
    'record.cjs',
    `const Module = require('node:module');
const { appendFileSync } = require('node:fs');
Module.register(${JSON.stringify(pathToFileURL(rig.path('hooks.mjs')).href)});
const load = Module._load;
Module._load = function (request, ...rest) {
  appendFileSync(${JSON.stringify(list)}, request + '\\n');
  return load.call(this, request, ...rest);
};\n`,
  );
  return rig.around({ env: { NODE_OPTIONS: `--require ${rig.path('record.cjs')}` } });
}

/** Loaded files, and the packages bundled in the command's own files, which esbuild names in comments. */
function loadedBy(rig: Rig): string[] {
  const files = rig.read('loaded').trimEnd().split('\n');
  const own = new Set(files.filter((name) => /^file:.*\/dist\/[^/]+\.js$/.test(name)));
  const bundled = [...own].flatMap(
    (url) => readFileSync(fileURLToPath(url), 'utf8').match(/^\/\/ node_modules\/.*$/gm) ?? [],
  );
  return [...files, ...bundled];
}

const HEAVY = /apache-arrow|vega|ajv|esbuild|\/yaml\/|\byaml$|zx|p-limit|worker_threads|cache\/code/;

test('a run with nothing to do loads no module that only work needs', async () => {
  const rig = makeRig(project);
  const recording = recordModules(rig);
  // Clocks and archives may give a file a time in the future: that is no change.
  utimesSync(rig.path('data/a.txt'), 4e9, 4e9);
  expect((await recording.run()).executed).toEqual(ALL);
  // The hook does record modules.
  const working = loadedBy(rig).join('\n');
  for (const name of ['esbuild', '/yaml/', 'ajv', 'p-limit', 'worker_threads']) expect(working).toContain(name);
  rig.remove('loaded');
  expect((await recording.run()).reused).toEqual(ALL);
  const idle = loadedBy(rig);
  const own = idle.filter((name) => /^file:.*\/dist\//.test(name));
  expect([...new Set(own.map((name) => name.replace(/.*\//, '')))]).toEqual(['cli.js', 'main.js']);
  expect(idle.filter((name) => HEAVY.test(name))).toEqual([]);

  // Task inputs and their conditions are read anew; nothing else is.
  rig.edit(
    'pipeline.yaml',
    '    each: recording\n',
    '    each: recording\n    resources: { cpus: 2, memory: 1GB, time: 1h }\n',
  );
  rig.edit('pipeline.yaml', 'profiles:\n', 'on: slurm\nslurm: { partition: main, time: 1h }\nprofiles:\n');
  rig.remove('loaded');
  expect((await recording.run()).reused).toEqual(ALL);
  const reading = loadedBy(rig);
  expect(reading.some((name) => name.includes('/yaml/'))).toBe(true);
  expect(reading.filter((name) => name.includes('esbuild'))).toEqual([]);
  rig.remove('loaded');
  expect((await recording.run()).reused).toEqual(ALL);
  expect(loadedBy(rig).filter((name) => HEAVY.test(name))).toEqual([]);
});

test('a run with nothing to do notices every change', async () => {
  const rig = makeRig(project);
  await rig.run();
  const blobOf = (content: string) =>
    readdirSync(rig.path('cache/blobs'), { recursive: true, encoding: 'utf8' })
      .map((name) => join(rig.path('cache/blobs'), name))
      .find((path) => statSync(path).isFile() && readFileSync(path, 'utf8') === content) as string;
  /** Other content of the same length and times, in place or as another file. */
  const sneak = (relative: string, content: string, replace: boolean) => {
    const path = rig.path(relative);
    const { atime, mtime } = statSync(path);
    const target = replace ? `${path}.new` : path;
    writeFileSync(target, content);
    utimesSync(target, atime, mtime);
    if (replace) renameSync(target, path);
  };
  const out = (recording: string) => rig.read(`out/first/${recording}/out.txt`);
  const executes =
    (...actions: string[]) =>
    (ran: Ran) =>
      expect(ran.executed).toEqual(actions);

  const changes: [what: string, change: () => void, noticed: (ran: Ran) => void, words?: string[]][] = [
    ['nothing', () => {}, executes()],
    [
      'an out file edited',
      () => rig.write('out/first/a/out.txt', 'edited'),
      () => expect(out('a')).toBe('aaaa||one|<x'),
    ],
    [
      'an out file of a folder deleted',
      () => rig.remove('out/first/a/files/sub'),
      () => expect(rig.read('out/first/a/files/sub/x')).toBe('aaaa'),
    ],
    ['the manifest of out/ deleted with out/', () => rig.remove('out'), () => expect(out('b')).toBe('bbbb||one|<x')],
    ['a blob deleted', () => rmSync(blobOf('aaaa||one|<x')), executes('first@a')],
    [
      'a blob changed, its size kept',
      () => {
        const path = blobOf('bbbb||one|<x');
        rmSync(path);
        writeFileSync(path, 'bbbb||one|<y');
      },
      executes('first@b'),
    ],
    ['an input edited, size and times kept', () => sneak('data/a.txt', 'AAAA', false), executes('all', 'first@a')],
    ['an input replaced, size and times kept', () => sneak('data/b.txt', 'BBBB', true), executes('all', 'first@b')],
    [
      'an input linked elsewhere',
      () => {
        rig.write('data/other', 'CCCC');
        rig.remove('data/a.txt');
        symlinkSync('other', rig.path('data/a.txt'));
      },
      executes('all', 'first@a'),
    ],
    [
      'the link turned',
      () => {
        rig.remove('data/a.txt');
        symlinkSync('b.txt', rig.path('data/a.txt'));
      },
      executes('all'),
    ],
    [
      'the link turned on itself',
      () => {
        rig.remove('data/a.txt');
        symlinkSync('a.txt', rig.path('data/a.txt'));
      },
      (ran) => expect(ran.failed).toEqual(['first@a']),
      ['--keep-going'],
    ],
    [
      'an input deleted',
      () => rig.remove('data/a.txt'),
      (ran) => expect(ran.finished('first@a')).toMatchObject({ failure: { reason: 'input-missing' } }),
      ['--keep-going'],
    ],
    ['and back', () => rig.write('data/a.txt', 'AAAA'), executes()],
    ['an optional input that appears', () => rig.write('data/b.extra', 'more'), executes('all', 'first@b')],
    ['and goes', () => rig.remove('data/b.extra'), executes()],
    ['a new file in a folder', () => rig.write('common/two', ''), executes(...ALL)],
    ['a task touched', () => utimesSync(rig.path('tasks/first.ts'), 1, 1), executes()],
    ['a task edited', () => rig.edit('tasks/first.ts', "join('|')", "join('-')"), executes(...ALL)],
    ['its helper edited', () => rig.edit('tasks/lib/help.ts', 'left(text)', "left(text) + '>'"), executes(...ALL)],
    [
      'a new version of its package',
      () => rig.write('node_modules/left/package.json', manifest('1.0.1')),
      executes('first@a', 'first@b'),
    ],
    ['a comment in the pipeline', () => rig.edit('pipeline.yaml', '\neach', '# comment\neach'), executes()],
    ['a parameter in the pipeline', () => rig.edit('pipeline.yaml', 'text: x', 'text: y'), executes(...ALL)],
    ['other recordings', () => {}, executes('all'), ['--each', 'recording=b']],
    ['in another order', () => {}, executes('all'), ['--each', 'recording=b,a']],
    ['a profile', () => {}, executes(...ALL), ['--profile', 'loud']],
    ['the profile edited', () => rig.edit('pipeline.yaml', 'LOUD', 'LOUDER'), executes(...ALL), ['--profile', 'loud']],
    ['nothing again', () => {}, executes()],
    ['the store deleted', () => rig.remove('cache'), executes(...ALL)],
  ];
  for (const [what, change, noticed, words = []] of changes) {
    change();
    const ran = await rig.run(...words);
    try {
      noticed(ran);
      if (!words.includes('--keep-going'))
        expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
    } catch (error) {
      throw new Error(`${what}: ${ran.stderr}`, { cause: error });
    }
  }
});

test('the next run notices a change of code during a run', async () => {
  const rig = makeRig({
    'slow.ts': taskModule(`log.warn('begun');${waitForGate}\n    outputs.out.write(Buffer.from('one'));`, {
      params: gateParam,
    }),
  });
  rig.write('pipeline.yaml', `steps:\n  slow: { uses: ./slow.ts, params: { gate: "${rig.path('gate')}" } }\n`);
  const running = rig.start('run');
  await running.printed('begun');
  rig.edit('slow.ts', "'one'", "'two'");
  rig.write('gate', '');
  expect((await running.ended).code).toBe(0);
  expect(rig.read('out/slow/out.txt')).toBe('one');
  expect((await rig.run()).executed).toEqual(['slow']);
  expect(rig.read('out/slow/out.txt')).toBe('two');
});
