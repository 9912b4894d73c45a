import { describe, expect, test } from 'vitest';
import type { ActionFinished } from '../../src/history/event.ts';
import { makeRig, type Outcomes } from './rig.ts';
import { copyTask, gateParam, taskModule, waitForGate } from './task-module.ts';

type FailedAction = Extract<ActionFinished, { outcome: 'failed' }>;

const failureOf = (ran: Outcomes, action: string) => (ran.finished(action) as FailedAction).failure;

/** A pipeline of independent steps that run once, each with its own task. */
function independent(tasks: { readonly [name: string]: { module: string; more?: string } }) {
  const names = Object.keys(tasks);
  return makeRig({
    'pipeline.yaml': `steps:\n${names.map((name) => `  ${name}: { uses: ./${name}.ts${tasks[name]?.more ?? ''} }\n`).join('')}`,
    ...Object.fromEntries(names.map((name) => [`${name}.ts`, tasks[name]?.module ?? ''])),
  });
}

const oneColumn = `table({ description: 'Counts', columns: { n: { type: 'int64', description: 'How many' } } })`;
const writing = (columns: string) => ({
  module: taskModule(`await outputs.counts.write(${columns});`, { outputs: `counts: ${oneColumn}` }),
});

describe('a failing task', () => {
  test('is reported with its reason, and stops nothing else under --keep-going', async () => {
    const rig = independent({
      data: { module: taskModule(`log('looking'); throw new DataError('expected 3 rows, found 2');`) },
      bug: {
        module: taskModule(`\n\n    const nothing = null as unknown as string[];\n    log(nothing.length + '');`),
      },
      word: { module: taskModule(`throw 'a word';`) },
      nothing: { module: taskModule(`throw undefined;`) },
      twice: {
        module: taskModule(`
    void Promise.reject(new Error('nobody awaits this'));
    throw new DataError('the second rejection');`),
      },
      stray: {
        module: taskModule(`
    const stray = async () => { throw new Error('a stray promise'); };
    void stray();
    outputs.out.write(Buffer.from('done'));`),
      },
      exits: { module: taskModule(`process.exit(0);`) },
      unwritten: { module: taskModule(`log('forgets');`) },
      unawaited: { module: taskModule(`void outputs.counts.write({ n: [1] });`, { outputs: `counts: ${oneColumn}` }) },
      again: {
        module: taskModule(`await outputs.counts.write({ n: [1] }); await outputs.counts.write({ n: [2] });`, {
          outputs: `counts: ${oneColumn}`,
        }),
      },
      column: writing(`{ m: [1] } as never`),
      type: writing(`{ n: ['one'] } as never`),
      isNull: writing(`{ n: [1, null] } as never`),
      text: { module: taskModule(`outputs.out.write('text' as never);`) },
      both: {
        module: taskModule(
          `outputs.out.write(Buffer.from('one')); writeFileSync(outputs.out.path, 'two', { flag: 'a' });`,
        ),
      },
      late: {
        module: taskModule(
          `writeFileSync(outputs.out.path, 'half'); setImmediate(() => writeFileSync(outputs.out.path, 'the other', { flag: 'a' }));`,
        ),
      },
      lateInside: {
        module: taskModule(
          `const path = outputs.out.path + '/file'; writeFileSync(path, 'half'); setImmediate(() => writeFileSync(path, 'the other', { flag: 'a' }));`,
          { outputs: 'out: folder()' },
        ),
        more: ', retries: 1',
      },
      fine: { module: taskModule(`outputs.out.write(Buffer.from('fine'));`) },
    });
    const ran = await rig.run('--keep-going');
    expect(ran.code).toBe(1);
    expect(ran.executed).toEqual(['fine']);
    expect(rig.read('out/fine/out.txt')).toBe('fine');

    expect(failureOf(ran, 'data')).toEqual({ reason: 'data', message: 'expected 3 rows, found 2' });
    expect(ran.finished('data')).toMatchObject({ log: [{ level: 'info', message: 'looking' }] });
    const bug = failureOf(ran, 'bug');
    expect(bug).toMatchObject({ reason: 'threw', message: expect.stringContaining("reading 'length'") });
    // The author's file and line, so that an editor can open them.
    const line =
      rig
        .read('bug.ts')
        .split('\n')
        .findIndex((text) => text.includes('nothing.length')) + 1;
    expect(bug).toMatchObject({ stack: expect.stringContaining(`${rig.path('bug.ts')}:${line}:`) });
    expect(failureOf(ran, 'word')).toMatchObject({ reason: 'threw', message: 'a word' });
    expect(failureOf(ran, 'nothing')).toMatchObject({ reason: 'threw', message: 'undefined' });
    expect(['data', 'threw']).toContain(failureOf(ran, 'twice').reason);
    expect(failureOf(ran, 'stray')).toMatchObject({ reason: 'threw', message: 'a stray promise' });
    expect(failureOf(ran, 'exits')).toMatchObject({ reason: 'worker-died' });
    expect(failureOf(ran, 'unwritten')).toEqual({ reason: 'output-missing', port: 'out' });
    const invalid = (message: RegExp, port = 'counts') => ({
      reason: 'output-invalid',
      port,
      message: expect.stringMatching(message),
    });
    expect(failureOf(ran, 'unawaited')).toEqual(invalid(/awaited/));
    expect(failureOf(ran, 'again')).toEqual(invalid(/twice/));
    expect(failureOf(ran, 'column')).toEqual(invalid(/\bm\b/));
    expect(failureOf(ran, 'type')).toEqual(invalid(/\bn\b.*int64/));
    expect(failureOf(ran, 'isNull')).toEqual(invalid(/\bn\b.*null/));
    expect(failureOf(ran, 'text')).toEqual(invalid(/Uint8Array.*was given text: write Buffer/, 'out'));
    expect(failureOf(ran, 'both')).toEqual(invalid(/path/, 'out'));
    // Else the store would hold content under the digest of other content.
    expect(failureOf(ran, 'late')).toEqual(invalid(/after the task had ended/, 'out'));
    expect(failureOf(ran, 'lateInside')).toEqual(invalid(/after the task had ended/, 'out'));
    expect(ran.failed).toHaveLength(17);
  });

  test('that runs out of memory ends only its thread', async () => {
    const rig = independent({
      hungry: { module: taskModule(`const all: unknown[] = []; for (;;) all.push(new Array(1000).fill(all.length));`) },
      fine: { module: taskModule(`outputs.out.write(Buffer.from('fine'));`) },
    });
    const small = rig.around({ env: { NODE_OPTIONS: '--max-old-space-size=40' } });
    const ran = await small.run('--keep-going', '--jobs', '1');
    expect(failureOf(ran, 'hungry')).toEqual({ reason: 'worker-died', message: expect.stringContaining('memory') });
    expect(ran.executed).toEqual(['fine']);
  });

  test('that does not end is stopped after its timeout, busy or waiting', async () => {
    const rig = independent({
      busy: { module: taskModule('for (;;) {}'), more: ', timeout: 0.1' },
      waiting: {
        module: taskModule(
          'signal.throwIfAborted(); await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));',
        ),
        more: ', timeout: 60, resources: { time: 0.1 }',
      },
      // Ends early after an abort: its unfinished output must not be stored.
      obedient: {
        module: taskModule(`
    outputs.out.write(Buffer.from('half'));
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));`),
        more: ', timeout: 0.1',
      },
      // Longer than setTimeout allows.
      patient: {
        module: taskModule(`outputs.out.write(Buffer.from('x'));`),
        more: ', timeout: 1e9, resources: { memory: 900TB, cpus: 900 }',
      },
    });
    const ran = await rig.runHere('--keep-going', '--jobs', '4');
    expect(ran.failed).toEqual(['busy', 'obedient', 'waiting']);
    for (const name of ran.failed) {
      const of = name === 'waiting' ? 'time' : 'timeout';
      expect(failureOf(ran, name)).toEqual({ reason: 'timed-out', seconds: 0.1, of });
    }
    expect(ran.executed).toEqual(['patient']);
    // Memory is not part of the stored plan: another machine has more.
    const message = expect.stringMatching(/asks for 900000.0 GB of memory and there are \d/);
    expect(ran.events).toContainEqual({ type: 'action-log', action: 'patient', level: 'warning', message });
    expect(ran.finished('patient')).toMatchObject({ warnings: [] });
  });

  test('is tried again up to `retries` times, and the log is that of the last attempt', async () => {
    const rig = makeRig({
      'flaky.ts': taskModule(
        `
    const before = existsSync(params.counter) ? readFileSync(params.counter, 'utf8') : '';
    writeFileSync(params.counter, before + 'x');
    outputs.out.write(Buffer.from('attempt ' + before.length));
    if (before.length < 2) throw new DataError('not yet');
    log.warn('it took ' + before.length);`,
        { params: "counter: { type: 'string' }" },
      ),
    });
    rig.write(
      'pipeline.yaml',
      `steps:\n  flaky: { uses: ./flaky.ts, retries: 1, params: { counter: "${rig.path('count')}" } }\n`,
    );
    const first = await rig.runHere();
    expect(failureOf(first, 'flaky')).toEqual({ reason: 'data', message: 'not yet' });
    expect(rig.read('count')).toBe('xx');
    const second = await rig.runHere();
    expect(second.finished('flaky')).toMatchObject({ outcome: 'executed', warnings: ['it took 2'] });
    expect(rig.read('out/flaky/out.txt')).toBe('attempt 2');
    // These settings are not part of the key.
    rig.edit('pipeline.yaml', 'retries: 1', 'retries: 3, timeout: 60, resources: { cpus: 2, memory: 1GB, time: 1h }');
    expect((await rig.run()).executed).toEqual([]);
  });
});

