/** Changes inputs while an action reads them, or between two readers: steps wait until the test lets them go on. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { filesBelow } from '../../src/files/digest.ts';
import type { Event } from '../../src/history/event.ts';
import { makeRig, type Rig } from './rig.ts';
import { taskModule } from './task-module.ts';

/** Says that it is at a point, and waits until the test has acted at that point, or at a later one. */
const wait = (name: string, until = name): string =>
  `echo at-${name}; while [ ! -e "$PROJECT/${until}" ]; do sleep 0.01; done`;

/** A step whose command knows the project's folder. */
const step = (rig: Rig, command: string, inputs = '{}', more = ''): string =>
  `{ shell: ${JSON.stringify(command)}, inputs: ${inputs}, outputs: { o: .txt }, env: { PROJECT: "${rig.folder}" }${more} }`;

function project(
  files: { readonly [path: string]: string },
  steps: (rig: Rig) => { readonly [name: string]: string },
): Rig {
  const rig = makeRig(files);
  const lines = Object.entries(steps(rig)).map(([name, text]) => `  ${name}: ${text}\n`);
  rig.write('pipeline.yaml', `steps:\n${lines.join('')}`);
  return rig;
}

/** Runs, and lets the test act at each of these points before the step goes on. */
async function runWith(rig: Rig, points: { readonly [name: string]: () => void }, ...words: string[]) {
  const running = rig.start('run', '--reporter', 'json', '--keep-going', ...words);
  for (const [name, change] of Object.entries(points)) {
    await running.printed(`at-${name}`);
    change();
    rig.write(name, '');
  }
  const { code, stdout, stderr } = await running.ended;
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  const failures = Object.fromEntries(
    events.flatMap((event) =>
      event.type === 'action-finished' && event.outcome === 'failed' ? [[event.action as string, event.failure]] : [],
    ),
  );
  return { code, stderr, events, failures };
}

const resultsIn = (rig: Rig): number => filesBelow(rig.path('cache/results')).length;

/** Expects the next run to equal a run in a new store, and then to have nothing to do. */
async function expectHealed(rig: Rig): Promise<void> {
  expect((await rig.run()).code).toBe(0);
  expect((await rig.run('--store', 'fresh', '--out', 'fresh-out')).code).toBe(0);
  // Files in out/ itself name the run, so they differ.
  const shown = (out: string) =>
    Object.fromEntries(
      filesBelow(rig.path(out))
        .filter((path) => path.includes('/'))
        .map((path) => [path, rig.read(`${out}/${path}`)]),
    );
  expect(shown('out')).toEqual(shown('fresh-out'));
  expect((await rig.plan()).filter(({ decision }) => decision !== 'reuse')).toEqual([]);
}

test('a run names a file that was edited between two of its readers, and the next run reads the edit', async () => {
  const rig = project({ 'in.txt': 'old\n' }, (own) => ({
    first: step(own, 'cat {inputs.f} > {outputs.o}', '{ f: { file: in.txt } }'),
    between: step(own, `${wait('go')}; cat {inputs.x} > {outputs.o}`, '{ x: first.o }'),
    second: step(own, 'cat {inputs.f} {inputs.w} > {outputs.o}', '{ f: { file: in.txt }, w: between.o }'),
  }));
  const { code, events } = await runWith(rig, { go: () => rig.write('in.txt', 'new\n') });
  expect(code).toBe(0);
  expect(events.filter(({ type }) => type === 'file-changed')).toEqual([
    { type: 'file-changed', path: 'in.txt', actions: ['first'] },
  ]);
  expect((await rig.run()).executed).toEqual(['between', 'first', 'second']);
  expect(rig.read('out/second/o.txt')).toBe('new\nnew\n');
  await expectHealed(rig);
});

test('a run names an optional file that appeared too late, and the next run reads it', async () => {
  const rig = makeRig({
    'copy.ts': taskModule(`outputs.out.write(Buffer.from(inputs.extra ? readFileSync(inputs.extra) : 'none'));`, {
      inputs: 'extra: file({ optional: true })',
    }),
  });
  rig.write(
    'pipeline.yaml',
    `each: { recording: [a] }
steps:
  copy: { uses: ./copy.ts, each: recording, inputs: { extra: { file: "{recording}.extra" } } }
  after: ${step(rig, `${wait('go')}; cat {inputs.x} > {outputs.o}`, '{ x: copy.out }', ', each: recording')}
`,
  );
  const { code, events } = await runWith(rig, { go: () => rig.write('a.extra', 'more') });
  expect(code).toBe(0);
  expect(events).toContainEqual({ type: 'file-changed', path: 'a.extra', actions: ['copy@a'] });
  expect((await rig.run()).executed).toEqual(['after@a', 'copy@a']);
  await expectHealed(rig);
});

