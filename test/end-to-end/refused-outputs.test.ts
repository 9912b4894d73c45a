/** Outputs that are not plain files of the action's own. Each is refused with a sentence, and no other file is touched. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';

/** All properties of a folder that a command could change. */
function stateOf(path: string): unknown {
  const { mode, mtimeMs, ino, uid } = lstatSync(path);
  const own = { mode, mtimeMs, ino, uid };
  if (lstatSync(path).isSymbolicLink()) return { ...own, link: readlinkSync(path) };
  if (!lstatSync(path).isDirectory()) return { ...own, content: readFileSync(path, 'utf8') };
  return { ...own, entries: readdirSync(path).map((name) => [name, stateOf(join(path, name))]) };
}

const FILES: readonly [name: string, command: string, sentence: RegExp][] = [
  ['a link to a file', 'ln -s "$MINE/keep.txt" {outputs.o}', /it is a symbolic link/],
  ['a link that leads nowhere', 'ln -s nowhere {outputs.o}', /it is a symbolic link/],
  ['a link to a folder', 'ln -s "$MINE" {outputs.o}', /it is a symbolic link/],
  ['a hard link to a file of the user', 'ln "$MINE/keep.txt" {outputs.o}', /it is a hard link to another file/],
  ['a hard link to an input', 'ln -L {inputs.i} {outputs.o}', /it is a hard link to another file/],
  ['a hard link to a file beside it', 'echo x > x; ln x {outputs.o}', /it is a hard link to another file/],
  ['a pipe', 'mkfifo {outputs.o}', /it is a pipe, a socket or a device/],
  ['a folder', 'mkdir {outputs.o}', /it is a folder; write a file/],
  [
    'a file where its folder was replaced by a link',
    'd=$(dirname {outputs.o}); mv "$d" "$d.away"; ln -s "$MINE" "$d"',
    /was moved away or replaced/,
  ],
  [
    'a file where its folder was replaced by a folder',
    'd=$(dirname {outputs.o}); mv "$d" "$d.away"; mkdir "$d"; echo x > {outputs.o}',
    /was moved away or replaced/,
  ],
];

const folderTask = `
import { chmodSync, linkSync, mkdirSync, renameSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { defineTask, folder } from 'groundproof/task';
export default defineTask({
  inputs: {},
  outputs: { o: folder() },
  params: { type: 'object', properties: { body: { type: 'string' }, mine: { type: 'string' } }, required: ['body', 'mine'] },
  run({ outputs, params }) {
    const fs = { chmodSync, linkSync, mkdirSync, renameSync, rmdirSync, symlinkSync, writeFileSync, spawnSync };
    new Function('fs', 'o', 'mine', params.body)(fs, outputs.o.path, params.mine);
  },
});`;

const FOLDERS: readonly [name: string, body: string, sentence: RegExp][] = [
  ['that is a link', 'fs.rmdirSync(o); fs.symlinkSync(mine, o)', /it is a symbolic link/],
  ['that is a file', "fs.rmdirSync(o); fs.writeFileSync(o, '')", /it is a file; write into the folder/],
  ['that is gone', 'fs.rmdirSync(o)', /its folder was removed/],
  ['that holds a link out of it', "fs.symlinkSync(mine, o + '/l')", /l in it is a symbolic link/],
  [
    'that holds a link within it',
    "fs.writeFileSync(o + '/x', ''); fs.symlinkSync('x', o + '/l')",
    /l in it is a symbolic link/,
  ],
  ['that holds a link to itself', "fs.symlinkSync('l', o + '/l')", /l in it is a symbolic link/],
  ['that holds a hard link', "fs.linkSync(mine + '/keep.txt', o + '/h')", /h in it is a hard link to another file/],
  ['that holds a pipe', "fs.spawnSync('mkfifo', [o + '/p'])", /p in it is a pipe/],
  [
    'that holds a name that is not UTF-8',
    "fs.writeFileSync(Buffer.from(o + '/caf\\xe9', 'latin1'), '')",
    /is not UTF-8, and results keep names as text/,
  ],
  [
    'in a folder that was replaced by a link',
    "const up = o.slice(0, o.lastIndexOf('/')); fs.renameSync(up, up + '.away'); fs.symlinkSync(mine, up)",
    /was moved away or replaced/,
  ],
];

const stepOf = (name: string): string => name.replaceAll(' ', '-').replace('UTF-8', 'utf8');

