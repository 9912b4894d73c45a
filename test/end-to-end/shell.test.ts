import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ActionFinished } from '../../src/history/event.ts';
import { isAlive } from '../../src/store/process.ts';
import { makeRig } from './rig.ts';
import { taskModule } from './task-module.ts';

type FailedAction = Extract<ActionFinished, { outcome: 'failed' }>;

/** A pipeline as JSON, which is YAML, so that values need no quotes. */
const pipeline = (steps: object, more: object = {}) => JSON.stringify({ ...more, steps });

const hostile = {
  dollar: `$(touch pwned) \`touch pwned\` $HOME \${HOME}`,
  quotes: `it's "quoted" \\" \\' \\`,
  operators: '; touch pwned & touch pwned | touch pwned > pwned < /etc/passwd && touch pwned',
  globs: '* ? [a-z] {a,b} ~ ~root !! #not a comment',
  lines: 'one\ntwo\r\nthree\ttab\n',
  spaces: '  leading and trailing  ',
  dash: '-n',
  dashes: '--help',
  unicode: 'Grüße, 世界 🧠 e\u0301 \u202e',
  empty: '',
  control: 'bell \u0007 escape \u001b[31m',
  braces: '{inputs.text} {params.dollar} {outputs.said}',
  percent: '%s %d \\n',
  number: 0.1,
  flag: false,
  nothing: null,
};

/** A killed process may exist for a moment, until its parent has noticed. */
const expectEnded = (pid: number) => expect.poll(() => isAlive({ pid, started: '' })).toBe(false);

test('a command receives every value unchanged', async () => {
  const names = Object.keys(hostile);
  const rig = makeRig({
    'say.py': 'import json, sys\njson.dump(sys.argv[2:], open(sys.argv[1], "w"))\n',
    'pipeline.yaml': pipeline({
      echo: {
        // Every value as a separate word, and as part of a word.
        shell: `python3 -S {inputs.say} {outputs.said} ${names.map((name) => `{params.${name}} --x={params.${name}}`).join(' ')}`,
        inputs: { say: { file: 'say.py' } },
        params: hostile,
        outputs: { said: '.json' },
      },
    }),
  });
  const ran = await rig.runHere();
  expect(ran.executed).toEqual(['echo']);
  const expected = Object.values(hostile).map((value) => (value === null ? '' : String(value)));
  expect(JSON.parse(rig.read('out/echo/said.json'))).toEqual(expected.flatMap((value) => [value, `--x=${value}`]));
  expect(rig.exists('pwned')).toBe(false);
});

test('a command with cwd: project runs in the folder of the pipeline, with the HOME of the user', async () => {
  const rig = makeRig({
    'here/there.txt': '',
    'here/pipeline.yaml': pipeline({
      look: {
        shell: 'env > {outputs.env}; ls > {outputs.files}; pwd > {outputs.cwd}; ! read -r line',
        cwd: 'project',
        outputs: { env: '.txt', files: '.txt', cwd: '.txt' },
        env: { DECLARED: 'a "b" $c' },
      },
    }),
  });
  const around = rig.around({
    cwd: '/',
    // zx would obey its own variables.
    env: { SECRET: 's', ZX_POSTFIX: '; exit 3', ZX_PREFIX: 'exit 4;', ZX_PREFER_LOCAL: 'true', ZX_SHELL: '/bin/false' },
  });
  const ran = await around.run(rig.path('here/pipeline.yaml'));
  expect(ran.executed).toEqual(['look']);
  const env = Object.fromEntries(
    rig
      .read('here/out/look/env.txt')
      .trimEnd()
      .split('\n')
      .map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  );
  // Bash itself sets three: PWD, SHLVL, _.
  const names = ['DECLARED', 'HOME', 'LANG', 'PATH', 'PWD', 'SHLVL', 'TMPDIR', 'TZ', '_'];
  expect(Object.keys(env).sort()).toEqual(names);
  expect(env).toMatchObject({ DECLARED: 'a "b" $c', HOME: process.env.HOME, PATH: process.env.PATH });
  expect(rig.read('here/out/look/cwd.txt')).toBe(`${rig.path('here')}\n`);
  expect(rig.read('here/out/look/files.txt')).toContain('there.txt');
});