test('a run names an edit of the pipeline or a task during the run, and the next run uses it', async () => {
  const rig = makeRig({
    'say.ts': taskModule(`outputs.out.write(Buffer.from('one'));`),
    'pipeline.yaml': '',
  });
  const pipeline = (text: string) =>
    `steps:\n  say: { uses: ./say.ts }\n  held: ${step(rig, `${wait('go')}; echo ${text} > {outputs.o}`)}\n`;
  rig.write('pipeline.yaml', pipeline('one'));
  const { code, events } = await runWith(rig, {
    go() {
      rig.edit('say.ts', `'one'`, `'two'`);
      rig.write('pipeline.yaml', pipeline('two'));
    },
  });
  expect(code).toBe(0);
  expect(events.filter(({ type }) => type === 'file-changed')).toEqual([
    { type: 'file-changed', path: 'pipeline.yaml', actions: [] },
    { type: 'file-changed', path: 'say.ts', actions: [] },
  ]);
  expect(rig.read('out/say/out.txt')).toBe('one');
  expect((await rig.run()).executed).toEqual(['held', 'say']);
  expect(rig.read('out/say/out.txt')).toBe('two');
  await expectHealed(rig);
});

/** Ways to show an action other content for a while. */
const thereAndBack: { readonly [way: string]: readonly [there: (rig: Rig) => void, back: (rig: Rig) => void] } = {
  'written over': [(rig) => rig.write('data/in.txt', 'evil'), (rig) => rig.write('data/in.txt', 'good')],
  'written over, with the time it had': [
    (rig) => {
      const { atime, mtime } = statSync(rig.path('data/in.txt'));
      rig.write('data/in.txt', 'evil');
      utimesSync(rig.path('data/in.txt'), atime, mtime);
      writeFileSync(rig.path('time'), String(mtime.getTime() / 1000));
    },
    (rig) => {
      rig.write('data/in.txt', 'good');
      utimesSync(rig.path('data/in.txt'), Number(rig.read('time')), Number(rig.read('time')));
    },
  ],
  'moved away for another file': [
    (rig) => {
      renameSync(rig.path('data/in.txt'), rig.path('data/kept'));
      rig.write('data/in.txt', 'evil');
    },
    (rig) => renameSync(rig.path('data/kept'), rig.path('data/in.txt')),
  ],
  'in a folder that is moved away for another one': [
    (rig) => {
      renameSync(rig.path('data'), rig.path('kept'));
      rig.write('data/in.txt', 'evil');
    },
    (rig) => {
      rmSync(rig.path('data'), { recursive: true });
      renameSync(rig.path('kept'), rig.path('data'));
    },
  ],
  'behind a link that is turned': [
    (rig) => {
      rig.write('other/in.txt', 'evil');
      rmSync(rig.path('link'));
      symlinkSync('other', rig.path('link'));
    },
    (rig) => {
      rmSync(rig.path('link'));
      symlinkSync('data', rig.path('link'));
    },
  ],
};

test.each(Object.entries(thereAndBack))(
  'a step fails and stores nothing if its input is %s and back while it reads it',
  async (_, [there, back]) => {
    const rig = project({ 'data/in.txt': 'good' }, (own) => ({
      a: step(own, `${wait('one')}; cat {inputs.f} > {outputs.o}; ${wait('two')}`, '{ f: { file: link/in.txt } }'),
    }));
    symlinkSync('data', rig.path('link'));
    const { code, failures } = await runWith(rig, { one: () => there(rig), two: () => back(rig) });
    expect(code).toBe(1);
    expect(failures).toEqual({
      a: { reason: 'input-changed', port: 'f', path: expect.stringMatching(/in\.txt$/), of: null },
    });
    expect(rig.exists('cache/results') ? resultsIn(rig) : 0).toBe(0);
    await expectHealed(rig);
    expect(rig.read('out/a/o.txt')).toBe('good');
  },
);