function project(): { readonly rig: Rig; readonly mine: string } {
  const rig = makeRig({ 'mine/keep.txt': 'keep', 'mine/o/deep/also.txt': 'also', 'o.ts': folderTask });
  const mine = rig.path('mine');
  symlinkSync('keep.txt', rig.path('mine/link'));
  // An input for each step: a hard link changes it, which its other readers would notice.
  const bases = FILES.map(([name]) => [
    `base-${stepOf(name)}`,
    { shell: `echo ${stepOf(name)} > {outputs.o}`, outputs: { o: '.txt' } },
  ]);
  const shell = FILES.map(([name, command]) => [
    stepOf(name),
    { shell: command, inputs: { i: `base-${stepOf(name)}.o` }, outputs: { o: '.txt' }, env: { MINE: mine } },
  ]);
  const modules = FOLDERS.map(([name, body]) => [stepOf(name), { uses: './o.ts', params: { body, mine } }]);
  rig.write('pipeline.yaml', JSON.stringify({ steps: Object.fromEntries([...bases, ...shell, ...modules]) }));
  return { rig, mine };
}

describe('outputs', () => {
  test("that are links, share a file or are not regular files are refused, and the user's files stay as they were", async () => {
    const { rig, mine } = project();
    const before = stateOf(mine);
    for (let round = 0; round < 2; round++) {
      const ran = await rig.run('--keep-going');
      expect(ran.code).toBe(1);
      for (const [name, , sentence] of [...FILES, ...FOLDERS]) {
        expect(ran.finished(stepOf(name)), name).toMatchObject({
          outcome: 'failed',
          failure: { reason: 'output-invalid', port: 'o', message: expect.stringMatching(sentence) },
        });
      }
      expect(stateOf(mine)).toEqual(before);
    }
    // The blob of the input is sound: other steps may use the step that was linked to it.
    expect((await rig.groundproof('cache', 'check')).stdout).toContain('all as it was stored');
    await rig.groundproof('gc');
    expect(stateOf(mine)).toEqual(before);
  });

  test('that were links in an older version are made again, and the targets of the links stay', async () => {
    const rig = makeRig({
      'pipeline.yaml':
        'steps:\n  s: { uses: ./o.ts, params: { body: "fs.writeFileSync(o + \'/a\', \'one\')", mine: "" } }\n',
      'o.ts': folderTask,
      'mine/a': 'one',
    });
    await rig.run();
    const [spread = ''] = readdirSync(rig.path('cache/blobs'));
    const [digest = ''] = readdirSync(rig.path(join('cache/blobs', spread)));
    const blob = join('cache/blobs', spread, digest);
    rig.remove(blob);
    symlinkSync(rig.path('mine'), rig.path(blob));
    rig.write('mine/a', 'two, and longer');
    const before = stateOf(rig.path('mine'));
    rig.remove('out');
    expect((await rig.run()).executed).toEqual(['s']);
    expect(rig.read('out/s/o/a')).toBe('one');
    expect(stateOf(rig.path('mine'))).toEqual(before);
    expect(lstatSync(rig.path(blob)).isDirectory()).toBe(true);
  });
});

describe('a folder of the store that an action replaces by a link to a folder of the user', () => {
  test.each(['blobs', 'results'])('is never written through: %s', async (kind) => {
    const rig = makeRig({ 'mine/keep.txt': 'keep' });
    const env = { STORE: rig.path(`cache/${kind}`), MINE: rig.path('mine') };
    const steps = {
      s: {
        shell: 'mv "$STORE" "$STORE.away"; ln -s "$MINE" "$STORE"; echo x > {outputs.o}',
        outputs: { o: '.txt' },
        env,
      },
      b: { shell: 'echo b > {outputs.o}', outputs: { o: '.txt' } },
    };
    rig.write('pipeline.yaml', JSON.stringify({ steps }));
    await rig.run('b');
    const before = stateOf(rig.path('mine'));
    const ran = await rig.run('s');
    expect(ran.finished('s')).toMatchObject({ outcome: 'failed', failure: { reason: 'file-system' } });
    expect(ran.stderr + JSON.stringify(ran.events)).toContain(`cache/${kind} is a link`);
    for (const words of [['gc'], ['cache', 'check'], ['run']]) await rig.groundproof(...words);
    expect(stateOf(rig.path('mine'))).toEqual(before);
  });
});
