/** Faults of disks: each must end in a clear message or a repair, never in a wrong result. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filesBelow } from '../../src/files/digest.ts';
import { afterFirstRun, makeRig, type Rig } from './rig.ts';
import { copyTask, gateParam, taskModule, waitForGate } from './task-module.ts';

const COMMAND = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const BYTES = 600_000;

/** Two steps: `big` writes more than small disks hold, `copy` copies it. */
const files = {
  'pipeline.yaml': `
steps:
  big: { uses: ./big.ts, inputs: { from: { file: data } } }
  copy: { uses: ./copy.ts, inputs: { from: big.out } }
`,
  'big.ts': taskModule(
    `for (let i = 0; i < ${BYTES / 1000}; i++) outputs.out.write(Buffer.from(readFileSync(inputs.from, 'utf8').repeat(1000)));`,
    { inputs: 'from: file()' },
  ),
  'copy.ts': copyTask,
  data: 'x',
};
const project = () => makeRig(files);
const ranProject = afterFirstRun(files);

/** Runs a shell command in the project, with `groundproof` as a command. */
function shell(
  rig: Rig,
  line: string,
  around: readonly string[] = [],
): { code: number | null; stdout: string; stderr: string } {
  const { PATH = '', HOME = '' } = process.env;
  const script = `groundproof() { ${quoted(process.execPath)} ${quoted(COMMAND)} "$@"; }\n${line}`;
  const [program = 'sh', ...words] = [...around, 'sh', '-c', script];
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: rig.folder,
    env: { PATH, HOME, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const expectSound = (rig: Rig) => {
  expect(rig.read('out/copy/out.txt')).toBe('x'.repeat(BYTES));
  expect(rig.read('out/big/out.txt')).toBe('x'.repeat(BYTES));
};

/** The blobs of an action's output, or all blobs. */
const blobs = (rig: Rig) =>
  (rig.exists('cache/blobs') ? filesBelow(rig.path('cache/blobs')) : []).map((path) =>
    rig.path(join('cache/blobs', path)),
  );
const blob = (rig: Rig): string => blobs(rig).find((path) => statSync(path).size === BYTES) ?? '';

describe('without space', () => {
  test('for a large file (quota, old file system) a run says so, stores nothing of it, and a rerun continues', async () => {
    const rig = project();
    const full = shell(rig, 'ulimit -f 200; groundproof run');
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(/failed big: .*EFBIG/);
    expect(blobs(rig)).toEqual([]);
    expect(rig.exists('out/big')).toBe(false);
    expect(await rig.runHere()).toMatchObject({ executed: ['big', 'copy'] });
    expectSound(rig);
  });

  const namespace = ['unshare', '--mount', '--map-root-user'];
  const canMount = spawnSync('unshare', ['-m', '-r', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

  test.skipIf(!canMount)(
    'on the disk of the store a run fails clearly (needs a system that lets users mount a tmpfs)',
    () => {
      const rig = project();
      rig.write('cache/README.md', '');
      const ran = shell(
        rig,
        `
      mount -t tmpfs -o size=400k none cache
      groundproof run; echo "first $?"
      groundproof cache check; echo "check $?"
      mount -o remount,size=20m cache
      groundproof run --reporter json; echo "second $?"
      groundproof cache check; echo "check $?"`,
        namespace,
      );
      expect(ran.stderr).toMatch(
        /failed big: the disk is full; free space and run again: what is done is kept \(ENOSPC/,
      );
      expect(ran.stdout).toMatch(/first 1\nchecked 0 results, 0 blobs, 0 bytes: all as it was stored\ncheck 0\n/);
      expect(ran.stdout).toMatch(
        /"executed":2,.*\nsecond 0\nchecked 2 results, 1 blob, .*: all as it was stored\ncheck 0\n$/,
      );
      expectSound(rig);
    },
  );

  test.skipIf(!canMount)('after a kill a run removes half-made files of the killed run', () => {
    const rig = project();
    rig.write('cache/README.md', '');
    rig.edit('big.ts', 'outputs.out.write(', 'try { outputs.out.write(');
    rig.edit('big.ts', 'repeat(1000)));', "repeat(1000))); } catch { process.kill(process.pid, 'SIGKILL'); }");
    const ran = shell(
      rig,
      `
      mount -t tmpfs -o size=400k none cache
      groundproof run; echo "killed $?"
      groundproof gc; echo "gc $?"
      ls cache/tmp`,
      namespace,
    );
    expect(ran.stdout).toMatch(/^killed 137\nfreed .*\n(.*\n)*gc 0\n$/);
  });

  test.skipIf(!canMount)('on the disk of out/, or at any point of a run, a run fails clearly', () => {
    const rig = project();
    rig.write('out/.keep', '');
    const shown = shell(
      rig,
      `
      mount -t tmpfs -o size=900k none out
      groundproof run; echo "first $?"
      mount -o remount,size=20m out
      groundproof run --reporter json; echo "second $?"
      cp -r out shown`,
      namespace,
    );
    expect(shown.stderr).toMatch(/the disk is full; .*ENOSPC/);
    expect(shown.stdout).toMatch(/first 1\n(.*\n)*second 0\n$/);
    expect(rig.read('shown/big/out.txt')).toBe('x'.repeat(BYTES));
    expect(rig.read('shown/copy/out.txt')).toBe('x'.repeat(BYTES));

    // From no space at all to a little too little, so that each write fails once.
    const sizes = [4, 8, 16, 24, 32, 40, 48, 56, 64, 96, 128, 640, 660, 700];
    const steps = sizes.map(
      (size) => `mount -o remount,size=${size}k cache; groundproof run --out shown >/dev/null; echo "${size} $?"`,
    );
    rig.remove('cache');
    rig.write('cache/README.md', '');
    const growing = shell(
      rig,
      `
      mount -t tmpfs -o size=4k none cache
      ${steps.join('\n')}
      mount -o remount,size=20m cache
      groundproof run --out shown >/dev/null; echo "last $?"
      groundproof cache check; echo "check $?"`,
      namespace,
    );
    expect(growing.stderr).not.toMatch(/\n {4}at /);
    expect(growing.stdout).toMatch(/^4 1\n/);
    expect(growing.stdout).toMatch(/last 0\nchecked 2 results, .*: all as it was stored\ncheck 0\n$/);
    expect(rig.read('shown/copy/out.txt')).toBe('x'.repeat(BYTES));
  });

  test.skipIf(!canMount)('because a store lies on a read-only disk, a run fails clearly', () => {
    const rig = project();
    rig.write('cache/README.md', '');
    const ran = shell(
      rig,
      `
      mount -t tmpfs none cache
      groundproof run --reporter json | tail -1
      mount -o remount,ro cache
      groundproof run --reporter json | tail -1
      groundproof cache stats
      rm -r out; groundproof run; echo "run $?"
      groundproof gc; echo "gc $?"`,
      namespace,
    );
    const [first, again, ...rest] = ran.stdout.trimEnd().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ executed: 2 });
    // A run with nothing to do has nothing to write.
    expect(JSON.parse(again ?? '')).toMatchObject({ executed: 0, reused: 2 });
    expect(rest.slice(-2)).toEqual(['run 0', 'gc 1']);
    expect(ran.stderr).toMatch(
      /the file system is read-only; use another store or out folder \(--store, --out\) \(EROFS/,
    );
    expect(ran.stderr).not.toMatch(/\n {4}at /);
  });
});

// The superuser has every permission, so the commands run as nobody.
const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

function own(rig: Rig): void {
  if (!isRoot) return;
  for (const path of ['', ...filesBelow(rig.folder, (folder) => chownSync(folder, 65534, 65534))])
    chownSync(rig.path(path), 65534, 65534);
}

describe('without permission', () => {
  test('for the store, a blob or an input a run says so, and works again with the permission', () => {
    const rig = project();
    own(rig);
    const run = () => shell(rig, 'groundproof run', asNobody);
    const refusals: [string, number, number][] = [
      ['cache/tmp', 0o555, 0o755],
      ['cache/blobs', 0o000, 0o755],
      ['cache/results', 0o000, 0o755],
      ['cache/runs', 0o555, 0o755],
      ['data', 0o000, 0o644],
      ['out', 0o555, 0o755],
    ];
    expect(run()).toMatchObject({ code: 0 });
    let content = 'x';
    for (const [path, without, mode] of refusals) {
      content = content === 'x' ? 'y' : 'x';
      rig.write('data', content);
      for (const kind of ['blobs', 'results']) rig.remove(`cache/${kind}`);
      for (const kind of ['blobs', 'results']) shell(rig, `mkdir cache/${kind}`, asNobody);
      rig.remove('out/big');
      chmodSync(rig.path(path), without);
      const refused = run();
      chmodSync(rig.path(path), mode);
      expect({ path, ...refused }).toMatchObject({
        path,
        code: 1,
        stderr: expect.stringMatching(/there is no permission for \/.* \(EACCES/),
      });
      expect(refused.stderr).not.toMatch(/\n {4}at /);
      expect({ path, ...run() }).toMatchObject({ path, code: 0 });
      expect(rig.read('out/copy/out.txt')).toBe(content.repeat(BYTES));
    }
  });
});

describe('several users', () => {
  const as = (user: number): readonly string[] => [
    'setpriv',
    `--reuid=${user}`,
    '--regid=65500',
    '--clear-groups',
    'sh',
    '-c',
    'umask "$0"; exec "$@"',
  ];
  const [alice, bob] = [65533, 65534];

  /** A project for each user, with a shared store beside them. */
  function twoProjects(mode: number): Rig {
    const rig = makeRig({});
    for (const name of ['alice', 'bob']) {
      for (const [path, content] of Object.entries(files)) rig.write(join(name, path), content);
    }
    rig.write('store/.keep', '');
    chownSync(rig.path('store'), alice, 65500);
    chmodSync(rig.path('store'), mode);
    chmodSync(rig.folder, 0o755);
    for (const [name, user] of [
      ['alice', alice],
      ['bob', bob],
    ] as const) {
      for (const path of filesBelow(rig.path(name), (folder) => chownSync(folder, user, 65500)))
        chownSync(rig.path(join(name, path)), user, 65500);
    }
    return rig;
  }
  const run = (rig: Rig, name: 'alice' | 'bob', umask: string, line: string) =>
    shell(rig, `cd ${name}; ${line}`, [...as(name === 'alice' ? alice : bob), umask]);

  test.skipIf(!isRoot)('share a store in a setgid folder that their group may write, with any umask', () => {
    const rig = twoProjects(0o2775);
    const last = 'groundproof run --store ../store --reporter json | tail -1';
    for (const [name, umask, counts] of [
      ['alice', '077', { executed: 2, reused: 0 }],
      ['bob', '022', { executed: 0, reused: 2 }],
    ] as const) {
      const ran = run(rig, name, umask, last);
      expect({ ...ran, counts: JSON.parse(ran.stdout || '{}') }).toMatchObject({ stderr: '', counts });
    }
    rig.write('bob/data', 'y');
    expect(run(rig, 'bob', '077', last).stdout).toContain('"executed":2');
    rig.write('alice/data', 'y');
    expect(run(rig, 'alice', '077', last).stdout).toContain('"reused":2');
    const gc = run(rig, 'alice', '022', 'groundproof gc --store ../store && groundproof cache check --store ../store');
    expect(gc).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('all as it was stored') });
  });

  test.skipIf(!isRoot)('keep their folders: gc leaves a folder of another user and says so', () => {
    const rig = twoProjects(0o2775);
    rig.write('alice/pipeline.yaml', 'steps: { big: { uses: ./folder.ts } }\n');
    rig.write(
      'alice/folder.ts',
      taskModule("writeFileSync(outputs.out.path + '/a', 'a');", { outputs: 'out: folder()' }),
    );
    expect(run(rig, 'alice', '022', 'groundproof run --store ../store')).toMatchObject({ code: 0 });
    const gc = run(rig, 'bob', '022', 'rm -r ../store/runs; groundproof gc --store ../store');
    expect(gc).toMatchObject({ code: 0, stderr: '' });
    expect(gc.stdout).toMatch(/1 part of the store could not be removed, because another user made them: .*blobs/);
    expect(run(rig, 'alice', '022', 'groundproof gc --store ../store').stdout).not.toContain('could not be removed');
  });

  test.skipIf(!isRoot)('repair each other: a damaged folder of another user is put aside and made again', () => {
    const rig = twoProjects(0o2775);
    for (const name of ['alice', 'bob']) {
      rig.write(`${name}/pipeline.yaml`, 'steps: { big: { uses: ./folder.ts } }\n');
      rig.write(
        `${name}/folder.ts`,
        taskModule("writeFileSync(outputs.out.path + '/a', 'a');", { outputs: 'out: folder()' }),
      );
    }
    expect(run(rig, 'alice', '022', 'groundproof run --store ../store')).toMatchObject({ code: 0 });
    const damage = () => {
      const [blob = ''] = filesBelow(rig.path('store/blobs')).filter((path) => /^..\/[0-9a-f]{64}\/a$/.test(path));
      chmodSync(rig.path(`store/blobs/${blob}`), 0o644);
      rig.write(`store/blobs/${blob}`, 'b');
    };
    damage();
    const check = run(rig, 'bob', '022', 'groundproof cache check --store ../store');
    expect(check).toMatchObject({ code: 1, stderr: expect.not.stringContaining('EPERM') });
    expect(run(rig, 'alice', '022', 'groundproof run --store ../store')).toMatchObject({ code: 0 });
    damage();
    expect(run(rig, 'bob', '022', 'groundproof run --store ../store')).toMatchObject({ code: 0 });
    expect(rig.read('bob/out/big/out/a')).toBe('a');
    expect(run(rig, 'alice', '022', 'groundproof gc --store ../store')).toMatchObject({ code: 0 });
    expect(filesBelow(rig.path('store/blobs')).filter((path) => path.includes('.tmp'))).toEqual([]);
  });

  test.skipIf(!isRoot)(
    'who may only read a store can run, plan, explain and diff with its results, and execute nothing',
    () => {
      const rig = twoProjects(0o755);
      expect(run(rig, 'alice', '022', 'groundproof run --store ../store')).toMatchObject({ code: 0 });
      const asBob = (line: string) => run(rig, 'bob', '022', line);
      const ran = asBob('groundproof run --store ../store --reporter json | tail -1');
      expect(ran.stderr).toBe('');
      expect(JSON.parse(ran.stdout)).toMatchObject({ executed: 0, reused: 2 });
      expect(rig.read('bob/out/copy/out.txt')).toBe('x'.repeat(BYTES));
      expect(asBob('groundproof plan --store ../store --reporter json').stdout).toMatch(/"decision":"reuse"/);
      const toAlice = 'cd ../alice; groundproof';
      expect(asBob(`${toAlice} explain copy --store ../store`)).toMatchObject({ code: 0, stderr: '' });
      expect(asBob(`${toAlice} cache stats --store ../store`)).toMatchObject({ code: 0, stderr: '' });
      rig.write('bob/data', 'y');
      const refused = asBob('groundproof run --store ../store');
      expect(refused).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/failed big: there is no permission for \//),
      });
      expect(asBob('groundproof plan --store ../store --reporter json').stdout).toMatch(/"decision":"execute"/);
      expect(run(rig, 'alice', '022', 'groundproof cache check --store ../store')).toMatchObject({ code: 0 });
    },
  );
});

test('a store that is removed during a run fails the current action, and the next run makes a new store', async () => {
  const rig = makeRig({
    'pipeline.yaml': 'steps: { step: { uses: ./step.ts, params: { gate: GATE } } }',
    'step.ts': taskModule(`log.warn('begun');\n${waitForGate}\noutputs.out.write(Buffer.from('made'));`, {
      params: gateParam,
    }),
  });
  rig.edit('pipeline.yaml', 'GATE', rig.path('gate'));
  const started = rig.start('run');
  await started.printed('begun');
  rig.remove('cache');
  rig.write('gate', '');
  const { code, stderr } = await started.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/failed step/);
  expect(stderr).not.toMatch(/\n {4}at /);
  const again = await rig.groundproof('run');
  expect(again).toMatchObject({ code: 0 });
  expect(rig.read('out/step/out.txt')).toBe('made');
});