test('a run notices a file beside an input that was made and removed while a step read the folder', async () => {
  const rig = makeRig({ 'pipeline.yaml': '', 'in/one': '1' });
  rig.write(
    'list.ts',
    taskModule(`outputs.out.write(Buffer.from(readdirSync(inputs.d).join()));`, { inputs: 'd: folder()' }),
  );
  rig.write(
    'held.ts',
    taskModule(
      `log('at-one');
    while (!existsSync(params.project + '/one')) await new Promise((resolve) => setTimeout(resolve, 10));
    outputs.out.write(Buffer.from(readdirSync(inputs.d).join()));
    log('at-two');
    while (!existsSync(params.project + '/two')) await new Promise((resolve) => setTimeout(resolve, 10));`,
      { inputs: 'd: folder()', params: "project: { type: 'string' }" },
    ),
  );
  rig.write(
    'pipeline.yaml',
    `steps:\n  held: { uses: ./held.ts, inputs: { d: { file: in } }, params: { project: "${rig.folder}" } }\n`,
  );
  const { failures } = await runWith(rig, {
    one: () => rig.write('in/two', '2'),
    two: () => rig.remove('in/two'),
  });
  expect(failures).toMatchObject({ held: { reason: 'input-changed', port: 'd' } });
  await expectHealed(rig);
  expect(rig.read('out/held/out.txt')).toBe('one');
});

test('a hard link that a step makes of its input is not a change', async () => {
  const rig = project({ 'in.txt': 'good' }, (own) => ({
    a: step(own, 'ln -L {inputs.f} "$PROJECT/here"; cat "$PROJECT/here" > {outputs.o}', '{ f: { file: in.txt } }'),
  }));
  const ran = await rig.run();
  expect({ code: ran.code, executed: ran.executed }).toEqual({ code: 0, executed: ['a'] });
  expect((await rig.run()).reused).toEqual(['a']);
});

/** A folder made by a task, and steps that read it. */
function withFolder(steps: (rig: Rig) => { readonly [name: string]: string }): Rig {
  const rig = project(
    {
      'make.ts': taskModule(`writeFileSync(outputs.d.path + '/ref.fa', 'ACGT');`, { outputs: 'd: folder()' }),
    },
    (own) => ({ make: '{ uses: ./make.ts }', ...steps(own) }),
  );
  return rig;
}

test('a step that writes an index beside its input fails, the input is made again, and no other step sees the index', async () => {
  const rig = withFolder((own) => ({
    index: step(
      own,
      'chmod u+w {inputs.d}/.; [ -e "$PROJECT/tame" ] || echo x > {inputs.d}/ref.fa.fai; wc -c < {inputs.d}/ref.fa > {outputs.o}',
      '{ d: make.d }',
    ),
    list: step(own, 'ls {inputs.d}/ > {outputs.o}', '{ d: make.d }'),
  }));
  const { code, failures } = await runWith(rig, {}, '--jobs', '1');
  expect(code).toBe(1);
  expect(failures.index).toEqual({ reason: 'input-changed', port: 'd', path: 'd/ref.fa.fai', of: 'make' });
  expect(failures.list).toMatchObject({ reason: 'input-damaged', port: 'd', of: 'make' });
  expect(rig.exists('out/list')).toBe(false);
  expect((await rig.run('list')).executed).toEqual(['list', 'make']);
  expect(rig.read('out/list/o.txt')).toBe('ref.fa\n');
});

test('two steps that read a folder into which a third step writes lose their results, and the next run makes all again', async () => {
  const rig = project({}, (own) => ({
    make: step(own, "printf '3\\n1\\n2\\n' > {outputs.o}"),
    sort: step(
      own,
      `chmod u+w {inputs.x}; [ -e "$PROJECT/tame" ] || sort -o {inputs.x} {inputs.x}; ${wait('sorted', 'read')}; cat {inputs.x} > {outputs.o}`,
      '{ x: make.o }',
    ),
    use: step(own, `${wait('begun')}; cat {inputs.x} > {outputs.o}; ${wait('read')}`, '{ x: make.o }'),
    after: step(own, 'cat {inputs.u} > {outputs.o}', '{ u: use.o }'),
  }));
  const { code, failures, events } = await runWith(
    rig,
    { sorted: () => {}, begun: () => {}, read: () => {} },
    '--jobs',
    '2',
  );
  expect(code).toBe(1);
  expect(failures).toMatchObject({
    sort: { reason: 'input-changed', port: 'x', path: 'o.txt', of: 'make' },
    use: { reason: 'input-changed', port: 'x', path: 'o.txt', of: 'make' },
  });
  expect(events).toContainEqual(expect.objectContaining({ action: 'after', outcome: 'blocked' }));
  expect(rig.exists('out/use')).toBe(false);
  rig.edit('pipeline.yaml', 'chmod u+w {inputs.x}; ', '');
  rig.write('tame', '');
  await expectHealed(rig);
  expect(rig.read('out/after/o.txt')).toBe('3\n1\n2\n');
});

