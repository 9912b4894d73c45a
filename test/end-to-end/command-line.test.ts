import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { eventsSchema } from '../../schemas/events.ts';
import { makeRig } from './rig.ts';
import { copyTask, taskModule } from './task-module.ts';
import { ALL, wordsProject } from './words-project.ts';

const COMMAND = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const writeParams = taskModule('outputs.out.write(Buffer.from(JSON.stringify(params)));', {
  params: "list: { type: 'array' }, text: { type: ['string', 'null'] }, number: { type: 'number', default: 1 }",
});

/** A fast project: a single task that writes its parameters. */
const small = {
  'pipeline.yaml': 'steps:\n  show: { uses: ./show.ts, params: { list: [1], text: t } }\n',
  'show.ts': writeParams,
  'folder.yaml/README.md': '',
};

describe('a wrong command line ends with 2, explains itself on stderr, and makes nothing', () => {
  const wrong: [words: string[], says: RegExp][] = [
    [['run', '--job', '3'], /unknown option '--job'[\s\S]*--jobs/],
    [['rum'], /unknown command 'rum'[\s\S]*run/],
    [[], /Usage: groundproof/],
    [['run', 'shwo'], /no step or action shwo; did you mean show\?/],
    [['plan', 'show@x', 'nowhere-near'], /show@x[\s\S]*nowhere-near/],
    [['run', 'nothere.yaml'], /there is no pipeline .*nothere\.yaml/],
    [['run', 'folder.yaml'], /folder\.yaml is a folder/],
    [['run', '--jobs', '0'], /--jobs.*1 or more/],
    [['run', '--jobs', 'many'], /--jobs/],
    [['run', '--reporter', 'fancy'], /pretty, plain, json/],
    [['run', '--set'], /--set/],
    [
      ['run', '--set', 'show.nmber=1', '--set', 'show.number=one'],
      /'nmber'[\s\S]*did you mean 'number'[\s\S]*2 mistakes/,
    ],
    [['plan', '--each', 'recording=a,,b'], /--each: a recording has no name/],
    [['graph', '--each', 'recording=../../etc'], /recording's name/],
    [['graph', '--format', 'png'], /text, mermaid, dot, json/],
    [['graph', 'shwo'], /did you mean show/],
    [['run', 'shwo+'], /no step or action shwo\+; did you mean show\+\?/],
    [['run', 'shwo*'], /no step or action matches shwo\*; did you mean show\?/],
    [['plan', '*@2017*'], /matches \*@2017\*; groundproof graph shows what there is/],
    [['run', '--skip', 'shwo'], /no step or action shwo; did you mean show\?/],
    [['sweep', '--set', 'show.number=1,2', '--skip', 'shwo'], /did you mean show\?/],
    [['verify', '--skip', 'shwo'], /did you mean show\?/],
    [['lock', '--skip', 'shwo'], /did you mean show\?/],
    [['run', '--skip', 'sh*'], /nothing is left to do: every target is skipped, .*\(--skip sh\*\)/],
    [['run', '--skip'], /--skip/],
  ];

  test('for each kind of mistake', async () => {
    const rig = makeRig(small);
    for (const [words, says] of wrong) {
      const { code, stdout, stderr } = await rig.groundproof(...words);
      expect.soft(stderr, words.join(' ')).toMatch(says);
      expect.soft(stderr, words.join(' ')).not.toMatch(/\n +at /);
      expect.soft({ code, stdout }, words.join(' ')).toEqual({ code: 2, stdout: '' });
    }
    expect(
      readdirSync(rig.folder)
        .filter((name) => name !== 'cache')
        .sort(),
    ).toEqual(['folder.yaml', 'pipeline.yaml', 'show.ts']);
  });

  test('for several mistakes at once', async () => {
    const rig = makeRig(small);
    const set = ['sow.number=1', 'show.number=', 'number', 'show.list=[1, '].flatMap((text) => ['--set', text]);
    const { code, stderr } = await rig.groundproof('run', '--profile', 'fast', '--each', 'recordings=a', ...set);
    expect(code).toBe(2);
    for (const says of [
      "--profile: there is no profile 'fast'",
      "--each: this must be 'recording='",
      "--set: there is no step 'sow'",
      "did you mean 'show'?",
      "--set: no value is given for 'show.number'",
      '--set: this must be step.parameter=value',
      '6 mistakes',
    ]) {
      expect.soft(stderr).toContain(says);
    }
  });

  test('and reports all mistakes of a pipeline in the order of the file', async () => {
    const rig = makeRig({
      'pipeline.yaml': `name: x
steps:
  show: { uses: ./show.ts, parms: {} }
  shwo: { uses: ./shwo.ts }
  other:
    uses: ./show.ts
    inputs: { a: show.ot }
    params: { nmber: 1 }
  loop: { shell: "cat {inputs.a} > {outputs.o}", inputs: { a: pool.o }, outputs: { o: .txt } }
  pool: { shell: "cat {inputs.a} > {outputs.o}", inputs: { a: loop.o }, outputs: { o: .txt } }
`,
      'show.ts': writeParams,
    });
    const { code, stdout, stderr } = await rig.groundproof('run');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const places = [...stderr.matchAll(/^pipeline\.yaml:(\d+):(\d+):/gm)].map(([, line]) => Number(line));
    expect(new Set(places)).toEqual(new Set([3, 4, 7, 8, 9]));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(stderr).toMatch(/~~~/);
    expect(stderr).toMatch(/'nmber'[\s\S]*did you mean 'number'/);
    expect(stderr).toMatch(/loop[\s\S]*pool/);
    expect(stderr).toMatch(/\d mistakes\n$/);
    expect(rig.exists('out')).toBe(false);
  });

  test('a task module that prints, exits or starts a program while loading does not disturb the command', async () => {
    const print = "console.log('{}'); process.stdout.write('printed'); setInterval(() => {}, 1000);\n";
    const rig = makeRig({ ...small, 'show.ts': print + writeParams });
    const ran = await rig.run();
    expect(ran.executed).toEqual(['show']);
    rig.write('show.ts', `process.exit(0);\n${writeParams}`);
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(2);
    expect(stderr).toMatch(/task '\.\/show\.ts' cannot be used: loading it ends its process/);
  });
});

describe('folders of other programs', () => {
  test('are refused and untouched', async () => {
    const rig = makeRig({ ...small, 'photos/img.jpg': 'jpg', 'thesis/results/x': 'y', 'a-file': '' });
    const refused: [words: string[], says: string][] = [
      [['--out', 'photos'], 'photos is not an out folder of groundproof'],
      [['--out', 'thesis'], 'thesis is not an out folder'],
      [['--out', 'a-file'], 'a-file'],
      [['--store', 'photos'], 'photos is not a store'],
      [['--store', 'a-file'], 'a-file is not a store'],
    ];
    for (const [words, says] of refused) {
      const { code, stderr } = await rig.groundproof('run', ...words);
      expect.soft(stderr).toContain(says);
      expect.soft(code, words.join(' ')).toBe(2);
    }
    for (const command of ['run', 'plan', 'graph']) {
      const { code, stderr } = await rig.groundproof(command, '--store', 'a-file');
      expect.soft(code, command).not.toBe(0);
      expect.soft(stderr, command).not.toMatch(/\n +at /);
    }
    expect(readdirSync(rig.path('photos'))).toEqual(['img.jpg']);
    expect(readdirSync(rig.path('thesis'))).toEqual(['results']);
    // A foreign file stays in place of a result; all other results are shown.
    rig.write('out/.keep', '');
    expect((await rig.groundproof('run')).code).toBe(2);
    rig.remove('out');
    await rig.run();
    rig.remove('out/show');
    rig.write('out/show', 'mine');
    const inTheWay = await rig.groundproof('run');
    expect(inTheWay.code).toBe(1);
    expect(inTheWay.stderr).toContain(`${rig.path('out/show')} was not written by groundproof`);
    expect(rig.read('out/show')).toBe('mine');
  });

  test('the command refuses a setting under the earlier name, and gives the new name', async () => {
    const rig = makeRig(small);
    const { code, stderr } = await rig.around({ env: { GROUNDWORK_STORE: rig.path('elsewhere') } }).groundproof('run');
    expect(code).toBe(2);
    expect(stderr).toContain('rename GROUNDWORK_STORE to GROUNDPROOF_STORE');
    expect(rig.exists('cache')).toBe(false);
  });

  test('the command refuses a store of a newer version, and says how to go on', async () => {
    const rig = makeRig({ ...small, 'cache/format': '99\n' });
    const { code, stderr } = await rig.groundproof('run');
    expect(code).toBe(2);
    expect(stderr).toMatch(/format 99.*update groundproof/);
    expect(readdirSync(rig.path('cache'))).toEqual(['format']);
  });
});

describe('paths', () => {
  test('of a pipeline in another folder: store and out/ lie beside it, other paths are relative to the working folder', async () => {
    const rig = makeRig({
      'project/deep/my.yml': 'steps:\n  copy: { uses: ../copy.ts, inputs: { from: { file: x } } }\n',
      'project/deep/x': 'content',
      'project/copy.ts': copyTask,
      'elsewhere/x': 'not this one',
    });
    const elsewhere = rig.around({ cwd: rig.path('elsewhere') });
    expect((await elsewhere.run('../project/deep/my.yml', 'copy')).executed).toEqual(['copy']);
    expect(rig.read('project/deep/out/copy/out.txt')).toBe('content');
    expect(rig.exists('project/deep/cache/results')).toBe(true);
    expect((await elsewhere.run('../project/deep/my.yml', '--out', 'here')).executed).toEqual([]);
    expect(rig.read('elsewhere/here/copy/out.txt')).toBe('content');
    expect(readdirSync(rig.path('elsewhere')).sort()).toEqual(['here', 'x']);
  });

  test('of the store come from --store, else from GROUNDPROOF_STORE unless it is empty', async () => {
    const rig = makeRig(small);
    await rig.around({ env: { GROUNDPROOF_STORE: 'of env' } }).run();
    expect(rig.exists('of env/results')).toBe(true);
    const both = rig.around({ env: { GROUNDPROOF_STORE: rig.path('of env') } });
    expect((await both.run()).executed).toEqual([]);
    expect((await both.run('--store', 'of option')).executed).toEqual(['show']);
    expect(rig.exists('cache')).toBe(false);
    await rig.around({ env: { GROUNDPROOF_STORE: '' } }).run();
    expect(rig.exists('cache/results')).toBe(true);
  });
});

describe('parameters', () => {
  test('come from --profile, then from --set, whose values are YAML', async () => {
    const rig = makeRig({
      ...small,
      'pipeline.yaml': `${small['pipeline.yaml']}profiles:\n  other: { steps: { show: { params: { number: 5, text: null } } } }\n`,
    });
    const shown = async (...words: string[]) => {
      expect((await rig.runHere(...words)).failed).toEqual([]);
      return JSON.parse(rig.read('out/show/out.txt'));
    };
    expect(await shown()).toEqual({ list: [1], text: 't', number: 1 });
    const values = [
      '--set',
      'show.list=[1, two, null, {a: 3}]',
      '--set',
      'show.number=1e-3',
      '--set',
      'show.text=null',
    ];
    expect(await shown(...values)).toEqual({ list: [1, 'two', null, { a: 3 }], text: null, number: 0.001 });
    expect(await shown('--set', 'show.text="no: 1"', '--set', "show.text='7'")).toMatchObject({ text: '7' });
    // null in a profile removes a parameter, and text has no default.
    expect((await rig.groundproof('run', '--profile', 'other')).stderr).toContain("'text'");
    expect(await shown('--profile', 'other', '--set', 'show.text=x')).toEqual({ list: [1], text: 'x', number: 5 });
  });
});

describe('the output', () => {
  test('has results on stdout and everything else on stderr', async () => {
    const rig = makeRig(wordsProject);
    const { stdout, stderr } = await rig.groundproof('run');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['recording', 'verdict'],
      ['a', 'enough'],
      ['b', 'too few'],
    ]);
    expect(stderr).toContain('5 executed, 0 reused');
    // A run with nothing to do prints the same table.
    const again = await rig.groundproof('run');
    expect(again.stdout).toBe(stdout);
    expect(again.stderr).toContain('0 executed, 5 reused');
    const help = await rig.groundproof('run', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--keep-going');
    expect(await rig.groundproof('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('may end in a closed pipe without an error', () => {
    const rig = makeRig(small);
    const shell = (command: string) =>
      spawnSync('bash', ['-c', `set -o pipefail; ${command}`], { cwd: rig.folder, encoding: 'utf8' });
    const groundproof = `${process.execPath} ${COMMAND}`;
    expect(shell(`${groundproof} plan | true`)).toMatchObject({ status: 0, stderr: '' });
    expect(shell(`${groundproof} run 2>&1 | true`).stderr).toBe('');
    expect(shell(`${groundproof} graph --format json | head -1`)).toMatchObject({
      status: 0,
      stdout: '{\n',
      stderr: '',
    });
  });

  test('of --reporter json follows schemas/events.ts in every line', async () => {
    const valid = new Ajv2020({ allowUnionTypes: true, strictTypes: false }).compile(eventsSchema);
    const rig = makeRig({
      ...wordsProject,
      'tasks/gather.ts': wordsProject['tasks/gather.ts'].replace(
        'async run({ inputs, outputs }) {',
        "async run({ inputs, outputs, log, progress }) {\n    progress(0.5); progress(Number.NaN); progress(7); log(undefined as never); log.warn('w');",
      ),
    });
    const seen = new Set<string>();
    const check = (events: readonly { type: string }[]) => {
      for (const event of events) {
        const type = 'outcome' in event ? `${event.type} ${event.outcome}` : event.type;
        seen.add('decision' in event ? `${type} ${event.decision}` : type);
        expect.soft(valid(event), JSON.stringify([event, valid.errors])).toBe(true);
      }
    };
    check(await rig.plan());
    const first = await rig.run();
    expect(first.executed).toEqual(ALL);
    check(first.events);
    check((await rig.run()).events);
    check(await rig.plan('--set', 'judge.limit=9'));
    rig.write('data/a.txt', '');
    check(await rig.plan());
    check((await rig.run('--jobs', '1')).events);
    rig.remove('data/b.txt');
    check((await rig.run('--keep-going')).events);
    expect([...seen].sort()).toEqual([
      'action-finished blocked',
      'action-finished cancelled',
      'action-finished executed',
      'action-finished failed',
      'action-finished reused',
      'action-log',
      'action-planned execute',
      'action-planned reuse',
      'action-planned unknown',
      'action-progress',
      'action-started',
      'out-also-shows',
      'run-finished',
      'run-started',
    ]);
  });

  test('of graph exists in each format', async () => {
    const rig = makeRig(wordsProject);
    const graph = async (format: string, ...targets: string[]) =>
      (await rig.groundproof('graph', '--format', format, ...targets)).stdout;
    expect(await graph('text')).toContain('judge x 2\n  counts <- count.counts\n');
    expect(await graph('mermaid')).toMatch(/^flowchart LR\n[\s\S]*-->\|counts\|/);
    expect(await graph('dot')).toMatch(/^digraph [\s\S]*"count" -> "judge" \[label="counts"\];[\s\S]*\}\n$/);
    const { steps, actions } = JSON.parse(await graph('json'));
    expect(steps.map(({ step }: { step: string }) => step)).toEqual(['count', 'judge', 'gather']);
    expect(actions.map(({ action }: { action: string }) => action).sort()).toEqual(ALL);
    expect(JSON.parse(await graph('json', 'judge@b')).actions).toHaveLength(2);
  });
});
