/**
 * No command touches the user's own files. A folder of them lies beside the project, and links lead into it from every
 * place in which a task, a command, a record or a manifest could put a link.
 */

import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { afterFirstRun, makeRig, type Rig } from './rig.ts';
import { taskModule } from './task-module.ts';
import { lookAt, makeOwn, storeFiles } from './users-own.ts';

const RUNS = Number(process.env.LINKS ?? 8);

/** The commands that write and remove most. The random sequences below run all of them. */
const SOME_COMMANDS = [
  ['run', '--keep-going'],
  ['cache', 'check'],
  ['gc', '--keep-runs', '1'],
];

const PROJECT = {
  'in.txt': 'words\n',
  'file.ts': taskModule('outputs.out.write(readFileSync(inputs.text));', { inputs: 'text: file()' }),
  'folder.ts': taskModule("mkdirSync(outputs.d.path + '/a'); writeFileSync(outputs.d.path + '/a/x.txt', 'x');", {
    outputs: 'd: folder()',
  }),
  'pipeline.yaml': `
steps:
  file: { uses: ./file.ts, inputs: { text: { file: in.txt } } }
  folder: { uses: ./folder.ts }
  use:
    shell: cat {inputs.text} {inputs.d}/a/x.txt > {outputs.o}
    inputs: { text: file.out, d: folder.d }
    outputs: { o: .txt }
`,
};

/** Expects commands to leave the user's files unchanged after `act`, and never to end in a stack trace. */
async function keepsOwn(rig: Rig, commands: readonly (readonly string[])[], act: (own: string) => void = () => {}) {
  const own = rig.path('own');
  if (!existsSync(own)) makeOwn(own);
  act(own);
  const before = lookAt(own);
  for (const words of commands) {
    const { stderr } = await rig.groundproof(...words);
    expect(lookAt(own), `after ${words.join(' ')}:\n${stderr}`).toEqual(before);
    expect(stderr, words.join(' ')).not.toMatch(/^\s+at .+:\d+:\d+/m);
  }
}

/** Attacks of a task on its outputs and scratch folders; `own` is the user's folder. */
const ATTACKS: { readonly [name: string]: string } = {
  'folder-is-a-link': "writeFileSync(o, ''); rmSync(f, { recursive: true }); symlinkSync(own, f);",
  'file-is-a-link': "symlinkSync(own + '/precious.txt', o);",
  'file-is-a-hard-link': "linkSync(own + '/precious.txt', o);",
  'link-to-a-file-inside': "symlinkSync(own + '/precious.txt', f + '/a');",
  'link-to-a-folder-inside': "symlinkSync(own, f + '/a');",
  'hard-link-inside': "linkSync(own + '/precious.txt', f + '/a');",
  'link-deep-inside-a-closed-folder': "mkdirSync(f + '/b'); symlinkSync(own, f + '/b/c'); chmodSync(f + '/b', 0o555);",
  'link-that-stays-inside': "writeFileSync(f + '/a', ''); symlinkSync('a', f + '/b');",
  'outputs-folder-is-a-link':
    "writeFileSync(o, ''); renameSync(outputsFolder, room + '/aside'); symlinkSync(own, outputsFolder);",
  'outputs-of-another-folder':
    "writeFileSync(o, ''); renameSync(outputsFolder, room + '/aside'); symlinkSync(own + '/outputs', outputsFolder);",
  'inputs-folder-is-a-link':
    "rmSync(room + '/inputs', { recursive: true, force: true }); symlinkSync(own + '/inputs', room + '/inputs');",
  'room-is-a-link': "writeFileSync(o, ''); renameSync(room, room + '-aside'); symlinkSync(own, room);",
  'links-left-in-the-room':
    "symlinkSync(own, room + '/left'); symlinkSync(own, room + '/inputs/left'); symlinkSync(own, outputsFolder + '/left');",
  'scratch-folder-is-a-link': "renameSync(dirname(room), dirname(room) + '-aside'); symlinkSync(own, dirname(room));",
  'an-archive-with-links':
    "execFileSync('ln', ['-s', own, f + '/in']); execFileSync('ln', [own + '/precious.txt', f + '/hard']);",
};

const attackTask = `
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { defineTask, file, folder } from 'groundproof/task';
export default defineTask({
  inputs: { text: file() },
  params: { type: 'object', properties: { attack: { type: 'string' }, own: { type: 'string' } }, additionalProperties: false },
  outputs: { o: file('.txt'), f: folder() },
  run({ params: { attack, own }, outputs }) {
    const [o, f] = [outputs.o.path, outputs.f.path];
    const outputsFolder = dirname(f);
    const room = dirname(outputsFolder);
    switch (attack) {
${Object.entries(ATTACKS)
  .map(([name, code]) => `      case '${name}': { ${code} return; }`)
  .join('\n')}
    }
  },
});
`;

