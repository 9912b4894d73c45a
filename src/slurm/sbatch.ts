/** How a job array is submitted: the options of sbatch and the script of its tasks. Pure. */
import type { Resources, SlurmSettings } from '../pipeline/pipeline.ts';

export interface Submitting {
  readonly name: string;
  readonly tasks: number;
  readonly resources: Resources;
  /** Ids of the jobs that must have ended before, however they ended. */
  readonly after: readonly string[];
  /** Where the tasks' own output goes. */
  readonly log: string;
  /** Where they run. */
  readonly folder: string;
}

const MEBIBYTE = 1 << 20;

/**
 * Slurm counts memory in MiB and time in minutes. It never runs a task again by itself (`--no-requeue`): that would
 * wait two minutes, and nobody would know why. What the user wrote comes last, so that it counts.
 */
export function sbatchOptions(
  { name, tasks, resources, after, log, folder }: Submitting,
  { partition, account, options }: SlurmSettings,
): readonly string[] {
  const { cpus, memory, time } = resources;
  return [
    '--parsable',
    `--job-name=${name}`,
    `--array=0-${tasks - 1}`,
    // A percent sign would begin a pattern of Slurm's.
    `--output=${log.replaceAll('%', '%%')}-%a.log`,
    '--open-mode=append',
    `--chdir=${folder}`,
    '--no-requeue',
    '--export=ALL',
    '--kill-on-invalid-dep=yes',
    '--ntasks=1',
    ...(after.length > 0 ? [`--dependency=afterany:${after.join(':')}`] : []),
    ...(partition === null ? [] : [`--partition=${partition}`]),
    ...(account === null ? [] : [`--account=${account}`]),
    ...(cpus === null ? [] : [`--cpus-per-task=${cpus}`]),
    ...(memory === null ? [] : [`--mem=${Math.ceil(memory / MEBIBYTE)}M`]),
    ...(time === null ? [] : [`--time=${Math.ceil(time / 60)}`]),
    ...options,
  ];
}

/** Each task runs `groundproof job` of this very installation, in place of the shell: signals reach it. */
export const taskScript = (node: string, cli: string, folder: string, array: number): string =>
  `#!/bin/sh\nexec ${quoted(node)} ${quoted(cli)} job ${quoted(folder)} ${array} "$SLURM_ARRAY_TASK_ID"\n`;

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
