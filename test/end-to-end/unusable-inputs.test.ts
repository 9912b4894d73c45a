/** Users' files that are missing or belong to groundproof are found before anything runs or is removed. */
import { symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';

const files = {
  'data/20170622_patch2.txt': 'two',
  'data/20170629_patch3.txt': 'three',
  'data/shared.csv': 'all',
  'pipeline.yaml': `
each: { recording: [20170622_patch2, 20170629_patch3] }
steps:
  copy: { shell: "cat {inputs.f} {inputs.s} > {outputs.o}", each: recording, inputs: { f: { file: "data/{recording}.txt" }, s: { file: data/shared.csv } }, outputs: { o: .txt } }
  all: { shell: "cat {inputs.x} > {outputs.o}", inputs: { x: { from: copy.o } }, outputs: { o: .txt } }
`,
};

async function ranOnce(): Promise<Rig> {
  const rig = makeRig(files);
  expect((await rig.groundproof('run')).code).toBe(0);
  return rig;
}

describe('a missing file', () => {
  test('of a mistyped recording stops the run before it removes anything, and the nearest names are given', async () => {
    const rig = await ranOnce();
    for (const command of ['run', 'plan']) {
      const { code, stderr } = await rig.groundproof(command, '--each', 'recording=20170622_pach2');
      expect(code).toBe(2);
      expect(stderr).toContain(
        'there is no file data/20170622_pach2.txt (f of copy@20170622_pach2); did you mean data/20170622_patch2.txt?',
      );
      expect(stderr).toContain('20170622_pach2 is no recording of the pipeline; did you mean 20170622_patch2?');
    }
    expect(rig.read('out/all/o.txt')).toBe('twoallthreeall');
    expect((await rig.groundproof('explain', 'all')).stdout).toContain('executed');
  });

  test('is reported once with all of its actions, together with other missing files', async () => {
    const rig = makeRig(files);
    rig.remove('data/shared.csv');
    rig.remove('data/20170629_patch3.txt');
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(2);
    expect(stderr.split('data/shared.csv').length).toBe(2);
    expect(stderr).toContain('s of copy@20170622_patch2, s of copy@20170629_patch3');
    expect(stderr).toContain('there is no file data/20170629_patch3.txt');
    expect(rig.exists('out')).toBe(false);
  });

  test('under --keep-going fails its own action; other actions go on, and out/ stays', async () => {
    const rig = await ranOnce();
    const ran = await rig.run('--keep-going', '--each', 'recording=20170622_patch2,20170622_pach2');
    expect(ran.code).toBe(1);
    expect(ran.failed).toEqual(['copy@20170622_pach2']);
    expect(ran.reused).toEqual(['copy@20170622_patch2']);
    expect(rig.read('out/all/o.txt')).toBe('twoallthreeall');
  });
});

describe('an input in out/ or in the store', () => {
  const reading = (path: string) =>
    `steps:\n  a: { shell: "echo 1 > {outputs.o}", outputs: { o: .txt } }\n  z: { shell: "cp {inputs.f} {outputs.o}", inputs: { f: { file: "${path}" } }, outputs: { o: .txt } }\n`;

  test.each(['out/a/o.txt', './out/../out/a/o.txt', 'link.txt', 'folder/a/o.txt'])(
    'named %s is refused before anything runs, and the right port is named',
    async (path) => {
      const rig = makeRig({ 'pipeline.yaml': reading(path) });
      symlinkSync('out/a/o.txt', rig.path('link.txt'));
      symlinkSync('out', rig.path('folder'));
      // This file does not exist before the first run.
      const other = await rig.groundproof('run', 'a');
      expect(other.code).toBe(0);
      const { code, stderr } = await rig.groundproof('run');
      expect(code).toBe(2);
      expect(stderr).toContain(
        `${path} (f of z) lies in out/, which is filled by runs; write a.o in place of the file`,
      );
      expect(rig.exists('out/z')).toBe(false);
    },
  );

  test('is refused even if out/ will hold it only later', async () => {
    const rig = makeRig({ 'pipeline.yaml': reading('out/a/o.txt') });
    expect((await rig.groundproof('run')).stderr).toContain('lies in out/');
    expect(rig.exists('out')).toBe(false);
  });

  test('is refused if it is a file of the store', async () => {
    const rig = makeRig({ 'pipeline.yaml': reading('cache/format') });
    expect((await rig.groundproof('run')).stderr).toContain('cache/format (f of z) lies in the store');
  });
});

test('a folder input that contains out/ and the store is refused with advice', async () => {
  const rig = makeRig({
    'list.ts': `import { readdirSync } from 'node:fs';
import { defineTask, file, folder } from 'groundproof/task';
export default defineTask({
  inputs: { d: folder() }, params: { type: 'object', properties: {}, additionalProperties: false },
  outputs: { o: file('.txt') },
  async run({ inputs, outputs }) { outputs.o.write(Buffer.from(readdirSync(inputs.d).join())); },
});
`,
    'pipeline.yaml': 'steps:\n  list: { uses: ./list.ts, inputs: { d: { file: . } } }\n',
  });
  const { code, stderr } = await rig.groundproof('run');
  expect(code).toBe(2);
  expect(stderr).toContain('. (d of list) holds out/, which changes with every run');
  expect(stderr).toContain('. (d of list) holds the store');
});