const chain = {
  'pipeline.yaml': `
each: { recording: [a, b, c] }
steps:
  first:
    uses: ./first.ts
    each: recording
    inputs: { from: { file: "data/{recording}" } }
  second: { uses: ./second.ts, each: recording, inputs: { from: first.out } }
  strict: { uses: ./list.ts, inputs: { all: second.out } }
  partial: { uses: ./list.ts, inputs: { all: { from: second.out, partial: true } }, params: { as: another } }
`,
  'first.ts': taskModule(
    `
    const text = readFileSync(inputs.from, 'utf8');
    if (text.includes('bad')) throw new DataError('it is ' + text);
    outputs.out.write(Buffer.from(text));`,
    { inputs: 'from: file()' },
  ),
  'second.ts': copyTask,
  'list.ts': taskModule(
    `outputs.out.write(Buffer.from(inputs.all.map(({ recording, value }) => recording + '=' + readFileSync(value)).join()));`,
    { inputs: 'all: gathered(file())', params: "as: { type: 'string', default: '' }" },
  ),
  'data/a': 'A',
  'data/b': 'B',
  'data/c': 'C',
};

describe('a failure', () => {
  test('stops all actions that have not begun; with --keep-going only its dependents', async () => {
    const rig = makeRig(chain);
    await rig.runHere();
    expect(rig.read('out/partial/out.txt')).toBe('a=A,b=B,c=C');

    rig.write('data/a', 'bad');
    rig.write('data/b', 'B2');
    const stopped = await rig.run('--jobs', '1');
    expect(stopped.code).toBe(1);
    expect(stopped.failed).toEqual(['first@a']);
    expect(stopped.executed).toEqual([]);
    // Failed and blocked actions lose their folders, the others keep theirs.
    expect(stopped.blocked).toEqual(['partial', 'second@a', 'strict']);
    for (const gone of ['first/a', 'second/a', 'strict', 'partial']) expect(rig.exists(`out/${gone}`)).toBe(false);
    expect(rig.read('out/first/b/out.txt')).toBe('B');
    expect(stopped.events.at(-1)).toMatchObject({ type: 'run-finished', failed: 1, blocked: 3 });

    const going = await rig.runHere('--keep-going');
    expect(going.failed).toEqual(['first@a']);
    expect(going.executed).toEqual(['first@b', 'partial', 'second@b']);
    expect(going.reused).toEqual(['first@c', 'second@c']);
    expect(going.finished('second@a')).toMatchObject({ outcome: 'blocked', by: ['first@a'] });
    expect(going.finished('strict')).toMatchObject({ outcome: 'blocked', by: ['first@a'] });
    expect(rig.read('out/partial/out.txt')).toBe('b=B2,c=C');
    expect(rig.exists('out/strict')).toBe(false);

    // The gathered recordings are part of the key.
    rig.write('data/a', 'A');
    const mended = await rig.runHere('--keep-going');
    expect(mended.failed).toEqual([]);
    expect(mended.executed).toEqual(['partial', 'strict']);
    expect(rig.read('out/partial/out.txt')).toBe('a=A,b=B2,c=C');
  });

  test('is listed at the end with a command that reproduces it', async () => {
    const rig = makeRig({ ...chain, 'data/a': 'bad A', 'data/c': 'bad C' });
    const words = [
      '--keep-going',
      '--store',
      rig.path("the store's"),
      '--out',
      'shown here',
      '--each',
      'recording=c,a,b',
    ];
    const { code, stderr, stdout } = await rig.groundproof('run', ...words);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    const commands = lines.flatMap((line) => /reproduce with: groundproof (.*)/.exec(line)?.[1] ?? []);
    expect(commands).toHaveLength(2);
    expect(lines.filter((line) => /^failed first@[ac]: it is bad [AC]$/.test(line))).toHaveLength(2);
    for (const command of commands) {
      const unquoted = [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll(`'\\''`, `'`) ?? plain ?? '',
      );
      const again = await rig.groundproof(...unquoted);
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(/it is bad/);
      expect(again.stderr).toContain('1 failed');
    }
    // Nothing was made outside the given folders.
    expect(rig.exists('cache')).toBe(false);
    expect(rig.exists('out')).toBe(false);
  });
});

