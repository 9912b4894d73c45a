import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';

const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { name, version, dependencies, exports, bin } = JSON.parse(
  readFileSync(join(REPOSITORY, 'package.json'), 'utf8'),
);

let folder: string;
let tarball: string;
let packed: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundproof-pack-'));
  // Without scripts, so that the files built for the tests are packed.
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename, files }] = JSON.parse(told);
  tarball = join(folder, filename);
  packed = files.map(({ path }: { path: string }) => path).sort();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Installs as npm would, but with linked dependencies: tests use no registry. */
function install(rig: Rig): void {
  const modules = rig.path('node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', modules]);
  execFileSync('mv', [join(modules, 'package'), join(modules, name)]);
  for (const one of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
    if (!existsSync(join(REPOSITORY, 'node_modules', one))) continue;
    mkdirSync(dirname(join(modules, one)), { recursive: true });
    symlinkSync(join(REPOSITORY, 'node_modules', one), join(modules, one));
  }
  symlinkSync(join('..', name, bin.groundproof), join(modules, '.bin', 'groundproof'));
}

const run = (rig: Rig, command: string, ...words: string[]) => {
  const { PATH = '', HOME = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: rig.folder,
    encoding: 'utf8',
    env: { PATH, HOME, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
};

test('the tarball contains the program and its description, and nothing else', () => {
  const kinds = new Set(packed.map((path) => path.replace(/\/.*/, '/')));
  expect([...kinds].sort()).toEqual(
    [...new Set(['LICENSE', 'README.md', 'dist/', 'package.json', 'schemas/', 'tasks/', ...binFolder()])].sort(),
  );
  for (const path of packed) {
    expect(path).not.toMatch(/\.test\.|fixtures|\.map$|\.tsbuildinfo|^src\/|^test\/|^data\/|^bench\//);
  }
  for (const path of [
    bin.groundproof,
    exports['.'].default,
    exports['.'].types,
    exports['./task'].default,
    exports['./task'].types,
  ]) {
    expect(packed).toContain(path.replace('./', ''));
  }
  for (const entry of ['tasks', 'schemas']) {
    const own = readdirSync(join(REPOSITORY, entry), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(REPOSITORY.length + 1));
    expect(packed).toEqual(expect.arrayContaining(own));
  }
});

const binFolder = (): string[] => {
  const [first = ''] = bin.groundproof.replace('./', '').split('/');
  return [`${first}/`];
};

const SAMPLES = 4000;

test('an installed tarball runs in an empty project with its own tasks and those of the project', () => {
  const trace = new Float32Array(SAMPLES);
  // Noise of the values -1, 0, 1 in turn, and three spikes.
  for (let i = 0; i < SAMPLES; i++) trace[i] = (i % 3) - 1;
  for (const spike of [500, 1500, 3000]) trace[spike] = -50;
  const rig = makeRig({
    'package.json': JSON.stringify({ name: 'project', private: true, type: 'module' }),
    'trace.raw': new Uint8Array(trace.buffer),
    'pipeline.yaml': `
steps:
  info: { uses: ./info.ts, params: { samples: ${SAMPLES} } }
  detect:
    uses: groundproof/tasks/detect
    inputs: { juxta: { file: trace.raw }, info: info.info }
`,
    'info.ts': `import { DataError, defineTask, table } from 'groundproof/task';

const column = <T extends 'utf8' | 'int64' | 'int32' | 'float64'>(type: T) => ({ type, description: 'As unzip has it.' }) as const;

export default defineTask({
  inputs: {},
  params: { type: 'object', properties: { samples: { type: 'integer' } }, required: ['samples'], additionalProperties: false },
  outputs: {
    info: table({
      description: 'How the recording lies on disk.',
      columns: {
        stem: column('utf8'),
        padding: column('int64'),
        samples: column('int64'),
        sampling_rate: column('float64'),
        channels: column('int32'),
        dropped_channels: column('utf8'),
        mea_dtype: column('utf8'),
        juxta_dtype: column('utf8'),
        gain: column('float64'),
        offset: column('float64'),
        modelled: { ...column('utf8'), nullable: true },
      },
    }),
  },
  async run({ params, outputs }) {
    const samples: number = params.samples;
    if (samples < 1) throw new DataError('no samples');
    await outputs.info.write({
      stem: ['own'], padding: [0], samples: [samples], sampling_rate: [20000], channels: [1], dropped_channels: [''],
      mea_dtype: ['<u2'], juxta_dtype: ['<f4'], gain: [1], offset: [0],
      modelled: [null],
    });
  },
});
`,
    'embed.ts': `import { type Event, plan, run } from 'groundproof';

export async function all(): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of run({ pipeline: 'pipeline.yaml' })) events.push(event);
  const planned = await plan({ pipeline: 'pipeline.yaml' });
  if (!planned.ok) throw new Error(planned.error.reason);
  return [...events, ...planned.value];
}
`,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        strict: true,
        noEmit: true,
        types: ['node'],
        skipLibCheck: true,
      },
      include: ['*.ts'],
    }),
    'embedded.mjs': `import { explain, load, lock, plan, run, verify } from 'groundproof';
const outcomes = [];
for await (const event of run({ pipeline: 'pipeline.yaml' })) if (event.type === 'action-finished') outcomes.push(event.outcome);
console.log(outcomes.join());
const asked = { pipeline: 'pipeline.yaml' };
console.log((await plan(asked)).value.map(({ decision }) => decision).join());
const loaded = await load(asked);
console.log(loaded.value.graph.actions.length);
loaded.value.close();
console.log((await explain(asked, 'detect')).value.explanation.outcome);
console.log((await lock({ ...asked, targets: ['info'] })).ok, (await verify({ ...asked, targets: ['info'] })).value.same);
`,
  });
  install(rig);

  expect(run(rig, 'npx', '--no', '--', 'groundproof', '--version')).toMatchObject({
    status: 0,
    stdout: `${version}\n`,
  });
  const first = run(rig, 'npx', '--no', '--', 'groundproof', 'run');
  expect(first.stderr).toContain('2 executed, 0 reused');
  expect(first.status).toBe(0);
  const indexes = readFileSync(rig.path('out/detect/indexes.raw'));
  expect([...new BigInt64Array(indexes.buffer.slice(indexes.byteOffset, indexes.byteOffset + indexes.length))]).toEqual(
    [500n, 1500n, 3000n],
  );
  expect(rig.exists('out/detect/juxta_detection.png')).toBe(true);
  expect(run(rig, process.execPath, 'embedded.mjs')).toEqual({
    status: 0,
    stdout: 'reused,reused\nreuse,reuse\n2\nreused\ntrue 1\n',
    stderr: '',
  });

  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  expect(run(rig, process.execPath, tsc, '-p', '.').stdout).toBe('');
  // The types are exported and not `any`: the compiler finds a mistake.
  rig.edit('info.ts', "stem: ['own']", 'stem: [1]');
  rig.edit('info.ts', 'const samples: number', 'const samples: string');
  const wrong = run(rig, process.execPath, tsc, '-p', '.').stdout;
  expect(wrong.match(/error TS\d+/g)?.length).toBeGreaterThanOrEqual(2);
});
