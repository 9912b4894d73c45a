import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import colors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../src/load/read-document.ts';
import { checkPipeline } from '../../src/pipeline/check/check.ts';
import { parsePipeline } from '../../src/pipeline/check/parse.ts';
import type { Overrides } from '../../src/pipeline/text/override.ts';
import { diagnosticsText } from '../../src/report/diagnostic.ts';
import { openFileMemo } from '../../src/store/file-memo.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

type Files = { readonly [path: string]: string | Uint8Array };

function folderOf(files: Files): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) put(join(folder, path), content);
  return folder;
}

async function checkIn(folder: string, overrides: Overrides = {}) {
  const path = join(folder, 'pipeline.yaml');
  const source = { name: 'pipeline.yaml', text: readFileSync(path, 'utf8') };
  const read = await readDocument({ path, folder, source }, openFileMemo(join(folder, 'memo')));
  const parsed = parsePipeline(source, overrides, read);
  return { checked: checkPipeline(parsed, new Map()), parsed, included: [...read.included.keys()] };
}

async function valid(files: Files, overrides?: Overrides) {
  const { checked } = await checkIn(folderOf(files), overrides);
  if (!checked.ok) throw new Error(diagnosticsText(checked.error, colors.createColors(false)));
  return checked.value;
}

async function mistakesIn(folder: string, overrides?: Overrides): Promise<string> {
  const { checked } = await checkIn(folder, overrides);
  return checked.ok ? 'none' : diagnosticsText(checked.error, colors.createColors(false));
}

const mistakes = (files: Files, overrides?: Overrides) => mistakesIn(folderOf(files), overrides);

/** The lines of positions, messages and hints, without the quoted lines of the files. */
const messagesIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^(?: {2})?\S/.test(line) && !/^\d+ mistakes?$/.test(line))
    .map((line) => line.trim());

/** A shell step with these parameters. */
const step = (params: string) => `{ shell: "true {params.n}", params: ${params} }`;
const base = `steps:\n  a: ${step('{ n: 1 }')}\n  b: ${step('{ n: 2 }')}\n`;

describe('a pipeline that includes files', () => {
  test('the including file changes, adds and removes what an included file has', async () => {
    const { steps } = await valid({
      'base.yaml': base,
      'pipeline.yaml': `include: ./base.yaml\nsteps:\n  c: ${step('{ n: 3 }')}\n  a: { params: { n: 7 } }\n  b: null\n`,
    });
    expect(steps.map(({ name, params, positions }) => [name, params.n, positions.n])).toEqual([
      ['a', 7, 'pipeline.yaml:4'],
      ['c', 3, 'pipeline.yaml:3'],
    ]);
  });

  test('a parameter that only the including file has may be null', async () => {
    const { steps } = await valid({
      'base.yaml': base,
      'pipeline.yaml': `include: ./base.yaml\nsteps:\n  c: ${step('{ n: null }')}\n`,
    });
    expect(steps[2]?.params).toEqual({ n: null });
  });

  test('of several included files, a later file changes an earlier file', async () => {
    const { name, steps } = await valid({
      'one.yaml': `name: one\n${base}`,
      'sub/two.yaml': 'name: two\nsteps: { a: { params: { n: 5 } }, b: null }\n',
      'pipeline.yaml': 'include: [./one.yaml, ./sub/two.yaml]\n',
    });
    expect(name).toBe('two');
    expect(steps.map(({ name, params, positions }) => [name, params.n, positions.n])).toEqual([
      ['a', 5, 'sub/two.yaml:2'],
    ]);
  });

  test('an included file may include files from its own folder on, and a file may be included twice', async () => {
    const folder = folderOf({
      'sub/deep/base.yaml': base,
      'sub/one.yaml': 'include: ./deep/base.yaml\nsteps: { a: { params: { n: 5 } } }\n',
      'sub/two.yaml': 'include: ./deep/../../sub/deep/base.yaml\n',
      'pipeline.yaml': 'include: [./sub/two.yaml, ./sub/one.yaml]\n',
    });
    const { checked, included } = await checkIn(folder);
    expect(checked).toMatchObject({ ok: true, value: { steps: [{ params: { n: 5 } }, { params: { n: 2 } }] } });
    expect(included.sort()).toEqual(
      ['sub/deep/base.yaml', 'sub/one.yaml', 'sub/two.yaml'].map((path) => join(folder, path)),
    );
  });

  test('paths of `uses` and `file` start at the file in which they are written', async () => {
    const folder = folderOf({
      'pipeline.yaml': 'include: ./sub/base.yaml\nsteps: { e: { uses: ./e.ts } }\n',
      'sub/base.yaml': `
include: ../top.yaml
x-file: &file { file: data/x.txt }
steps:
  a: { uses: ./a.ts, inputs: { x: *file } }
  b: { uses: ../b.ts, inputs: { x: { file: ../x.txt }, y: { file: ./y/../y.txt } } }
  c: { uses: some-package/c }
profiles:
  other: { steps: { a: { uses: ./other.ts } } }
`,
      'top.yaml': 'steps: { d: { uses: ./d.ts, inputs: { x: { file: x.txt } } } }\n',
    });
    const { parsed } = await checkIn(folder);
    expect(parsed.uses).toEqual(['./d.ts', './sub/a.ts', './b.ts', 'some-package/c', './e.ts']);
    const files = parsed.draft?.steps.map(({ inputs }) =>
      [...inputs.values()].map((input) => (input.kind === 'file' ? input.path.value : null)),
    );
    expect(files).toEqual([['x.txt'], ['sub/data/x.txt'], ['x.txt', 'sub/y/../y.txt'], [], []]);
    const other = await checkIn(folder, { profile: 'other' });
    expect(other.parsed.uses[1]).toBe('./sub/other.ts');
  });

  test('profiles of an included file apply, and --set changes its parameters', async () => {
    const { steps } = await valid(
      {
        'base.yaml': `${base}profiles: { fast: { steps: { a: { params: { n: 9 } } } } }\n`,
        'pipeline.yaml': 'include: ./base.yaml\n',
      },
      { profile: 'fast', set: ['b.n=8'] },
    );
    expect(steps.map(({ params, positions }) => [params.n, positions.n])).toEqual([
      [9, 'base.yaml:4'],
      [8, '--set'],
    ]);
  });
});