describe('a task', () => {
  test.each(Object.keys(ATTACKS))("with %s leaves the user's files untouched", async (attack) => {
    const rig = makeRig({ 'in.txt': 'words\n', 'attack.ts': attackTask });
    rig.write(
      'pipeline.yaml',
      `steps:
  attack:
    uses: ./attack.ts
    inputs: { text: { file: in.txt } }
    params: { attack: ${attack}, own: ${JSON.stringify(rig.path('own'))} }
`,
    );
    await keepsOwn(rig, SOME_COMMANDS);
  });

  test("with a link as folder output fails with a sentence, and later edits of the user's files stay", async () => {
    const rig = makeRig({ 'in.txt': 'words\n', 'attack.ts': attackTask });
    makeOwn(rig.path('own'));
    rig.write(
      'pipeline.yaml',
      `steps:
  attack:
    uses: ./attack.ts
    inputs: { text: { file: in.txt } }
    params: { attack: folder-is-a-link, own: ${JSON.stringify(rig.path('own'))} }
`,
    );
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(1);
    expect(stderr).toMatch(/link/);
    rig.write('own/precious.txt', 'edited\n');
    await rig.groundproof('run');
    expect(rig.read('own/precious.txt')).toBe('edited\n');
  });
});

test.each([
  ['a link as its output', 'ln -s "$own/precious.txt" {outputs.o}'],
  ['a hard link as its output', 'ln "$own/precious.txt" {outputs.o}'],
  ['links left in its folder', 'ln -s "$own" left; ln -s "$own" inputs/left; echo x > {outputs.o}'],
  ['its inputs replaced by a link', 'rm -rf inputs; ln -s "$own/inputs" inputs; echo x > {outputs.o}'],
  ['its own folder replaced by a link', 'here=$PWD; mv "$here" "$here-aside"; ln -s "$own" "$here"'],
])("a command with %s leaves the user's files untouched", async (_, command) => {
  const rig = makeRig({ 'in.txt': 'words\n' });
  rig.write(
    'pipeline.yaml',
    `steps:
  attack:
    shell: |
      own=${JSON.stringify(rig.path('own'))}
      : {inputs.text}
      ${command}
      : {outputs.o}
    inputs: { text: { file: in.txt } }
    outputs: { o: .txt }
`,
  );
  await keepsOwn(rig, SOME_COMMANDS);
});

/** Replaces a path by a link. */
const replace = (path: string, target: string): void => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
};

/** Rewrites a record with a correct digest. */
function forge(path: string, edit: (text: string) => string): void {
  const [json = ''] = readFileSync(path, 'utf8').split('\n');
  const text = edit(json);
  rmSync(path);
  writeFileSync(path, `${text}\n${digestOf(text)}\n`);
}

type Place = (rig: Rig, own: string) => void;

const first = (rig: Rig, pattern: RegExp): string => {
  const [found] = storeFiles(rig.path('cache'), pattern);
  if (found === undefined) throw new Error(`nothing in the store matches ${pattern}`);
  return found;
};
const BLOB = /^blobs\/..\/[0-9a-f]{64}$/;
const blobThat = (rig: Rig, isFolder: boolean): string => {
  const found = storeFiles(rig.path('cache'), BLOB).find((path) => lstatSync(path).isDirectory() === isFolder);
  if (found === undefined) throw new Error('no such blob');
  return found;
};

