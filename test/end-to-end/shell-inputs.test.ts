import { chmodSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeRig } from './rig.ts';

const pipeline = (steps: object, more: object = {}) => JSON.stringify({ ...more, steps });

const build = (input: object, shell = 'cat {inputs.src} > {outputs.all}') => ({
  build: { shell, inputs: { src: input }, outputs: { all: '.txt' } },
});

test('a list of files reruns its step when a match is new, removed or changed', async () => {
  const rig = makeRig({
    'src/b.ts': 'b',
    'src/a/c.ts': 'c',
    'src/a/c.test.ts': 'test',
    'pipeline.yaml': pipeline(
      build(
        { files: 'src/**/*.ts', except: '**/*.test.ts' },
        'cat {inputs.src} {inputs.src.list} > {outputs.all}; echo {inputs.src} >> {outputs.all}',
      ),
    ),
  });
  const ran = async () => (await rig.run()).executed;
  const all = (contents: string, ...paths: string[]) =>
    `${contents}${paths.map((path) => `inputs/src/${path}\n`).join('')}${paths.map((path) => `inputs/src/${path}`).join(' ')}\n`;
  expect(await ran()).toEqual(['build']);
  expect(rig.read('out/build/all.txt')).toBe(all('cb', 'src/a/c.ts', 'src/b.ts'));
  expect(await ran()).toEqual([]);
  expect(await ran()).toEqual([]);

  rig.write('src/d/new.ts', 'd');
  expect((await rig.plan()).map(({ decision, why }) => [decision, why])).toEqual([
    [
      'execute',
      [
        {
          cause: 'input-changed',
          port: 'src',
          recording: null,
          source: 'src/d/new.ts',
          from: null,
          to: expect.any(String),
        },
      ],
    ],
  ]);
  expect(await ran()).toEqual(['build']);
  expect(rig.read('out/build/all.txt')).toBe(all('cbd', 'src/a/c.ts', 'src/b.ts', 'src/d/new.ts'));
  rig.write('src/d/new.test.ts', 'd');
  rig.write('src/d/other.md', 'd');
  expect(await ran()).toEqual([]);
  expect(await ran()).toEqual([]);
  rig.write('src/a/c.ts', 'C');
  expect(await ran()).toEqual(['build']);
  rig.remove('src/d/new.ts');
  expect(await ran()).toEqual(['build']);
  expect(rig.read('out/build/all.txt')).toBe(all('Cb', 'src/a/c.ts', 'src/b.ts'));
  // The same content under another name is another list.
  rig.remove('src/b.ts');
  rig.write('src/z.ts', 'b');
  expect(await ran()).toEqual(['build']);
  const { code, stdout } = await rig.groundproof('explain', 'build');
  expect(code).toBe(0);
  expect(stdout).toContain('src/z.ts');
});

test('each recording has its own list, and a module takes the result', async () => {
  const rig = makeRig({
    'data/r1/a.txt': '1',
    'data/r2/a.txt': '2',
    'data/r2/b.txt': '3',
    'pipeline.yaml': pipeline(
      { join: { ...build({ files: 'data/{recording}/*.txt' }).build, each: 'recording' } },
      { each: { recording: ['r1', 'r2'] } },
    ),
  });
  expect((await rig.runHere()).executed).toEqual(['join@r1', 'join@r2']);
  expect(rig.read('out/join/r2/all.txt')).toBe('23');
  rig.write('data/r1/b.txt', '4');
  expect((await rig.runHere()).executed).toEqual(['join@r1']);
});

test('a pattern starts at the folder of the file in which it is written', async () => {
  const rig = makeRig({
    'lab/base.yaml': pipeline(build({ files: 'src/**', except: ['src/b*', '**/*.md'] })),
    'lab/src/a.ts': 'a',
    'lab/src/b.ts': 'b',
    'lab/src/c.md': 'c',
    'pipeline.yaml': 'include: ./lab/base.yaml\n',
  });
  expect((await rig.runHere()).executed).toEqual(['build']);
  expect(rig.read('out/build/all.txt')).toBe('a');
});

