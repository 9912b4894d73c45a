import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheServer } from '../remote/cache-server.ts';
import { makeRig, type Rig } from './rig.ts';

/** Modes, empty folders and file names of any bytes are part of results and inputs. */

/** A task with a folder output `d` (and a folder input `from`, if it is declared). */
const folderTask = (body: string, inputs = '') => `
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { defineTask, file, folder } from 'groundproof/task';
export default defineTask({
  description: 'Made for a test.',
  inputs: { ${inputs} },
  outputs: { d: folder() },
  params: { type: 'object', properties: { extra: { type: 'boolean' } }, required: ['extra'] },
  run({ inputs, outputs, params }) { ${body} },
});`;

const mkfifo = (path: string) => void spawnSync('mkfifo', [path]);

/** Prints everything below a folder: folders end in /, executable files in *. */
const LIST = String.raw`cd "$1/" && find . ! -name . -type d -printf '%P/\n' -o -type f -perm -100 -printf '%P*\n' -o -type f -printf '%P\n' | sort
`;

const made = {
  'pipeline.yaml': `
steps:
  make: { uses: ./make.ts, params: { extra: true } }
  list: { shell: "sh {inputs.script} {inputs.d} > {outputs.o}", inputs: { d: make.d, script: { file: list.sh } }, outputs: { o: .txt } }
  tool: { shell: "printf '#!/bin/sh\\\\necho it runs\\\\n' > {outputs.o}; chmod +x {outputs.o}", outputs: { o: .sh } }
  use: { shell: "{inputs.x} > {outputs.o}", inputs: { x: tool.o }, outputs: { o: .txt } }
`,
  'list.sh': LIST,
  'make.ts': folderTask(`
    writeFileSync(outputs.d.path + '/x.txt', 'x');
    writeFileSync(outputs.d.path + '/run.sh', 'r');
    if (params.extra) chmodSync(outputs.d.path + '/run.sh', 0o755);
    if (params.extra) mkdirSync(outputs.d.path + '/logs/old', { recursive: true });
  `),
};
const LISTED = 'logs/\nlogs/old/\nrun.sh*\nx.txt\n';

const mode = (rig: Rig, path: string) => statSync(rig.path(path)).mode & 0o777;

function expectWhole(rig: Rig): void {
  expect(rig.read('out/list/o.txt')).toBe(LISTED);
  expect(rig.read('out/use/o.txt')).toBe('it runs\n');
  expect(readdirSync(rig.path('out/make/d')).sort()).toEqual(['logs', 'run.sh', 'x.txt']);
  expect(readdirSync(rig.path('out/make/d/logs'))).toEqual(['old']);
  for (const path of ['out/make/d/run.sh', 'out/tool/o.sh']) expect(mode(rig, path) & 0o100).toBe(0o100);
  expect(mode(rig, 'out/make/d/x.txt') & 0o111).toBe(0);
}

describe('empty folders and the executable bit of outputs', () => {
  test('reach the next step and out/, and come back from the store if out/ is removed', async () => {
    const rig = makeRig(made);
    expect((await rig.run()).executed).toEqual(['list', 'make', 'tool', 'use']);
    expectWhole(rig);
    rig.remove('out');
    expect((await rig.run()).executed).toEqual([]);
    expectWhole(rig);
  });

  test('survive a remote cache', async () => {
    const server = await cacheServer('bazel');
    const [one, other] = [makeRig(made), makeRig(made)];
    await one.run('--remote', server.url, '--remote-write');
    const taken = await other.run('--remote', server.url);
    expect(taken.reused).toEqual(['list', 'make', 'tool', 'use']);
    expectWhole(other);
    // The next step reads them from the store, not from its own result.
    await other.run('--force', 'list', 'use');
    expectWhole(other);
    expect((await other.groundproof('cache', 'check')).stdout).toContain('all as it was stored');
  });

  test('distinguish results: the store keeps both, and each step gets its own', async () => {
    const rig = makeRig(made);
    await rig.run();
    const without = await rig.run('--set', 'make.extra=false');
    expect(without.executed).toEqual(['list', 'make']);
    expect(rig.read('out/list/o.txt')).toBe('run.sh\nx.txt\n');
    expect((await rig.run()).executed).toEqual([]);
    expectWhole(rig);
  });

  test('are part of the lock, and verify names a difference', async () => {
    const rig = makeRig(made);
    await rig.run();
    await rig.groundproof('lock');
    expect((await rig.groundproof('verify')).stdout).toContain('4 same, 0 differ');
  });
});