/** Every place in a store that could hold a link. */
const IN_STORE: { readonly [place: string]: Place } = {
  ...Object.fromEntries(
    ['blobs', 'results', 'runs', 'tmp', 'claims', 'code', 'plans', 'last', 'up-to-date', 'kept'].map((kind) => [
      `cache/${kind}`,
      (rig: Rig, own: string) => replace(rig.path(`cache/${kind}`), join(own, kind)),
    ]),
  ),
  'cache itself': (rig, own) => replace(rig.path('cache'), own),
  'the folder of a blob': (rig, own) => replace(dirname(first(rig, BLOB)), join(own, 'blobs')),
  'the folder of a result': (rig, own) => replace(dirname(first(rig, /^results\/..\/.*json$/)), join(own, 'results')),
  'a blob that is a file': (rig, own) => replace(blobThat(rig, false), join(own, 'precious.txt')),
  'a blob that is a folder': (rig, own) => replace(blobThat(rig, true), join(own, 'f')),
  'a folder in a blob': (rig, own) => replace(join(blobThat(rig, true), 'a'), join(own, 'f/a')),
  'a file in a blob': (rig, own) => replace(join(blobThat(rig, true), 'a/x.txt'), join(own, 'f/a/x.txt')),
  'a blob that is a hard link': (rig, own) => {
    const path = blobThat(rig, false);
    rmSync(path);
    linkSync(join(own, 'precious.txt'), path);
  },
  'a result': (rig, own) => replace(first(rig, /^results\/..\/.*json$/), join(own, 'precious.txt')),
  'a run': (rig, own) => replace(first(rig, /^runs\/.*json$/), join(own, 'precious.txt')),
  'a checked plan': (rig, own) => replace(first(rig, /^plans\/.*json$/), join(own, 'precious.txt')),
  'kept code': (rig, own) => replace(first(rig, /^code\/.*mjs$/), join(own, 'precious.txt')),
  'the last run': (rig, own) => replace(first(rig, /^last\/.*json$/), join(own, 'precious.txt')),
  'the memory of files': (rig, own) => replace(rig.path('cache/files.jsonl'), join(own, 'precious.txt')),
  format: (rig, own) => replace(rig.path('cache/format'), join(own, 'precious.txt')),
  'leftovers of a killed process': (rig, own) => {
    replace(rig.path('cache/tmp/1-1-0-x-1-elsewhere'), own);
    replace(rig.path('cache/leftover.tmp'), own);
    replace(rig.path('cache/runs/leftover.tmp'), own);
    replace(rig.path('cache/claims/of-nobody'), join(own, 'claim'));
    replace(rig.path('cache/results/zz'), join(own, 'results'));
    replace(rig.path('cache/blobs/zz'), join(own, 'blobs'));
  },
  'a result forged to lead outside': (rig) =>
    forge(first(rig, /^results\/..\/.*json$/), (text) =>
      text.replace(/"path":""/, '"path":"../../../own/precious.txt"'),
    ),
  'a result forged to be another port': (rig) =>
    forge(first(rig, /^results\/..\/.*json$/), (text) =>
      text.replace(/"outputs":\{"(\w+)"/, '"outputs":{"../../own/o"'),
    ),
};

/** Every place in or beside `out/` that could hold a link. */
const IN_OUT: { readonly [place: string]: Place } = {
  'out itself': (rig, own) => replace(rig.path('out'), own),
  'the folder of a step': (rig, own) => replace(rig.path('out/file'), join(own, 'file')),
  'the folder of another step': (rig, own) => replace(rig.path('out/folder'), own),
  'a folder in a step': (rig, own) => replace(rig.path('out/folder/d'), join(own, 'f')),
  'a folder deep in a step': (rig, own) => replace(rig.path('out/folder/d/a'), join(own, 'f/a')),
  'a shown file': (rig, own) => replace(rig.path('out/file/out.txt'), join(own, 'out.txt')),
  'a hard link as a shown file': (rig, own) => {
    rmSync(rig.path('out/file/out.txt'));
    linkSync(join(own, 'out.txt'), rig.path('out/file/out.txt'));
  },
  'the manifest': (rig, own) => replace(rig.path('out/.groundproof-out.jsonl'), join(own, 'precious.txt')),
  'the manifest, forged': (rig) => {
    const lines = [
      ['file', { 'file/../../own/precious.txt': { digest: '0', signature: '0' } }],
      ['file', { '/own/precious.txt': { digest: '0', signature: '0' } }],
      ['gone', { '../own/o.txt': { digest: '0', signature: null } }],
    ];
    const path = rig.path('out/.groundproof-out.jsonl');
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'a' });
  },
  'an unfinished file': (rig, own) => replace(rig.path(`out/file/out.txt.${process.pid}.tmp`), join(own, 'out.txt')),
  'the page about the run': (rig, own) => replace(rig.path('out/run.html'), join(own, 'precious.txt')),
  'what says which run it is': (rig, own) => replace(rig.path('out/RUN.json'), join(own, 'precious.txt')),
  'the lock of out/': (rig, own) => replace(rig.path('out/.groundproof-out.lock'), join(own, 'precious.txt')),
};

const PLACES = { ...IN_STORE, ...IN_OUT };
const firstRun = afterFirstRun(PROJECT);
const EDIT = ['--set', 'use.x=1'];

describe('a link in place of', () => {
  test.each(Object.entries(PLACES))("%s leads no command to the user's files", async (_, place) => {
    const rig = firstRun();
    await keepsOwn(rig, SOME_COMMANDS, (own) => place(rig, own));
  });
});

const COMMANDS: readonly (readonly string[])[] = [
  ['run'],
  ['run', '--keep-going', '--force'],
  ['run', ...EDIT],
  ['run', 'use'],
  ['plan'],
  ['lock'],
  ['verify'],
  ['explain', 'use'],
  ['diff'],
  ['report'],
  ['cache', 'check'],
  ['cache', 'stats'],
  ['gc', '--keep-runs', '1'],
  ['gc', '--max-size', '1KB'],
];

test("no sequence of commands touches the user's files, with links in any places", async () => {
  const rows = fc.record({
    places: fc.subarray(Object.keys(PLACES), { minLength: 1, maxLength: 3 }),
    commands: fc.array(fc.constantFrom(...COMMANDS), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(rows, async ({ places, commands }) => {
      const rig = firstRun();
      await keepsOwn(rig, commands, (own) => {
        for (const place of places) {
          try {
            PLACES[place]?.(rig, own);
          } catch {
            // An earlier link occupies the place of this link.
          }
        }
      });
    }),
    { numRuns: RUNS },
  );
}, 600_000);
