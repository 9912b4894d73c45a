/**
 * Times a full recording, 300 s of 256 channels, from its archive to its verdict, beside the notebook's computation in
 * NumPy.
 * npm run bench:recording [-- ARCHIVE [ROUNDS]]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Comparison, type Contestant, compare } from './lib/compare.ts';
import { report } from './lib/report.ts';
import { installed, timed } from './lib/timed.ts';
import { type Measurement, makeArchive, makeProject, measured, type Project } from './recording/project.ts';

const repository = process.cwd();
const [given, rounds = '5'] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'groundproof-recording-'));
const unpacked = join(root, 'unpacked');
try {
  mkdirSync(unpacked);
  const archive = given === undefined ? makeArchive(repository, root) : resolve(given);
  const project = makeProject(repository, join(root, 'project'), archive);
  const setup = { archive, project, rounds: Number(rounds) };
  report('recording', [
    await compareUnpacking(setup),
    await compareStages(setup),
    await compareAfterUnpacking(setup),
    await compareWhole(setup),
  ]);
} finally {
  rmSync(root, { recursive: true, force: true });
}

interface Setup {
  readonly archive: string;
  readonly project: Project;
  readonly rounds: number;
}

function measuring(name: string, run: () => Measurement): Contestant {
  return {
    name,
    run: () => {
      const { wall, megabytes } = run();
      return { milliseconds: wall, megabytes };
    },
  };
}

/** Runs a line of a shell, for its redirections. */
function shell(name: string, line: string, ...values: string[]): Contestant {
  return { name, run: () => ({ milliseconds: timed('sh', ['-c', line, 'sh', ...values], { cwd: root }).wall }) };
}

function notebook(name: string, ...options: string[]): Contestant {
  const script = join(repository, 'bench/recording/notebook.py');
  return measuring(name, () => measured('python3', [script, unpacked, ...options], root));
}

function compareUnpacking({ archive, project, rounds }: Setup): Promise<Comparison> {
  const ifInstalled = (program: string, line: string): Contestant[] => {
    if (installed(program))
      return [shell(line.replace('$1', 'ARCHIVE').replace('$2', 'FILE'), line, archive, join(root, 'file'))];
    console.log(`${program} is not installed: left out`);
    return [];
  };
  const tarfile = 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])';
  /** Only decompresses, as `unzip` does without igzip. */
  const gunzip =
    "require('fs').createReadStream(process.argv[1], { highWaterMark: 1 << 20 })" +
    ".pipe(require('zlib').createGunzip({ chunkSize: 1 << 20 })).resume()";

  return compare(
    'From the archive to files: wall time',
    [
      {
        name: 'tarfile of Python',
        run: () => ({ milliseconds: timed('python3', ['-c', tarfile, archive, unpacked], { cwd: root }).wall }),
      },
      measuring('groundproof: unzip, from a cold start', () => {
        project.empty();
        return project.run('unzip');
      }),
      measuring('the same without igzip', () => {
        project.empty();
        return project.runWithoutPrograms('unzip');
      }),
      shell('zlib of Node, output dropped', 'node -e "$1" "$2"', gunzip, archive),
      ...ifInstalled('gzip', 'gzip -dc "$1" > /dev/null'),
      ...ifInstalled('igzip', 'igzip -dc "$1" > /dev/null'),
      ...ifInstalled('igzip', 'igzip -dc "$1" > "$2"'),
      ...ifInstalled('cat', 'cat "$1" > /dev/null'),
    ],
    rounds,
    { warmUp: false },
  );
}

function compareStages({ project, rounds }: Setup): Promise<Comparison> {
  const steps = ['detect', 'histogram', 'noise', 'waveforms', 'snr', 'verdict', 'summary'];
  return compare(
    'Stage by stage, each as a command of its own: wall time',
    [
      shell('cat MEA > /dev/null', 'cat "$1" > /dev/null', project.mea),
      ...steps.map((step, index) =>
        measuring(step, () => {
          if (index === 0) project.keepUnzipOnly();
          return project.run(step);
        }),
      ),
      measuring('waveforms, count: all', () => project.run('waveforms', '--force', '--set', 'waveforms.count=all')),
    ],
    rounds,
  );
}

function compareAfterUnpacking({ project, rounds }: Setup): Promise<Comparison> {
  let multiplier = 7;
  return compare(
    'Everything after the archive is unpacked: wall time',
    [
      notebook('notebook without its copy of the array'),
      notebook('notebook', '--copy'),
      measuring('groundproof', () => {
        project.keepUnzipOnly();
        return project.run();
      }),
      measuring('groundproof, another threshold on one core', () => {
        multiplier += 0.01;
        return project.run('--jobs', '1', '--set', `detect.mad_multiplier=${multiplier.toFixed(2)}`);
      }),
    ],
    rounds,
  );
}

function compareWhole({ archive, project, rounds }: Setup): Promise<Comparison> {
  return compare(
    'From the archive to the verdict: wall time',
    [
      notebook('notebook', '--unpack', archive, '--copy'),
      notebook('notebook without its copy of the array', '--unpack', archive),
      measuring('groundproof, with figures, from a cold start', () => {
        project.empty();
        return project.run();
      }),
      measuring('groundproof with waveforms.count=all', () => {
        project.empty();
        return project.run('--set', 'waveforms.count=all');
      }),
    ],
    rounds,
    { warmUp: false },
  );
}
