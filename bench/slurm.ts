/**
 * Times trivial actions in chains of five: here, on a Slurm cluster of two nodes on this machine, and on that cluster
 * with a job for each action.
 * npm run bench:slurm [-- SIZE ...]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, type Contestant, compare } from './lib/compare.ts';
import { report } from './lib/report.ts';
import { timed } from './lib/timed.ts';
import { chainsFor, groundproofLayout, LENGTH } from './noop/chains.ts';

const project = process.cwd();
const COMMAND = join(project, 'dist/cli.js');
const sizes = process.argv.slice(2).map(Number);

const root = mkdtempSync(join(tmpdir(), 'groundproof-slurm-'));
const cluster = join(root, 'cluster');
const script = (...words: string[]) => execFileSync(join(project, 'scripts/test-cluster'), words, { stdio: 'ignore' });
try {
  script('up', cluster, '2');
  process.env.SLURM_CONF = join(cluster, 'slurm.conf');
  const comparisons: Comparison[] = [];
  for (const size of sizes.length > 0 ? sizes : [115, 1000]) comparisons.push(await compareAt(size));
  report('slurm', comparisons);
} finally {
  script('down', cluster);
  rmSync(root, { recursive: true, force: true });
}

async function compareAt(size: number): Promise<Comparison> {
  const chains = chainsFor(size);
  const folder = mkdtempSync(join(root, `${size}-`));
  groundproofLayout(project)(folder, chains);
  const cold = (name: string, run: () => void): Contestant => ({
    name,
    run() {
      for (const name of ['cache', 'out']) rmSync(join(folder, name), { recursive: true, force: true });
      run();
    },
  });
  const groundproof = (...words: string[]) => void timed(process.execPath, [COMMAND, 'run', ...words], { cwd: folder });
  const rounds = size > 200 ? 1 : 3;
  const timings = await compare(
    `${size} actions in ${chains.length} chains, cold: wall time`,
    [
      cold('here', () => groundproof('--jobs', String(availableParallelism()))),
      cold('run --on slurm', () => groundproof('--on', 'slurm')),
      { ...cold('a job for each action', () => jobForEachAction(folder, chains)), rounds: 1 },
    ],
    rounds,
    { warmUp: false },
  );
  rmSync(folder, { recursive: true, force: true });
  return timings;
}

/** Submits jobs as a user would by hand: each action is a job that depends on the previous job. Waits for all. */
function jobForEachAction(folder: string, chains: readonly string[]): void {
  const sbatch = (after: readonly string[], command: string, ...options: string[]) =>
    execFileSync(
      'sbatch',
      [
        '--parsable',
        '--output=/dev/null',
        ...(after.length > 0 ? [`--dependency=afterok:${after.join(':')}`] : []),
        ...options,
        `--wrap=${command}`,
      ],
      { cwd: folder, encoding: 'utf8' },
    ).trim();
  const ends = chains.map((chain) => {
    let before: string[] = [];
    for (let link = 0; link < LENGTH; link++) {
      const action = `link${link}@${chain}`;
      before = [sbatch(before, `${process.execPath} ${COMMAND} run ${action} --out out/${action} --reporter plain`)];
    }
    return before[0] as string;
  });
  sbatch(ends, 'true', '--wait');
}
