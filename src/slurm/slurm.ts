/** Calls Slurm's commands, without a shell. */
import { execFile } from 'node:child_process';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { parseQueue, QUEUE_FORMAT, type QueueRow } from './job-state.ts';

export interface Slurm {
  /** Returns the id of the job. */
  submit(options: readonly string[], script: string): Promise<Result<string, RunFailure>>;
  /** This user's slots whose names begin with the prefix: waiting, running, and for a while those that ended. */
  queue(prefix: string): Promise<Result<readonly QueueRow[], RunFailure>>;
  /** Jobs that have ended meanwhile are ignored. */
  cancel(jobs: readonly string[], which: 'all' | 'waiting'): Promise<Result<void, RunFailure>>;
  config(): Promise<Result<ClusterConfig, RunFailure>>;
}

interface ClusterConfig {
  /** The cluster that the commands speak to. */
  readonly cluster: string;
  /** The most slots that an array may have. */
  readonly largestArray: number;
}

/** In bytes. A slot takes some hundred bytes, so this is more than any queue should hold. */
const MOST_OUTPUT = 1 << 28;

/** Slurm's default, for a configuration without MaxArraySize. */
const LARGEST_ARRAY = 1001;

export const slurm: Slurm = {
  async submit(options, script) {
    const submitted = await command('sbatch', options, script);
    // In a federation sbatch prints `id;cluster`.
    return submitted.ok ? ok(submitted.value.trim().split(';', 1)[0] ?? '') : submitted;
  },
  async queue(prefix) {
    const listed = await command('squeue', [
      '--me',
      '--noheader',
      '--array',
      '--states=all',
      `--format=${QUEUE_FORMAT}`,
    ]);
    return listed.ok ? ok(parseQueue(listed.value, prefix)) : listed;
  },
  async cancel(jobs, which) {
    if (jobs.length === 0) return ok(undefined);
    const state = which === 'waiting' ? ['--state=PENDING'] : [];
    const cancelled = await command('scancel', ['--quiet', ...state, ...jobs]);
    return cancelled.ok ? ok(undefined) : cancelled;
  },
  async config() {
    const shown = await command('scontrol', ['show', 'config']);
    if (!shown.ok) return shown;
    const cluster = /^ClusterName\s*=\s*(\S+)/m.exec(shown.value)?.[1] ?? '';
    const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(shown.value)?.[1] ?? LARGEST_ARRAY);
    return ok({ cluster, largestArray: Math.max(1, size) });
  },
};

/** The user's environment, without variables that change which jobs are listed or cancelled, or how arrays are submitted. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !DISTURBING.test(name)));

const DISTURBING = /^(SQUEUE_|SCANCEL_|SBATCH_(WAIT|ARRAY_INX|REQUEUE)$)/;

function command(name: string, options: readonly string[], input = ''): Promise<Result<string, RunFailure>> {
  return new Promise((resolve) => {
    const child = execFile(
      name,
      [...options],
      { maxBuffer: MOST_OUTPUT, env: environment() },
      (error, stdout, stderr) => {
        if (error === null) return resolve(ok(stdout));
        if (error.code === 'ENOENT') return resolve(err({ reason: 'slurm-missing', command: name }));
        const message = stderr.trim() || error.message;
        return resolve(err({ reason: 'slurm-refused', command: name, options, message }));
      },
    );
    // The command may end without reading its input; its message gives the reason.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