test('a failing command is reported with its exit code, a failing pipe, an unset variable or a missing output', async () => {
  const step = (shell: string, more = {}) => ({ shell: `${shell} # {outputs.o}`, outputs: { o: '.txt' }, ...more });
  const rig = makeRig({
    'pipeline.yaml': pipeline({
      code: step('echo out; echo err >&2; exit 7'),
      pipe: step('false | true'),
      middle: step('false; true'),
      unset: step('echo "$NOT_THERE"'),
      unknown: step('no-such-program-anywhere'),
      killed: step('kill -9 $$'),
      forgets: step('true'),
      long: step('/bin/echo {params.x}', { params: { x: 'x'.repeat(200_000) } }),
      makesFolder: { shell: 'mkdir {outputs.o}', outputs: { o: '.txt' } },
      background: {
        shell: '(echo $BASHPID > late; sleep 50; touch too-late) > /dev/null 2>&1 & echo done > {outputs.o}',
        cwd: 'project',
        outputs: { o: '.txt' },
      },
      stubborn: step("trap '' TERM; echo $$ > pid; while true; do sleep 0.05; done", { timeout: 0.3, cwd: 'project' }),
    }),
  });
  const ran = await rig.runHere('--keep-going', '--jobs', '5');
  expect(ran.executed).toEqual([]);
  const failure = (action: string) => (ran.finished(action) as FailedAction).failure;
  const ended = (exitCode: number) => ({ reason: 'shell', exitCode, signal: null });
  expect(failure('code')).toEqual(ended(7));
  expect(failure('long')).toEqual(ended(126));
  expect((ran.finished('long') as FailedAction).log[0]?.message).toMatch(/Argument list too long/);
  expect(failure('background')).toEqual({ reason: 'still-running', processes: ['bash', 'sleep'] });
  const { log } = ran.finished('code') as FailedAction;
  expect(log.map(({ message }) => message).sort()).toEqual(['err', 'out']);
  for (const action of ['pipe', 'middle', 'unset']) expect(failure(action)).toEqual(ended(1));
  expect(failure('unknown')).toEqual(ended(127));
  expect(failure('killed')).toEqual({ reason: 'shell', exitCode: null, signal: 'SIGKILL' });
  expect(failure('forgets')).toEqual({
    reason: 'output-missing',
    port: 'o',
    optional: '{ file: .txt, optional: true }',
  });
  expect(failure('makesFolder')).toMatchObject({ reason: 'output-invalid', port: 'o' });
  expect(failure('stubborn')).toEqual({ reason: 'timed-out', seconds: 0.3, of: 'timeout' });
  // No process that a command started outlives it.
  for (const file of ['pid', 'late']) await expectEnded(Number(rig.read(file)));
  expect(rig.exists('too-late')).toBe(false);
});

test('a time limit ends processes that a command left in another group with its output open', async () => {
  const rig = makeRig({
    'pipeline.yaml': pipeline({
      daemon: {
        shell: 'setsid sh -c "echo \\$\\$ > pid; exec sleep 600" & echo said; echo made > {outputs.o}',
        outputs: { o: '.txt' },
        timeout: 1,
        cwd: 'project',
      },
    }),
  });
  const daemon = (await rig.run()).finished('daemon') as FailedAction;
  expect(daemon.failure).toEqual({ reason: 'timed-out', seconds: 1, of: 'timeout' });
  expect(daemon.log).toEqual([{ level: 'info', message: 'said' }]);
  await expectEnded(Number(rig.read('pid')));
});

test('a second Ctrl-C leaves no command behind', async () => {
  const rig = makeRig({
    'pipeline.yaml': pipeline({
      stubborn: {
        shell: "trap '' TERM; echo $$ > pid; echo begun; sleep 20 & wait; wait # {outputs.o}",
        cwd: 'project',
        outputs: { o: '.txt' },
      },
    }),
  });
  const running = rig.start('run', '--reporter', 'json');
  await running.printed('begun');
  running.kill('SIGINT');
  await running.printed('stopping');
  running.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  await expectEnded(Number(rig.read('pid')));
});

test.each(['SIGHUP', 'SIGKILL'] as const)(
  '%s to the run leaves no command behind in any process group',
  async (signal) => {
    const rig = makeRig({
      'pipeline.yaml': pipeline({
        away: {
          shell: 'setsid sleep 600 & echo $! > pid; echo $$ >> pid; echo begun; sleep 600; wait # {outputs.o}',
          cwd: 'project',
          outputs: { o: '.txt' },
        },
      }),
    });
    const running = rig.start('run', '--reporter', 'json');
    await running.printed('begun');
    running.kill(signal);
    await running.ended;
    for (const pid of rig.read('pid').trim().split('\n')) await expectEnded(Number(pid));
  },
);