test('a pattern that matches nothing or reaches into out/ or the store is refused before anything runs', async () => {
  const rig = makeRig({ 'src/a.ts': '', 'pipeline.yaml': pipeline(build({ files: 'scr/*.ts' })) });
  const refused = async (input: object) => {
    rig.write('pipeline.yaml', pipeline(build(input)));
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(2);
    return stderr.trim();
  };
  expect(await refused({ files: 'scr/*.ts' })).toMatchInlineSnapshot(`
    "pipeline.yaml:1: scr/*.ts (src of build) matches no file; did you mean src?
    nothing was run, and nothing removed"
  `);
  expect(await refused({ files: '**/*.ts' })).toMatchInlineSnapshot(`
    "pipeline.yaml:1: **/*.ts (src of build) reaches into out/, which is filled by runs; leave that out by except: ["out/**"], or begin the pattern with a folder of your own
    nothing was run, and nothing removed"
  `);
  expect(await refused({ files: '**/*.ts', except: 'out/**' })).toMatchInlineSnapshot(`
    "pipeline.yaml:1: **/*.ts (src of build) reaches into the store, which is filled by runs; leave that out by except: ["cache/**"], or begin the pattern with a folder of your own
    nothing was run, and nothing removed"
  `);
  rig.write('out/build/all.txt', '');
  symlinkSync('../out/build', rig.path('src/linked'));
  expect(await refused({ files: 'src/linked/*' })).toMatchInlineSnapshot(`
    "pipeline.yaml:1: src/linked/* (src of build) reaches into out/, which is filled by runs; leave that out by except: ["out/**"], or begin the pattern with a folder of your own
    nothing was run, and nothing removed"
  `);
  rig.remove('out');
  rig.write('pipeline.yaml', pipeline(build({ files: '**/*.ts', except: ['out/**', 'cache/**'] })));
  expect((await rig.runHere()).executed).toEqual(['build']);
});

test('a command finds the programs of the packages that are installed beside the pipeline', async () => {
  const rig = makeRig({
    'node_modules/.bin/shout': '#!/bin/sh\necho "$1!"\n',
    'pipeline.yaml': pipeline({
      private: { shell: 'shout a > {outputs.o}', outputs: { o: '.txt' } },
      project: { shell: 'shout b > {outputs.o}', cwd: 'project', outputs: { o: '.txt' } },
    }),
  });
  chmodSync(rig.path('node_modules/.bin/shout'), 0o755);
  expect((await rig.runHere()).executed).toEqual(['private', 'project']);
  expect(rig.read('out/private/o.txt') + rig.read('out/project/o.txt')).toBe('a!\nb!\n');
});

test('a shell step takes a folder of the user as it takes a file', async () => {
  const rig = makeRig({
    'site/a/b.txt': 'b',
    'pipeline.yaml': pipeline({
      slash: {
        shell: 'cat {inputs.site}/a/* > {outputs.o}',
        inputs: { site: { file: 'site/' } },
        outputs: { o: '.txt' },
      },
      plain: {
        shell: 'cat {inputs.site}a/* > {outputs.o}',
        inputs: { site: { file: 'site' } },
        outputs: { o: '.txt' },
      },
    }),
  });
  expect((await rig.run()).executed).toEqual(['plain', 'slash']);
  expect(rig.read('out/slash/o.txt')).toBe('b');
  expect((await rig.run()).executed).toEqual([]);
  rig.write('site/a/c.txt', 'c');
  expect((await rig.run()).executed).toEqual(['plain', 'slash']);
  rig.remove('site');
  rig.write('site', 'a file');
  const ran = await rig.run('--keep-going', 'slash');
  expect(ran.finished('slash')).toMatchObject({ failure: { reason: 'input-kind', expected: 'folder' } });
});
