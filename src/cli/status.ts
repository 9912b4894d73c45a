import type { Command } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { nearPath } from '../report/summary.ts';
import { DONE, FAILED, refuse } from './exit.ts';
import {
  type ReporterOptions,
  refuseMissing,
  requestForStore,
  type StoreOptions,
  withReporter,
  withStoreOf,
} from './options.ts';

type StatusOptions = StoreOptions & ReporterOptions;

export const addStatus = (program: Command): Command =>
  withReporter(withStoreOf(program.command('status')))
    .description('show the state of the jobs that a pipeline has on Slurm')
    .action(async (pipeline: string | undefined, options: StatusOptions) => {
      process.exitCode = await statusCommand(pipeline, options);
    });

/** Exits with 1 if an action failed or a job was lost. */
async function statusCommand(pipeline: string | undefined, options: StatusOptions): Promise<number> {
  const request = requestForStore(pipeline, options);
  const refused = refuseMissing(request);
  if (refused !== undefined) return refused;
  const [{ statusOf }, { slurm }, { statusLines }] = await Promise.all([
    import('../slurm/status.ts'),
    import('../slurm/slurm.ts'),
    import('../slurm/text.ts'),
  ]);
  const status = await statusOf(request, slurm);
  if (!status.ok) return refuse(status.error);
  const { stdout, env } = process;
  const plainLines = () =>
    status.value.length > 0
      ? statusLines(status.value, paintFor(stdout, env))
      : [`no jobs of ${nearPath(request.pipeline)} were submitted`];
  const lines = options.reporter === 'json' ? status.value.map((submission) => jsonText(submission)) : plainLines();
  stdout.write(lines.map((line) => `${line}\n`).join(''));
  return status.value.some(({ failures }) => failures.length > 0) ? FAILED : DONE;
}