test('inputs have the extensions of their sources, and gathered inputs are several words', async () => {
  const rig = makeRig({
    'sort.py': 'print(0)',
    'data/a b.v1.csv': 'x',
    'pipeline.yaml': pipeline(
      {
        make: {
          shell: "printf %s {recording} > {outputs.o}; echo '{recording}' > /dev/null",
          each: 'recording',
          outputs: { o: '.npz' },
        },
        folder: { uses: './folder.ts' },
        look: {
          shell:
            'for word in {inputs.script} {inputs.all} {inputs.data} {inputs.folder}; do basename "$word"; done > {outputs.names}; cat {inputs.all} {inputs.folder}/sub/x > {outputs.content}',
          inputs: {
            script: { file: 'sort.py' },
            data: { file: 'data/a b.v1.csv' },
            all: 'make.o',
            folder: 'folder.out',
          },
          outputs: { names: '.txt', content: '.txt' },
        },
      },
      { each: { recording: ['r2', 'r1'] } },
    ).replace("; echo '{recording}' > /dev/null", ''),
    'folder.ts': taskModule(`mkdirSync(outputs.out.path + '/sub'); writeFileSync(outputs.out.path + '/sub/x', '!');`, {
      outputs: 'out: folder()',
    }),
  });
  expect((await rig.runHere()).failed).toEqual([]);
  expect(rig.read('out/look/names.txt')).toBe('script.py\nr2.npz\nr1.npz\ndata.csv\nfolder\n');
  expect(rig.read('out/look/content.txt')).toBe('r2r1!');
});

test('a changed command, environment, script or parameter reruns a step, and an unused recording name does not', async () => {
  const rig = makeRig({
    'script.sh': 'echo "$LEVEL" "$1"',
    'data/a': 'same',
    'data/b': 'same',
    'pipeline.yaml': `
each: { recording: [a, b] }
steps:
  named: { shell: "echo {recording} > {outputs.o}", each: recording, outputs: { o: .txt } }
  same: { shell: "cat {inputs.d} > {outputs.o}", each: recording, inputs: { d: { file: "data/{recording}" } }, outputs: { o: .txt } }
  script:
    shell: "bash {inputs.script} {params.word} > {outputs.o}"
    inputs: { script: { file: script.sh } }
    params: { word: one }
    outputs: { o: .txt }
    env: { LEVEL: "1" }
`,
  });
  const first = await rig.runHere('--jobs', '1');
  expect(first.executed).toEqual(['named@a', 'named@b', 'same@a', 'script']);
  expect(first.reused).toEqual(['same@b']);
  expect(rig.read('out/named/b/o.txt')).toBe('b\n');
  const steps: [edit: () => void, why: object, output: string][] = [
    [() => rig.edit('pipeline.yaml', 'word: one', 'word: two'), { cause: 'param-changed', param: 'word' }, '1 two\n'],
    [() => rig.edit('pipeline.yaml', 'LEVEL: "1"', 'LEVEL: "2"'), { cause: 'env-changed', name: 'LEVEL' }, '2 two\n'],
    [() => rig.edit('script.sh', '"$1"', '"$1" "$1"'), { cause: 'input-changed', source: 'script.sh' }, '2 two two\n'],
    [() => rig.edit('pipeline.yaml', 'bash {inputs', 'sh {inputs'), { cause: 'command-changed' }, '2 two two\n'],
    [() => rig.edit('pipeline.yaml', 'word: two', 'word: "two"'), {}, '2 two two\n'],
  ];
  for (const [edit, why, output] of steps) {
    edit();
    const ran = await rig.runHere();
    if ('cause' in why) expect(ran.finished('script')).toMatchObject({ outcome: 'executed', why: [why] });
    expect(ran.executed).toEqual('cause' in why ? ['script'] : []);
    expect(rig.read('out/script/o.txt')).toBe(output);
  }
});

test('an input name cannot move a staged file elsewhere', async () => {
  const rig = makeRig({
    x: 'x',
    'pipeline.yaml': pipeline({
      evil: {
        shell: 'cat {inputs.../../../../evil} > {outputs.o}',
        inputs: { '../../../../evil': { file: 'x' } },
        outputs: { o: '.txt' },
      },
    }),
  });
  const { code, stderr } = await rig.groundproof('run');
  expect(code).toBe(2);
  expect(stderr).toContain('../../../../evil');
  expect(readdirSync(rig.folder)).not.toContain('evil');
});

test('a flood of output keeps the ends of the log and little memory', async () => {
  const rig = makeRig({
    'pipeline.yaml': pipeline({
      flood: {
        shell:
          'head -c 100000000 /dev/zero | tr "\\0" "x" | fold -w 9999; echo; echo last; echo x > {outputs.o}; exit 3',
        outputs: { o: '.txt' },
      },
    }),
  });
  const ran = await rig.around({ env: { NODE_OPTIONS: '--max-old-space-size=64' } }).run();
  const { log } = ran.finished('flood') as FailedAction;
  expect(log.length).toBeLessThan(5000);
  expect(log.at(-1)).toMatchObject({ message: 'last' });
  expect(log[0]?.message.length).toBeLessThan(5000);
});
