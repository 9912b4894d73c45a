/** Makes a project that runs the default pipeline on an archive of the published format. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { installed, type Times, timed } from '../lib/timed.ts';

export interface Measurement extends Times {
  /** Peak memory of the process. */
  readonly megabytes: number;
}

export interface Project {
  readonly folder: string;
  run(...words: string[]): Measurement;
  /** Runs with an almost empty PATH. */
  runWithoutPrograms(...words: string[]): Measurement;
  /** Drops all results except those of `unzip`. */
  keepUnzipOnly(): void;
  /** Drops all results. */
  empty(): void;
  /** The unpacked array. */
  readonly mea: string;
}

const RECORDING = '20160415_patch2';

/** A module that, imported by a program, writes the program's peak memory to a file at its end. */
const MEASURE = `import { writeFileSync } from 'node:fs';
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
  const folders = ['--store', join(folder, 'cache'), '--out', join(folder, 'out')];
  timed(process.execPath, [join(repository, 'dist/cli.js'), 'run', 'replica', ...words, ...folders], {
    cwd: repository,
    stderr: join(folder, 'stderr'),
  });
  return join(folder, 'out/replica', RECORDING, 'archive.tar.gz');
}

export function makeProject(repository: string, folder: string, archive: string): Project {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(repository, join(folder, 'node_modules/groundproof'));
  symlinkSync(archive, join(folder, 'archive.tar.gz'));
  symlinkSync(join(repository, 'data'), join(folder, 'data'));
  writeFileSync(join(folder, 'measure.mjs'), MEASURE);
  writeFileSync(join(folder, 'pipeline.yaml'), pipelineFor(readFileSync(join(repository, 'pipeline.yaml'), 'utf8')));
  const results = join(folder, 'cache/results');
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  // `timed` needs bash.
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

/** Runs a program that writes its peak memory to the file in MEASURES. */
export function measured(
  file: string,
  args: readonly string[],
  cwd: string,
  env: { readonly [name: string]: string } = {},
): Measurement {
  const measures = join(cwd, 'measures.json');
  const times = timed(file, args, {
    cwd,
    stderr: join(cwd, 'stderr'),
    env: { ...env, MEASURES: measures },
  });
  const { kilobytes } = JSON.parse(readFileSync(measures, 'utf8')) as { kilobytes: number };
  return { ...times, megabytes: kilobytes / 1000 };
}

type Steps = { [name: string]: { uses: string; inputs: { [port: string]: unknown }; params?: unknown } };

/** The default pipeline without the step `replica`, with the tasks of the package. */
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
