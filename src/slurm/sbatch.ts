/** The options of sbatch for a job array, and the script of its slots. Pure. */
import type { Resources, SlurmSettings } from '../pipeline/pipeline.ts';

export interface ArrayToSubmit {
  readonly name: string;
  readonly slots: number;
  readonly resources: Resources;
  /** Ids of the jobs that must have ended before, with success or failure. */
  readonly after: readonly string[];
  /** The path of the slots' logs, without index and extension. */
  readonly log: string;
  /** The working folder. */
  readonly folder: string;
}

const MEBIBYTE = 1 << 20;

/**
 * Slurm counts memory in MiB and time in minutes. It must not run a slot again by itself (`--no-requeue`): that would wait
 * for two minutes without an explanation. The user's options come last, so that they take precedence.
 */
export function sbatchOptions(
  { name, slots, resources, after, log, folder }: ArrayToSubmit,
  { partition, account, options }: SlurmSettings,
): readonly string[] {
  const { cpus, memory, time } = resources;
  return [
    '--parsable',
    `--job-name=${name}`,
    `--array=0-${slots - 1}`,
    // Slurm would read a single percent sign as the start of a pattern.
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

/** Runs `groundproof job` of this installation in place of the shell (`exec`), so that signals reach it. */
export const slotScript = (node: string, cli: string, folder: string, array: number): string =>
  `#!/bin/sh\nexec ${quoted(node)} ${quoted(cli)} job ${quoted(folder)} ${array} "$SLURM_ARRAY_TASK_ID"\n`;

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
