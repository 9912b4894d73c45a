/** The default pipeline on one archive of the published format, in a folder of its own. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { installed, type Times, timed } from '../lib/timed.ts';

/** What a run took; `megabytes` is the peak of its process. */
export interface Taken extends Times {
  readonly megabytes: number;
}

export interface Project {
  readonly folder: string;
  run(...words: string[]): Taken;
  /** The same with next to nothing on the PATH. */
  runWithoutPrograms(...words: string[]): Taken;
  /** Drops every result but those of `unzip`. */
  keepUnzipOnly(): void;
  /** Drops every result. */
  empty(): void;
  /** The unpacked array. */
  readonly mea: string;
}

const RECORDING = '20160415_patch2';

/** Has a program that is run with it write down what it took, when it ends. */
const measure = `import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const kilobytes = process.resourceUsage().maxRSS;
    writeFileSync(process.env.MEASURES, JSON.stringify({ kilobytes }));
  });
}
`;

/** Makes an archive as large as the largest published one: 300 s of 256 channels, compressed. Takes minutes. */
export function makeArchive(repository: string, folder: string): string {
  const words = [
    '--set',
    'replica.electrodes=256',
    '--set',
    'replica.gzip_level=6',
    '--each',
    `recording=${RECORDING}`,
  ];
  const places = ['--store', join(folder, 'cache'), '--out', join(folder, 'out')];
  timed(process.execPath, [join(repository, 'dist/cli.js'), 'run', 'replica', ...words, ...places], {
    cwd: repository,
    said: join(folder, 'stderr'),
  });
  return join(folder, 'out/replica', RECORDING, 'archive.tar.gz');
}

export function makeProject(repository: string, folder: string, archive: string): Project {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(repository, join(folder, 'node_modules/groundproof'));
  symlinkSync(archive, join(folder, 'archive.tar.gz'));
  symlinkSync(join(repository, 'data'), join(folder, 'data'));
  writeFileSync(join(folder, 'measure.mjs'), measure);
  writeFileSync(join(folder, 'pipeline.yaml'), pipelineFor(readFileSync(join(repository, 'pipeline.yaml'), 'utf8')));
  const results = join(folder, 'cache/results');
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  // What times it.
  symlinkSync(installed('bash') ?? '/bin/bash', join(programs, 'bash'));
  const run = (words: readonly string[], env: { readonly [name: string]: string } = {}) =>
    measured(process.execPath, [join(repository, 'dist/cli.js'), 'run', ...words], folder, {
      NODE_OPTIONS: `--import ${join(folder, 'measure.mjs')}`,
      ...env,
    });
  return {
    folder,
    mea: join(folder, 'out/unzip', RECORDING, 'mea.raw'),
    run: (...words) => run(words),
    runWithoutPrograms: (...words) => run(words, { PATH: programs }),
    keepUnzipOnly() {
      for (const name of readdirSync(results, { recursive: true, encoding: 'utf8' })) {
        const path = join(results, name);
        if (!name.endsWith('.json')) continue;
        const { action } = JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '') as { action: string };
        if (!action.startsWith('unzip@')) rmSync(path);
      }
      rmSync(join(folder, 'cache/up-to-date'), { recursive: true, force: true });
    },
    empty() {
      for (const name of ['cache', 'out']) rmSync(join(folder, name), { recursive: true, force: true });
    },
  };
}

/** Runs what writes its own measures where it is told. */
export function measured(
  file: string,
  args: readonly string[],
  cwd: string,
  env: { readonly [name: string]: string } = {},
): Taken {
  const measures = join(cwd, 'measures.json');
  const times = timed(file, args, {
    cwd,
    said: join(cwd, 'stderr'),
    env: { ...env, MEASURES: measures },
  });
  const { kilobytes } = JSON.parse(readFileSync(measures, 'utf8')) as { kilobytes: number };
  return { ...times, megabytes: kilobytes / 1000 };
}

type Steps = { [name: string]: { uses: string; inputs: { [port: string]: unknown }; params?: unknown } };

/** Without the replica, and with the tasks of the package. */
function pipelineFor(text: string): string {
  const { name, steps } = parse(text) as { name: string; steps: Steps };
  delete steps.replica;
  for (const step of Object.values(steps)) step.uses = step.uses.replace(/^\.\/(.*)\.ts$/, 'groundproof/$1');
  const { unzip } = steps;
  if (!unzip) throw new Error('the pipeline has no step unzip');
  unzip.inputs.archive = { file: 'archive.tar.gz' };
  delete unzip.params;
  return stringify({ name, each: { recording: [RECORDING] }, steps });
}