test('a step that writes into two of its inputs leaves neither in the store', async () => {
  const rig = project({}, (own) => ({
    one: step(own, 'echo one > {outputs.o}'),
    two: step(own, 'echo two > {outputs.o}'),
    use: step(
      own,
      '[ -e "$PROJECT/tame" ] || { chmod u+w {inputs.x} {inputs.y}; echo evil | tee -a {inputs.x} >> {inputs.y}; }; cat {inputs.x} {inputs.y} > {outputs.o}',
      '{ x: one.o, y: two.o }',
    ),
  }));
  const { failures } = await runWith(rig, {});
  expect(failures).toEqual({ use: { reason: 'input-changed', port: 'x', path: 'o.txt', of: 'one' } });
  expect(blobsWith(rig, () => true)).toEqual([]);
  rig.write('tame', '');
  await expectHealed(rig);
  expect(rig.read('out/use/o.txt')).toBe('one\ntwo\n');
});

test('a hard link does not hide a change beside it that is taken back', async () => {
  const rig = project({ 'in.txt': 'good' }, (own) => ({
    a: step(own, `${wait('one')}; cat {inputs.f} > {outputs.o}; ${wait('two')}`, '{ f: { file: in.txt } }'),
  }));
  const { failures } = await runWith(rig, {
    one: () => rig.write('in.txt', 'evil'),
    two() {
      rig.write('in.txt', 'good');
      linkSync(rig.path('in.txt'), rig.path('link'));
    },
  });
  expect(failures).toMatchObject({ a: { reason: 'input-changed', path: 'in.txt' } });
  await expectHealed(rig);
});

test('a file that is added to a stored output is never read, and the next run makes the output again', async () => {
  const rig = project({}, (own) => ({
    make: step(own, 'echo good > {outputs.o}'),
    hold: step(own, `${wait('go')}; cat {inputs.x} > {outputs.o}`, '{ x: other.o }'),
    other: step(own, 'echo other > {outputs.o}'),
    use: step(own, 'cat {inputs.x} {inputs.h} > {outputs.o}', '{ x: make.o, h: hold.o }'),
  }));
  const { code, failures } = await runWith(rig, { go: () => spoil(blobsOf(rig, 'good\n')) });
  expect(code).toBe(1);
  expect(failures).toEqual({ use: { reason: 'input-damaged', port: 'x', path: 'o.txt', of: 'make' } });
  expect(rig.exists('out/make')).toBe(false);
  await expectHealed(rig);
  expect(rig.read('out/use/o.txt')).toBe('good\nother\n');
});

test('a link into out/ does not change the blob, and a write through the link does', async () => {
  const rig = project({}, (own) => ({
    make: step(own, 'head -c 17000000 /dev/zero > {outputs.o}'),
    one: step(own, `${wait('one')}; wc -c < {inputs.x} > {outputs.o}`, '{ x: make.o }'),
    two: step(own, `${wait('two')}; wc -c < {inputs.x} > {outputs.o}`, '{ x: make.o, after: one.o }'),
  }));
  const blob = () => blobsWith(rig, ({ size }) => size === 17_000_000);
  const { failures } = await runWith(
    rig,
    {
      one() {
        linkSync(blob()[0] as string, rig.path('link'));
        rig.remove('link');
      },
      two() {
        linkSync(blob()[0] as string, rig.path('link'));
        spoil([rig.path('link')]);
        rig.remove('link');
      },
    },
    '--jobs',
    '1',
  );
  expect(failures).toEqual({ two: { reason: 'input-changed', port: 'x', path: 'o.txt', of: 'make' } });
  expect(rig.exists('out/make')).toBe(false);
  expect(rig.read('out/one/o.txt')).toBe('17000000\n');
});