describe('read-only folders of a task', () => {
  const readOnly = (more: string) =>
    taskModule(
      `mkdirSync(outputs.out.path + '/sub');
      writeFileSync(outputs.out.path + '/sub/a', 'a');
      for (const folder of ['/sub', '']) chmodSync(outputs.out.path + folder, 0o555);
      ${more}`,
      { outputs: 'out: folder()' },
    ).replace('existsSync,', 'chmodSync, existsSync,');

  test.for([
    ['threw', `throw new DataError('the archive ends early');`, /failed step\n {2}the archive ends early\n/],
    ['was killed', `process.kill(process.pid, 'SIGKILL');`, /^(?!.*EACCES)/s],
  ] as const)('that then %s leave nothing behind, and the store stays usable', ([, ending, said]) => {
    const rig = makeRig({ 'pipeline.yaml': 'steps: { step: { uses: ./step.ts } }', 'step.ts': readOnly(ending) });
    own(rig);
    expect(shell(rig, 'groundproof run', asNobody).stderr).toMatch(said);
    rig.write('step.ts', readOnly(''));
    const { code, stderr } = shell(
      rig,
      'groundproof run && groundproof verify && rm -r cache/results && groundproof gc',
      asNobody,
    );
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('EACCES') });
    expect(blobs(rig)).toEqual([]);
    expect(filesBelow(rig.path('cache/tmp'))).toEqual([]);
  });
});

