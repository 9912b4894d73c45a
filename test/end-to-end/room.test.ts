import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ActionFinished } from '../../src/history/event.ts';
import { makeRig, type Ran } from './rig.ts';
import { taskModule } from './task-module.ts';

const pipeline = (steps: object, more: object = {}) => JSON.stringify({ ...more, steps });
const failureOf = (ran: Pick<Ran, 'finished'>, action: string) =>
  (ran.finished(action) as Extract<ActionFinished, { outcome: 'failed' }>).failure;

test('a command that prints the names of its files prints the same for every recording, and runs once', async () => {
  const names = (input: string) =>
    `wc -l {inputs.${input}} > {outputs.o}; md5sum {inputs.${input}} >> {outputs.o}; grep -H . {inputs.${input}} >> {outputs.o}`;
  const rig = makeRig({
    'data/2017.06.22.txt': 'same\n',
    'data/r2.txt': 'same\n',
    'pipeline.yaml': pipeline(
      {
        own: {
          shell: names('f'),
          each: 'recording',
          inputs: { f: { file: 'data/{recording}.txt' } },
          outputs: { o: '.log' },
        },
        made: { shell: names('f'), each: 'recording', inputs: { f: 'own.o' }, outputs: { o: '.log' } },
        task: { uses: './task.ts', each: 'recording', inputs: { f: { file: 'data/{recording}.txt' } } },
      },
      { each: { recording: ['2017.06.22', 'r2'] } },
    ),
    'task.ts': taskModule("outputs.out.write(Buffer.from(inputs.f.slice(inputs.f.lastIndexOf('/'))));", {
      inputs: 'f: file()',
    }),
  });
  const ran = await rig.runHere();
  expect([ran.executed.length, ran.reused.length, ran.failed.length]).toEqual([3, 3, 0]);
  expect(rig.read('out/own/r2/o.log')).toMatch(/^1 inputs\/f\.txt\n\w{32} {2}inputs\/f\.txt\ninputs\/f\.txt:same\n$/);
  expect(rig.read('out/own/2017.06.22/o.log')).toBe(rig.read('out/own/r2/o.log'));
  expect(rig.read('out/made/r2/o.log')).toContain('inputs/f.log:');
  expect(rig.read('out/task/r2/out.txt')).toBe('/f.txt');
});

test('a command finds an empty folder, HOME and TMPDIR, and its leftovers are removed', async () => {
  const look = '{ find . ~ "$TMPDIR" -type f | wc -l; echo {recording}; ls; } > {outputs.o}';
  const leave = 'echo x > tmp.txt; echo x > ~/state; echo x > "$TMPDIR/x"; rm -r inputs; ln -s {params.own} inputs';
  const rig = makeRig({
    'pipeline.yaml': pipeline(
      {
        n: {
          shell: `${look}; ${leave}`,
          params: { own: 'OWN' },
          each: 'recording',
          outputs: { o: '.txt' },
        },
        zone: { shell: 'date -d @0 +%Z > {outputs.o}; echo "$LANG" >> {outputs.o}', outputs: { o: '.txt' } },
      },
      { each: { recording: ['r1', 'r2', 'r3'] } },
    ),
    'own/precious': 'mine',
  });
  rig.edit('pipeline.yaml', 'OWN', rig.path('own'));
  const ran = await rig
    .around({ env: { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } })
    .run('--jobs', '1');
  expect(ran.failed).toEqual([]);
  // Only the output exists.
  for (const recording of ['r1', 'r2', 'r3']) {
    expect(rig.read(`out/n/${recording}/o.txt`)).toBe(`1\n${recording}\ninputs\noutputs\ntmp\n`);
  }
  expect(rig.read('out/zone/o.txt')).toBe('UTC\nC.UTF-8\n');
  expect(readdirSync(rig.folder).sort()).toEqual(['cache', 'out', 'own', 'pipeline.yaml']);
  expect(rig.read('own/precious')).toBe('mine');
  expect(existsSync(join(process.env.HOME ?? '', 'state'))).toBe(false);
});

test('programs that stop at a link enter a folder input', async () => {
  const rig = makeRig({
    'make.ts': taskModule("writeFileSync(outputs.out.path + '/x', '1');", { outputs: 'out: folder()' }),
    'copy.ts': taskModule("(await import('node:fs')).cpSync(inputs.d, outputs.out.path, { recursive: true });", {
      inputs: 'd: folder()',
      outputs: 'out: folder()',
    }),
    'pipeline.yaml': pipeline({
      make: { uses: './make.ts' },
      copy: { uses: './copy.ts', inputs: { d: 'make.out' } },
      look: {
        shell: 'find {inputs.d} -type f > {outputs.o}; cp -r {inputs.d} x; cat x/x {inputs.d}/x >> {outputs.o}',
        inputs: { d: 'copy.out' },
        outputs: { o: '.txt' },
      },
    }),
  });
  expect((await rig.runHere()).failed).toEqual([]);
  expect(rig.read('out/look/o.txt')).toBe('inputs/d/x\n11');
});