describe('a folder of the user that a step reads', () => {
  const project = () => {
    const rig = makeRig({
      'pipeline.yaml': `
steps:
  list: { uses: ./list.ts, inputs: { from: { file: data }, script: { file: list.sh } }, params: { extra: true } }
`,
      'list.sh': `${LIST}cat *.txt\n`,
      'list.ts': folderTask(
        "writeFileSync(outputs.d.path + '/listed', spawnSync('sh', [inputs.script, inputs.from]).stdout);",
        'from: folder(), script: file()',
      ),
      'data/a.txt': 'a',
      'data/run.sh': 'r',
    });
    return { rig, listed: () => rig.read('out/list/d/listed') };
  };

  test('is a new input after mkdir, and the old input after rmdir', async () => {
    const { rig, listed } = project();
    await rig.run();
    const before = listed();
    mkdirSync(rig.path('data/logs'));
    expect((await rig.run()).executed).toEqual(['list']);
    expect(listed()).toContain('logs/\n');
    rmSync(rig.path('data/logs'), { recursive: true });
    expect((await rig.run()).executed).toEqual([]);
    expect(listed()).toBe(before);
  });

  test('is a new input after chmod +x of a file in it', async () => {
    const { rig, listed } = project();
    await rig.run();
    chmodSync(rig.path('data/run.sh'), 0o755);
    expect((await rig.run()).executed).toEqual(['list']);
    expect(listed()).toContain('run.sh*\n');
  });

  test('includes files whose names are not UTF-8', async () => {
    const { rig, listed } = project();
    const odd = Buffer.from(`${rig.path('data')}/caf\xe9.txt`, 'latin1');
    writeFileSync(odd, 'one');
    expect((await rig.run()).executed).toEqual(['list']);
    expect(listed()).toMatch(/one$/);
    writeFileSync(odd, 'two');
    expect((await rig.run()).executed).toEqual(['list']);
    expect(listed()).toMatch(/two$/);
    // A name that differs only in this byte is another name.
    unlinkSync(odd);
    writeFileSync(Buffer.from(`${rig.path('data')}/caf\xe8.txt`, 'latin1'), 'two');
    expect((await rig.run()).executed).toEqual(['list']);
    expect((await rig.run()).executed).toEqual([]);
  });

  test('includes the targets of links to files, also after a link was turned to another file', async () => {
    const { rig, listed } = project();
    rig.write('one', 'one');
    rig.write('two', 'two');
    symlinkSync('../one', rig.path('data/z.txt'));
    await rig.run();
    expect(listed()).toMatch(/one$/);
    rig.write('one', 'ONE');
    expect((await rig.run()).executed).toEqual(['list']);
    expect(listed()).toMatch(/ONE$/);
    rig.remove('data/z.txt');
    symlinkSync('../two', rig.path('data/z.txt'));
    expect((await rig.run()).executed).toEqual(['list']);
    expect(listed()).toMatch(/two$/);
  });

  test.each([
    ['a link that leads nowhere', (path: string) => symlinkSync('gone', path), /link to gone, which is not there/],
    ['a link to itself', (path: string) => symlinkSync('odd', path), /leads back to itself/],
    ['a link to a folder', (path: string) => symlinkSync('..', path), /link to a folder/],
    ['a pipe', mkfifo, /pipe, a socket or a device/],
    ['a link to a device', (path: string) => symlinkSync('/dev/zero', path), /pipe, a socket or a device/],
  ])('is refused with a sentence while it holds %s', async (_, put, sentence) => {
    const { rig } = project();
    put(join(rig.path('data'), 'odd'));
    const refused = await rig.groundproof('run');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(sentence);
    expect(refused.stderr).toContain('data/odd');
    rig.remove('data/odd');
    expect((await rig.run()).executed).toEqual(['list']);
  });
});

test('a script of the user that becomes executable is a new input', async () => {
  const rig = makeRig({
    'pipeline.yaml':
      "steps:\n  use: { shell: 'test -x {inputs.s} && echo yes > {outputs.o} || echo no > {outputs.o}', inputs: { s: { file: s.sh } }, outputs: { o: .txt } }\n",
    's.sh': 'x',
  });
  await rig.run();
  chmodSync(rig.path('s.sh'), 0o755);
  expect((await rig.run()).executed).toEqual(['use']);
  expect(rig.read('out/use/o.txt')).toBe('yes\n');
  chmodSync(rig.path('s.sh'), 0o644);
  expect((await rig.run()).executed).toEqual([]);
  expect(rig.read('out/use/o.txt')).toBe('no\n');
});