describe('damage', () => {
  test('of a blob (missing, cut off, a flipped bit) is found on use, and the blob is made again', async () => {
    const rig = ranProject();
    const damages: ((path: string) => void)[] = [
      (path) => rmSync(path),
      (path) => truncateSync(path, BYTES - 1),
      (path) => writeFileSync(path, Buffer.alloc(0)),
      (path) => {
        const bytes = readFileSync(path);
        bytes[BYTES >> 1] = (bytes[BYTES >> 1] ?? 0) ^ 4;
        writeFileSync(path, bytes);
      },
    ];
    for (const damage of damages) {
      const path = blob(rig);
      chmodSync(path, 0o644);
      damage(path);
      rig.remove('out');
      const ran = await rig.runHere();
      expect(ran.failed).toEqual([]);
      expect(ran.finished('big')).toMatchObject({ outcome: 'executed', why: [{ cause: 'result-lost', port: 'out' }] });
      expectSound(rig);
    }
  });

  test('that keeps size and times is found by cache check', async () => {
    const rig = project();
    await rig.runHere();
    const path = blob(rig);
    const { atime, mtime } = statSync(path);
    const bytes = readFileSync(path);
    bytes[BYTES >> 1] = (bytes[BYTES >> 1] ?? 0) ^ 4;
    chmodSync(path, 0o644);
    writeFileSync(path, bytes);
    utimesSync(path, atime, mtime);
    const check = await rig.groundproof('cache', 'check');
    expect(check.code).toBe(1);
    expect(check.stdout).toMatch(
      /^damaged blob [0-9a-f]{64} of (big, copy|copy, big): its content is not what was stored\n.*1 damaged and dropped; the next run makes them again\n$/,
    );
    const ran = await rig.runHere();
    expect(ran.executed).toEqual(['big', 'copy']);
    expectSound(rig);
    expect(await rig.groundproof('cache', 'check')).toMatchObject({ code: 0 });
  });

  test('of a claim fails its action, and the others go on', async () => {
    const rig = makeRig({
      'pipeline.yaml': `
steps:
  one: { uses: ./copy.ts, inputs: { from: { file: data } } }
  other: { uses: ./copy.ts, inputs: { from: { file: data2 } } }
`,
      'copy.ts': copyTask,
      data: 'x',
      data2: 'y',
    });
    await rig.runHere();
    const result = filesBelow(rig.path('cache/results')).find((path) =>
      rig.read(join('cache/results', path)).includes('"action":"one"'),
    );
    const key = result?.replace(/^.*\/|\.json$/g, '') ?? '';
    rig.remove('cache/results');
    rig.remove('out');
    rig.write(`cache/claims/${key}/in-the-way`, '');
    const ran = await rig.groundproof('run', '--keep-going');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('failed one');
    expect(ran.stderr).toContain(key);
    expect(ran.stderr).not.toMatch(/\n {4}at /);
    expect(rig.read('out/other/out.txt')).toBe('y');
    expect((await rig.groundproof('cache', 'check')).code).toBe(0);
    expect(await rig.runHere()).toMatchObject({ executed: ['one'] });
  });

  test('of any file of the store, cut off or with flipped bits, leads to the same results again', async () => {
    const rig = project();
    // Runs the command, which writes every kind of file, also after files that were just written.
    await rig.run();
    const files = () =>
      filesBelow(rig.path('cache')).filter((path) => !/^(blobs|tmp|code)\//.test(path) && path !== 'format');
    const kinds = new Set<string>();
    for (const file of files()) {
      const kind = file.split('/')[0] ?? '';
      // A file of each kind is enough; checked pipelines have two kinds.
      if (kinds.has(kind) && kind !== 'plans') continue;
      kinds.add(kind);
      const path = rig.path(join('cache', file));
      for (const harm of ['cut', 'flip'] as const) {
        if (!rig.exists(join('cache', file))) continue;
        const bytes = readFileSync(path);
        const at = bytes.length >> 1;
        if (harm === 'flip') bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(path, harm === 'cut' ? bytes.subarray(0, at) : bytes);
        if (kind !== 'up-to-date') rig.remove('cache/up-to-date');
        rig.remove('out');
        const ran = await rig.run();
        expect({ file, harm, code: ran.code, stderr: ran.stderr }).toEqual({ file, harm, code: 0, stderr: '' });
        expectSound(rig);
      }
    }
    expect([...kinds].sort()).toEqual(['files.jsonl', 'last', 'plans', 'results', 'runs', 'up-to-date']);
  });

  test('of stored code never runs: the code is made again, and cache check drops it', async () => {
    const rig = ranProject();
    const harm = () => {
      for (const path of filesBelow(rig.path('cache/code'))) {
        const file = rig.path(join('cache/code', path));
        chmodSync(file, 0o644);
        writeFileSync(file, 'export default {');
      }
    };
    for (const [data, lost] of [
      ['y', []],
      ['z', ['cache/plans']],
    ] as const) {
      harm();
      for (const folder of lost) rig.remove(folder);
      rig.write('data', data);
      expect(await rig.run()).toMatchObject({ code: 0, executed: ['big', 'copy'] });
      expect(rig.read('out/big/out.txt')).toBe(data.repeat(BYTES));
    }
    harm();
    const check = await rig.groundproof('cache', 'check');
    expect(check).toMatchObject({ code: 1, stdout: expect.stringMatching(/^damaged code cache\/code\//) });
    expect(filesBelow(rig.path('cache/code'))).toEqual([]);
  });

  test.each([
    ['cache', []],
    ['out', []],
    ['/proc/groundproof', ['--store', '/proc/groundproof']],
    ['/proc/groundproof', ['--out', '/proc/groundproof']],
  ])('because no folder can be made (%s %j) is reported in a line', async (place, words) => {
    const rig = project();
    if (words.length === 0) symlinkSync(rig.path('unplugged/disk'), rig.path(place));
    const { code, stderr } = await rig.groundproof('run', ...words);
    expect(code).toBe(1);
    expect(stderr).toContain(place);
    expect(stderr).toMatch(/is not a folder, or is a link to a missing folder|no folder can be made at/);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(rig.exists('unplugged')).toBe(false);
  });

  test('every command leaves a store of a newer format alone', async () => {
    const rig = ranProject();
    rig.write('cache/format', '99\n');
    const before = filesBelow(rig.path('cache'));
    for (const words of [['run', '--force'], ['plan'], ['gc'], ['cache', 'check'], ['cache', 'stats']]) {
      const ended = await rig.groundproof(...words);
      expect({ words, code: ended.code }).toEqual({ words, code: 2 });
      expect(ended.stderr).toMatch(/has format 99, this groundproof knows 1: update groundproof/);
    }
    expect(filesBelow(rig.path('cache'))).toEqual(before);
  });
});