/** For `node --import`: makes these files grow whenever they are opened for reading. */
const GROWING = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { openSync, writeSync, closeSync } = fs;
fs.openSync = (path, ...words) => {
  if (/(in.txt|growing.yaml)$/.test(String(path))) {
    const fd = openSync(path, 'a');
    writeSync(fd, '#\\n');
    closeSync(fd);
  }
  return openSync(path, ...words);
};
syncBuiltinESMExports();
`;

test('a file that is still being written is a failure, as an input and as the pipeline', async () => {
  const rig = project({ 'in.txt': '', 'growing.yaml': '', 'growing.mjs': GROWING }, (own) => ({
    read: step(own, 'cat {inputs.f} > {outputs.o}', '{ f: { file: in.txt } }'),
  }));
  const growing = rig.around({ env: { NODE_OPTIONS: `--import ${pathToFileURL(rig.path('growing.mjs'))}` } });
  const { code, failures } = await runWith(growing, {});
  expect(code).toBe(1);
  expect(failures).toEqual({ read: { reason: 'input-unsettled', port: 'f', path: 'in.txt' } });
  const pipeline = await growing.groundproof('run', 'growing.yaml');
  expect(pipeline.code).toBe(1);
  expect(pipeline.stderr).toContain('growing.yaml is still being written; wait until it is complete, then run again');
  await expectHealed(rig);
});

test('verify names a step that writes into its input, and the next run makes the input again', async () => {
  const rig = project({ tame: '' }, (own) => ({
    make: step(own, 'echo good > {outputs.o}'),
    use: step(
      own,
      '[ -e "$PROJECT/tame" ] || { chmod u+w {inputs.x}; echo evil >> {inputs.x}; }; echo same > {outputs.o}',
      '{ x: make.o }',
    ),
  }));
  expect((await rig.run()).code).toBe(0);
  rig.remove('tame');
  const { code, stdout } = await rig.groundproof('verify', 'use', '--reporter', 'json');
  expect(code).toBe(1);
  expect(stdout).toContain('"failure":{"reason":"input-changed","port":"x","path":"o.txt","of":"make"}');
  rig.write('tame', '');
  expect((await rig.run()).executed).toEqual(['make', 'use']);
  await expectHealed(rig);
});

test('a write to a stored file that no action reads makes the next run make it again', async () => {
  const rig = project({ wait: '' }, (own) => ({
    make: step(own, 'echo good > {outputs.o}'),
    other: step(own, `if [ -e "$PROJECT/wait" ]; then ${wait('made')}; fi; echo other > {outputs.o}`, '{ x: make.o }'),
    last: step(own, `if [ -e "$PROJECT/wait" ]; then ${wait('used')}; fi; echo last > {outputs.o}`, '{ x: other.o }'),
  }));
  const points = {
    made() {},
    used() {
      for (const path of blobsOf(rig, 'good\n')) {
        const { mtimeNs } = statSync(path, { bigint: true });
        chmodSync(path, 0o644);
        writeFileSync(path, 'evil\n');
        // Node cannot set nanoseconds.
        execFileSync('touch', [
          '-d',
          `@${mtimeNs / 1_000_000_000n}.${String(mtimeNs % 1_000_000_000n).padStart(9, '0')}`,
          path,
        ]);
      }
    },
  };
  expect((await runWith(rig, points)).code).toBe(0);
  rig.remove('wait');
  expect((await rig.run()).executed).toContain('make');
  await expectHealed(rig);
});

/** Adds to files that nobody should write to. */
function spoil(paths: readonly string[]): void {
  for (const path of paths) {
    chmodSync(path, 0o644);
    appendFileSync(path, 'evil');
  }
}

const blobsWith = (rig: Rig, is: (found: { readonly path: string; readonly size: number }) => boolean): string[] =>
  filesBelow(rig.path('cache/blobs'))
    .map((path) => rig.path(`cache/blobs/${path}`))
    .filter((path) => is({ path, size: statSync(path).size }));

const blobsOf = (rig: Rig, content: string): string[] =>
  blobsWith(rig, ({ path, size }) => size === content.length && readFileSync(path, 'utf8') === content);