test('a gathered input of 3,000 items is as many words, and a file with a path per line', async () => {
  const recording = Array.from({ length: 3000 }, (_, i) => `recording-with-a-rather-long-name-${i}`);
  const rig = makeRig({
    'pipeline.yaml': pipeline(
      {
        one: { uses: './one.ts', each: 'recording', inputs: {}, params: {} },
        all: {
          shell:
            'cat {inputs.x} | wc -c > {outputs.o}; wc -l < {inputs.x.list} >> {outputs.o}; xargs cat < {inputs.x.list} | wc -c >> {outputs.o}; head -n 1 {inputs.x.list} >> {outputs.o}',
          inputs: { x: 'one.out' },
          outputs: { o: '.txt' },
        },
      },
      { each: { recording } },
    ),
    'one.ts': taskModule("outputs.out.write(Buffer.from('ab'));"),
  });
  expect((await rig.runHere()).failed).toEqual([]);
  expect(rig.read('out/all/o.txt')).toBe('6000\n3000\n6000\ninputs/x/recording-with-a-rather-long-name-0.txt\n');
});

test('a list needs a gathered input', async () => {
  const rig = makeRig({
    x: '',
    'pipeline.yaml': pipeline({
      a: { shell: 'cat {inputs.f.list} > {outputs.o}', inputs: { f: { file: 'x' } }, outputs: { o: '.txt' } },
    }),
  });
  const { code, stderr } = await rig.groundproof('run');
  expect(code).toBe(2);
  expect(stderr).toContain("input 'f' is one file, not a list");
});

test('a file that a command expects in the project is named with advice', async () => {
  const rig = makeRig({
    'scripts/sort.py': 'print(1)',
    'pipeline.yaml': pipeline({
      room: { shell: 'python3 scripts/sort.py > {outputs.o}', outputs: { o: '.txt' } },
      project: { shell: 'python3 scripts/sort.py > {outputs.o}', outputs: { o: '.txt' }, cwd: 'project' },
    }),
  });
  const ran = await rig.run('--keep-going');
  expect(ran.executed).toEqual(['project']);
  expect(failureOf(ran, 'room')).toMatchObject({ reason: 'shell', exitCode: 2, inProject: 'scripts/sort.py' });
  // The working folder is part of the key.
  rig.edit('pipeline.yaml', ',"cwd":"project"', '');
  expect((await rig.run('project')).failed).toEqual(['project']);
});

test('values in here-documents are plain text and are never executed', async () => {
  const title = '$(touch PWNED) `touch PWNED` it\'s "5" \\ $HOME\nEOF\ntouch PWNED';
  const rig = makeRig({
    'pipeline.yaml': pipeline({
      plain: {
        shell: 'cat > {outputs.o} <<EOF\ntitle={params.title}\nEOF\n',
        params: { title },
        outputs: { o: '.txt' },
      },
      quoted: {
        shell: "cat > {outputs.o} <<'EOF'\n$x `y` {params.n} {outputs.o}\nEOF\n",
        params: { n: 5 },
        outputs: { o: '.txt' },
      },
      refused: {
        shell: "cat > {outputs.o} <<'EOF'\n{params.title}\nEOF\n",
        params: { title },
        outputs: { o: '.txt' },
      },
      computed: { shell: 'echo $(( {params.n} + 1 )) > {outputs.o}', params: { n: 4 }, outputs: { o: '.txt' } },
      attack: {
        shell: 'echo $(( {params.n} + 1 )) > {outputs.o}',
        params: { n: 'a[$(touch PWNED)]' },
        outputs: { o: '.txt' },
      },
    }),
  });
  const ran = await rig.runHere('--keep-going');
  expect(ran.failed).toEqual(['attack', 'refused']);
  expect(rig.read('out/plain/o.txt')).toBe(`title=${title}\n`);
  expect(rig.read('out/quoted/o.txt')).toBe('$x `y` 5 outputs/o.txt\n');
  expect(rig.read('out/computed/o.txt')).toBe('5\n');
  expect(failureOf(ran, 'refused')).toMatchObject({ message: expect.stringContaining('write the delimiter without') });
  expect(failureOf(ran, 'attack')).toMatchObject({ message: expect.stringContaining('takes only a number') });
  expect(rig.exists('PWNED')).toBe(false);
});
