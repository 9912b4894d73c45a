import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { requestOf } from '../load/request.ts';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { nearPath } from '../report/summary.ts';
import { DONE, FAILED, refuse } from './exit.ts';
import { type StoreOptions, withStore } from './store-option.ts';

interface StatusOptions extends StoreOptions {
  readonly reporter: 'plain' | 'json';
}

export const addStatus = (program: Command): Command =>
  withStore(program.command('status'))
    .description("say where a pipeline's jobs on a cluster stand")
    .addOption(new Option('--reporter <name>', 'how it is told').choices(['plain', 'json']).default('plain'))
    .action(async (pipeline: string | undefined, options: StatusOptions) => {
      process.exitCode = await statusCommand(pipeline, options);
    });

/** 1 where something failed or was lost. */
async function statusCommand(named: string | undefined, { store, reporter }: StatusOptions): Promise<number> {
  const request = requestOf({ ...(named === undefined ? {} : { pipeline: named }), ...(store && { store }) });
  if (!existsSync(request.pipeline)) return refuse({ reason: 'pipeline-missing', path: request.pipeline });
  const [{ statusOf }, { slurm }, { statusLines }] = await Promise.all([
    import('../slurm/status.ts'),
    import('../slurm/slurm.ts'),
    import('../slurm/text.ts'),
  ]);
  const status = await statusOf(request, slurm);
  if (!status.ok) return refuse(status.error);
  const { stdout, env } = process;
  const none = [`no jobs of ${nearPath(request.pipeline)} were submitted`];
  const text = status.value.length > 0 ? statusLines(status.value, paintFor(stdout, env)) : none;
  const lines = reporter === 'json' ? status.value.map((one) => jsonText(one)) : text;
  stdout.write(lines.map((line) => `${line}\n`).join(''));
  return status.value.some(({ failures }) => failures.length > 0) ? FAILED : DONE;
}
