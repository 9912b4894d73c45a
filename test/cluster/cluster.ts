/** A Slurm cluster of two nodes on this machine, for the tests of a file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/test-cluster', import.meta.url));

export interface Cluster {
  /** Makes Slurm's commands find the cluster. */
  readonly env: { readonly SLURM_CONF: string };
  /** Runs a command of Slurm; returns the lines that it prints. */
  slurm(command: string, ...words: string[]): readonly string[];
  /** Ids of all jobs that were ever submitted; an array is a single job. */
  submitted(): readonly string[];
  /** The slots that wait or run. */
  live(): readonly string[];
  /** Stops a node as if its power was cut. */
  stopNode(number: number): void;
  startNode(number: number): void;
}

/** Starts the cluster, and stops it after the file's last test. */
export function startCluster(): Cluster {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-cluster-')));
  const script = (...words: string[]) => execFileSync(SCRIPT, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  afterAll(() => {
    script('down', folder);
    rmSync(folder, { recursive: true, force: true });
  });
  script('up', folder, '2');
  const env = { SLURM_CONF: join(folder, 'slurm.conf') };
  const slurm = (command: string, ...words: string[]) =>
    execFileSync(command, words, { encoding: 'utf8', env: { ...process.env, ...env } })
      .split('\n')
      .filter((line) => line !== '');
  return {
    env,
    slurm,
    submitted: () => [...new Set(slurm('squeue', '--noheader', '--states=all', '--format=%F'))].sort(),
    live: () => slurm('squeue', '--noheader', '--array', '--format=%i'),
    stopNode: (number) => void script('stop-node', folder, String(number)),
    startNode: (number) => void script('start-node', folder, String(number)),
  };
}