describe('top-level names that begin with x-', () => {
  test('they are ignored, and anchors in them can be used', async () => {
    const { steps } = await valid({ 'pipeline.yaml': `x-n: &n { n: 4 }\nsteps:\n  a: ${step('*n')}\n` });
    expect(steps[0]?.params).toEqual({ n: 4 });
  });

  test('other unknown names stay mistakes', async () => {
    expect(await mistakes({ 'pipeline.yaml': `x: 1\nincludes: ./a.yaml\n${base}` })).toMatchInlineSnapshot(`
      "pipeline.yaml:1:1: a pipeline has no 'x'
          x: 1
          ~
        it can have: name, include, each, steps, on, slurm, profiles

      pipeline.yaml:2:1: a pipeline has no 'includes'
          includes: ./a.yaml
          ~~~~~~~~
        did you mean 'include'?

      2 mistakes"
    `);
  });
});

describe('mistakes of included files', () => {
  test.each<[included: string, Files, lines: readonly string[]]>([
    [
      'a missing file',
      { 'pipeline.yaml': 'include: ./bsae.yaml\n', 'base.yaml': base },
      ["pipeline.yaml:1:10: there is no file './bsae.yaml'", "did you mean './base.yaml'?"],
    ],
    [
      'a missing folder',
      { 'pipeline.yaml': 'include: ./no/base.yaml\n', 'base.yaml': base },
      ["pipeline.yaml:1:10: there is no file './no/base.yaml'", "there is no folder './no/'"],
    ],
    [
      'a folder',
      { 'pipeline.yaml': 'include: [./base.yaml]\n', 'base.yaml/x': '' },
      ["pipeline.yaml:1:11: './base.yaml' is a folder, not a file"],
    ],
    [
      'a path below a file',
      { 'pipeline.yaml': 'include: ./pipeline.yaml/x.yaml\n' },
      ["pipeline.yaml:1:10: there is no file './pipeline.yaml/x.yaml'", "there is no folder './pipeline.yaml/'"],
    ],
    [
      'a file without ./',
      { 'pipeline.yaml': 'include: base.yaml\n', 'base.yaml': base },
      [
        "pipeline.yaml:1:10: the installed packages have no file 'base.yaml'",
        'for a file of this project write ./base.yaml',
      ],
    ],
    [
      'a missing file of a package',
      {
        'pipeline.yaml': 'include: tools/bsae.yaml\n',
        'node_modules/tools/base.yaml': base,
        'node_modules/tools/package.json': '{}',
      },
      ["pipeline.yaml:1:10: the installed packages have no file 'tools/bsae.yaml'", "did you mean 'tools/base.yaml'?"],
    ],
    [
      'an absolute path',
      { 'pipeline.yaml': 'include: /etc/hosts\n' },
      ['pipeline.yaml:1:10: an included path is relative', 'write it from the folder of this file on: ./common.yaml'],
    ],
    [
      'an address',
      { 'pipeline.yaml': 'include: https://example.org/base.yaml\n' },
      ['pipeline.yaml:1:10: a file is wanted, not an address', 'download it, and include the file'],
    ],
    [
      'a backslash',
      { 'pipeline.yaml': 'include: .\\base.yaml\n' },
      ['pipeline.yaml:1:10: the path holds a backslash', "separate folders by '/'"],
    ],
    [
      'an include that is no text',
      { 'pipeline.yaml': 'include: { file: ./base.yaml }\nsteps: {}\n' },
      ["pipeline.yaml:1:1: 'include' is a file, such as ./common.yaml, or a list of files"],
    ],
    [
      'included files that are no text',
      { 'pipeline.yaml': 'include: ./base.yaml\n', 'base.yaml': `include: [3, ""]\n${base}` },
      [
        "base.yaml:1:11: 'include' is a file, such as ./common.yaml, or a list of files",
        "base.yaml:1:14: 'include' is a file, such as ./common.yaml, or a list of files",
      ],
    ],
    [
      'a file that includes itself',
      { 'pipeline.yaml': `include: ./pipeline.yaml\n${base}` },
      [
        'pipeline.yaml:1:10: the files include each other in a circle: pipeline.yaml -> pipeline.yaml',
        'move the parts that both files need into a third file',
      ],
    ],
    [
      'a circle',
      {
        'pipeline.yaml': `include: ./sub/one.yaml\n${base}`,
        'sub/one.yaml': 'name: one\ninclude: ../two.yaml\n',
        'two.yaml': 'include: [./sub/one.yaml]\n',
      },
      [
        'two.yaml:1:11: the files include each other in a circle: sub/one.yaml -> two.yaml -> sub/one.yaml',
        'move the parts that both files need into a third file',
        "sub/one.yaml:2:10: '../two.yaml' is included here",
      ],
    ],
    [
      'an included file that is a list',
      { 'pipeline.yaml': 'include: ./base.yaml\n', 'base.yaml': '- 1\n' },
      [
        'base.yaml:1:1: the included file holds no map of names and values',
        "it needs fields of a pipeline, such as 'steps'",
      ],
    ],
    [
      'an empty file',
      { 'pipeline.yaml': 'include: ./base.yaml\n', 'base.yaml': '# nothing\n' },
      ['base.yaml:1:1: the included file is empty', "it needs fields of a pipeline, such as 'steps'"],
    ],
    [
      'an included file that is no YAML',
      { 'pipeline.yaml': 'include: ./base.yaml\n', 'base.yaml': 'steps: {\n' },
      ["base.yaml:1:8: a '{' before here is not closed", "close it with '}', and indent what it holds"],
    ],
    [
      'an included file that is not UTF-8',
      { 'pipeline.yaml': 'include: ./base.yaml\n', 'base.yaml': Uint8Array.of(0x61, 0xff, 0x0a) },
      ['base.yaml:1:2: this is not UTF-8 text', 'save the file as plain text in UTF-8'],
    ],
    [
      'an include in a profile',
      { 'pipeline.yaml': `${base}profiles: { p: { include: ./base.yaml } }\n` },
      ['pipeline.yaml:4:18: a profile cannot include files', 'include them at the top of the pipeline'],
    ],
    [
      'equal mistakes at the same place of two files',
      {
        'pipeline.yaml': 'include: [./one.yaml, ./two.yaml]\n',
        'one.yaml': `steps:\n  a: { shel: "true" }\n`,
        'two.yaml': `steps:\n  b: { shel: "true" }\n`,
      },
      [
        "one.yaml:2:8: step 'a' has no 'shel'",
        "did you mean 'shell'?",
        "two.yaml:2:8: step 'b' has no 'shel'",
        "did you mean 'shell'?",
      ],
    ],
    [
      'files without any step',
      { 'pipeline.yaml': 'include: ./base.yaml\n', 'base.yaml': 'name: x\n' },
      ["pipeline.yaml:1:1: a pipeline needs 'steps'", "'steps' must hold at least one step, by name"],
    ],
  ])('readDocument reports %s with its place', async (included, files, lines) => {
    const text = await mistakes(files, included.includes('profile') ? { profile: 'p' } : {});
    expect(messagesIn(text)).toEqual(lines);
  });

  test('an included path to a file outside the folder of the pipeline is reported where it is written', async () => {
    const folder = folderOf({
      'main/pipeline.yaml': 'include: ../base.yaml\n',
      'base.yaml': 'steps:\n  a: { shell: "cat {inputs.x}", inputs: { x: { file: data/x.txt } } }\n',
    });
    expect(await mistakesIn(join(folder, 'main'))).toMatchInlineSnapshot(`
      "../base.yaml:2:54: the path leaves the pipeline's folder
            a: { shell: "cat {inputs.x}", inputs: { x: { file: data/x.txt } } }
                                                               ~~~~~~~~~~
        move or link the file into the folder

      1 mistake"
    `);
  });

  test('a file that links lead back to is a circle', async () => {
    const folder = folderOf({ 'pipeline.yaml': `include: ./sub/pipeline.yaml\n${base}` });
    mkdirSync(join(folder, 'sub'));
    symlinkSync('../pipeline.yaml', join(folder, 'sub/pipeline.yaml'));
    expect(await mistakesIn(folder)).toContain('pipeline.yaml -> sub/pipeline.yaml');
  });

  test('a link that leads to itself is reported', async () => {
    const folder = folderOf({ 'pipeline.yaml': 'include: ./base.yaml\n' });
    symlinkSync('base.yaml', join(folder, 'base.yaml'));
    expect(await mistakesIn(folder)).toContain("'./base.yaml' cannot be read: symbolic links lead in a circle");
  });

  test('files that include each other without end are refused at a depth', async () => {
    const deep = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`f${i}.yaml`, `include: ./f${i + 1}.yaml\n`]),
    );
    expect(await mistakes({ ...deep, 'pipeline.yaml': 'include: ./f0.yaml\n' })).toMatchInlineSnapshot(`
      "f29.yaml:1:10: files include files more than 30 levels deep here
          include: ./f30.yaml
                   ~~~~~~~~~~

      1 mistake"
    `);
  });

  test('the limit of size holds for all files together', async () => {
    const large = `# ${'x'.repeat(6_000_000)}\n${base}`;
    const text = await mistakes({
      'pipeline.yaml': 'include: [./a.yaml, ./b.yaml, ./c.yaml]\n',
      'a.yaml': large,
      'b.yaml': large,
      'c.yaml': large,
    });
    expect(text).toMatchInlineSnapshot(`
      "pipeline.yaml:1:31: with './c.yaml' the pipeline has more than 16 MB
          include: [./a.yaml, ./b.yaml, ./c.yaml]
                                        ~~~~~~~~
        keep data in separate files, and name those in the pipeline

      1 mistake"
    `);
  });

  test('the limit of aliases holds for all files together', async () => {
    const ten = (name: string) => `[${Array(10).fill(`*${name}`).join(', ')}]`;
    const bomb = (at: string) =>
      `x-${at}: [&a [${Array(10).fill('1')}], &b ${ten('a')}, &c ${ten('b')}, &d ${ten('c')}, ${Array(3).fill('*d')}]\n`;
    const names = ['a', 'b', 'c', 'd'];
    const text = await mistakes({
      'pipeline.yaml': `include: [${names.map((at) => `./${at}.yaml`)}]\n${base}`,
      ...Object.fromEntries(names.map((at) => [`${at}.yaml`, bomb(at)])),
    });
    expect(text).toContain('the aliases of all files stand for too much');
    expect(text).toContain('1 mistake');
    expect(await mistakes({ 'pipeline.yaml': `include: ./a.yaml\n${base}`, 'a.yaml': bomb('a') })).toBe('none');
  });
});