describe('input files', () => {
  test('that are missing, of the wrong kind or deleted later are reported', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  copy: { uses: ./copy.ts, inputs: { from: { file: x } } }\n',
      'copy.ts': copyTask,
    });
    const missing = await rig.runHere('--keep-going');
    expect(failureOf(missing, 'copy')).toEqual({ reason: 'input-missing', port: 'from', path: 'x' });
    rig.write('x/file', 'in a folder');
    expect(failureOf(await rig.runHere(), 'copy')).toMatchObject({ reason: 'input-kind', expected: 'file' });
    rig.remove('x');
    rig.write('x', 'content');
    expect((await rig.runHere()).executed).toEqual(['copy']);
    rig.remove('x');
    const gone = await rig.runHere('--keep-going');
    expect(failureOf(gone, 'copy')).toMatchObject({ reason: 'input-missing' });
    // Earlier results stay in out/: the name may be mistyped.
    expect(rig.read('out/copy/out.txt')).toBe('content');
    rig.write('x', 'content');
    expect((await rig.runHere()).reused).toEqual(['copy']);
    expect(rig.read('out/copy/out.txt')).toBe('content');
  });

  describe('that are optional', () => {
    const copy = taskModule(`outputs.out.write(Buffer.from(inputs.from ? readFileSync(inputs.from) : 'none'));`, {
      inputs: 'from: file({ optional: true })',
    });

    test('and named for each recording may be absent, appear and disappear again', async () => {
      const rig = makeRig({
        'pipeline.yaml': JSON.stringify({
          each: { recording: ['a', 'b'] },
          steps: { copy: { uses: './copy.ts', each: 'recording', inputs: { from: { file: 'extra/{recording}' } } } },
        }),
        'copy.ts': copy,
        'extra/a': 'here',
      });
      const without = 'input from: there is no file extra/b; going on without it';
      const first = await rig.groundproof('run');
      expect(first.stderr.split(without).length).toBe(2);
      expect([rig.read('out/copy/a/out.txt'), rig.read('out/copy/b/out.txt')]).toEqual(['here', 'none']);
      const second = await rig.runHere();
      expect(second.reused).toEqual(['copy@a', 'copy@b']);
      expect(second.finished('copy@b')).toMatchObject({ warnings: [without] });
      // Another action is executed, so this run does not take the fast path.
      rig.write('extra/a', 'there');
      const third = await rig.runHere();
      expect(third.executed).toEqual(['copy@a']);
      expect(third.finished('copy@b')).toMatchObject({ outcome: 'reused', warnings: [without] });
      rig.write('extra/b', 'too');
      const appeared = await rig.runHere();
      expect(appeared.finished('copy@b')).toMatchObject({
        outcome: 'executed',
        why: [{ cause: 'input-changed', port: 'from', source: 'extra/b', from: null }],
        warnings: [],
      });
      rig.remove('extra/b');
      expect((await rig.runHere()).reused).toEqual(['copy@a', 'copy@b']);
      expect(rig.read('out/copy/b/out.txt')).toBe('none');
    });

    test('but named outright must exist', async () => {
      const rig = makeRig({
        'pipeline.yaml': 'steps:\n  copy: { uses: ./copy.ts, inputs: { from: { file: extra/x } } }\n',
        'copy.ts': copy,
      });
      expect(failureOf(await rig.runHere('--keep-going'), 'copy')).toEqual({
        reason: 'input-missing',
        port: 'from',
        path: 'extra/x',
      });
      rig.edit('pipeline.yaml', ', inputs: { from: { file: extra/x } }', '');
      expect((await rig.runHere()).executed).toEqual(['copy']);
      expect(rig.read('out/copy/out.txt')).toBe('none');
    });
  });

  test.each([
    ['a task', { uses: './cut.ts' }],
    [
      'a command',
      { shell: 'truncate -s 2 {inputs.from}; cp {inputs.from} {outputs.out}; exit 3', outputs: { out: '.txt' } },
    ],
  ])('that are cut off while %s reads them are reported as such, without the consequences', async (_, step) => {
    const rig = makeRig({
      'cut.ts': taskModule(
        "truncateSync(inputs.from, 2);\n    throw new DataError(readFileSync(inputs.from, 'utf8') + ' is cut off');",
        { inputs: 'from: file()' },
      ).replace('readFileSync,', 'readFileSync, truncateSync,'),
      'pipeline.yaml': JSON.stringify({ steps: { cut: { ...step, inputs: { from: { file: 'x' } } } } }),
      x: 'whole',
    });
    const ran = await rig.runHere();
    expect(failureOf(ran, 'cut')).toMatchObject({ reason: 'input-changed', port: 'from', path: 'x' });
    expect(rig.exists('out/cut')).toBe(false);
    // The step cuts its input to the same length again: that is a change too.
    expect(failureOf(await rig.runHere(), 'cut')).toMatchObject({ reason: 'input-changed' });
  });

  test('that change while a task reads them discard its outputs', async () => {
    const rig = makeRig({
      'slow.ts': taskModule(`log.warn('begun');${waitForGate}\n    outputs.out.write(readFileSync(inputs.from));`, {
        inputs: 'from: file()',
        params: gateParam,
      }),
      x: 'before',
    });
    rig.write(
      'pipeline.yaml',
      `steps:\n  slow: { uses: ./slow.ts, inputs: { from: { file: x } }, params: { gate: "${rig.path('gate')}" } }\n`,
    );
    const running = rig.start('run');
    await running.printed('begun');
    rig.write('x', 'after!');
    rig.write('gate', '');
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('x was changed while the task read it');
    expect((await rig.runHere()).executed).toEqual(['slow']);
    expect(rig.read('out/slow/out.txt')).toBe('after!');
  });
});
