/**
 * A full recording, 300 s of 256 channels, from its archive to its verdict, beside the notebook's computation in NumPy.
 * npm run bench:recording [-- ARCHIVE [ROUNDS]]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Contestant, compare } from './lib/compare.ts';
import { report } from './lib/report.ts';
import { installed, timed } from './lib/timed.ts';
import { makeArchive, makeProject, measured, type Taken } from './recording/project.ts';

const repository = process.cwd();
const [given, rounds = '5'] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'groundproof-recording-'));
try {
  const archive = given === undefined ? makeArchive(repository, root) : resolve(given);
  await compareOn(archive, Number(rounds));
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function compareOn(archive: string, times: number): Promise<void> {
  const project = makeProject(repository, join(root, 'project'), archive);
  const unpacked = join(root, 'unpacked');
  mkdirSync(unpacked);
  const taken = (name: string, run: () => Taken): Contestant => ({
    name,
    run: () => {
      const { wall, megabytes } = run();
      return { milliseconds: wall, megabytes };
    },
  });
  /** A line of a shell, for its redirections. */
  const shell = (name: string, line: string, ...values: string[]): Contestant => ({
    name,
    run: () => ({ milliseconds: timed('sh', ['-c', line, 'sh', ...values], { cwd: root }).wall }),
  });
  const notebook = (name: string, ...words: string[]) =>
    taken(name, () => measured('python3', [join(repository, 'bench/recording/notebook.py'), unpacked, ...words], root));
  const other = (program: string, line: string): Contestant[] => {
    if (installed(program))
      return [shell(line.replace('$1', 'ARCHIVE').replace('$2', 'FILE'), line, archive, join(root, 'file'))];
    console.log(`${program} is not installed: left out`);
    return [];
  };
  const tarfile = 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])';
  /** What `unzip` reads with where there is no igzip, and nothing after it. */
  const gunzip =
    "require('fs').createReadStream(process.argv[1], { highWaterMark: 1 << 20 })" +
    ".pipe(require('zlib').createGunzip({ chunkSize: 1 << 20 })).resume()";

  const unpacking = await compare(
    'From the archive to files: wall time',
    [
      {
        name: 'tarfile of Python',
        run: () => ({ milliseconds: timed('python3', ['-c', tarfile, archive, unpacked], { cwd: root }).wall }),
      },
      taken('groundproof: unzip, from a cold start', () => {
        project.empty();
        return project.run('unzip');
      }),
      taken('the same without igzip', () => {
        project.empty();
        return project.runWithoutPrograms('unzip');
      }),
      shell('zlib of Node, output dropped', 'node -e "$1" "$2"', gunzip, archive),
      ...other('gzip', 'gzip -dc "$1" > /dev/null'),
      ...other('igzip', 'igzip -dc "$1" > /dev/null'),
      ...other('igzip', 'igzip -dc "$1" > "$2"'),
      ...other('cat', 'cat "$1" > /dev/null'),
    ],
    times,
    { warmUp: false },
  );

  const steps = ['detect', 'histogram', 'noise', 'waveforms', 'snr', 'verdict', 'summary'];
  const stages = await compare(
    'Stage by stage, each as a command of its own: wall time',
    [
      shell('cat MEA > /dev/null', 'cat "$1" > /dev/null', project.mea),
      ...steps.map((step, index) =>
        taken(step, () => {
          if (index === 0) project.keepUnzipOnly();
          return project.run(step);
        }),
      ),
      taken('waveforms, count: all', () => project.run('waveforms', '--force', '--set', 'waveforms.count=all')),
    ],
    times,
  );

  let multiplier = 7;
  const afterwards = await compare(
    'Everything after the archive is unpacked: wall time',
    [
      notebook('notebook without its copy of the array'),
      notebook('notebook', '--copy'),
      taken('groundproof', () => {
        project.keepUnzipOnly();
        return project.run();
      }),
      taken('groundproof, another threshold on one core', () => {
        multiplier += 0.01;
        return project.run('--jobs', '1', '--set', `detect.mad_multiplier=${multiplier.toFixed(2)}`);
      }),
    ],
    times,
  );

  const whole = await compare(
    'From the archive to the verdict: wall time',
    [
      notebook('notebook', '--unpack', archive, '--copy'),
      notebook('notebook without its copy of the array', '--unpack', archive),
      taken('groundproof, with figures, from a cold start', () => {
        project.empty();
        return project.run();
      }),
      taken('groundproof with waveforms.count=all', () => {
        project.empty();
        return project.run('--set', 'waveforms.count=all');
      }),
    ],
    times,
    { warmUp: false },
  );
  report('recording', [unpacking, stages, afterwards, whole]);
}
