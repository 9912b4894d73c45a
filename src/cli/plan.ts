import type { Command } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { DONE, refuse } from './exit.ts';
import {
  type ReporterOptions,
  refuseMissing,
  requestFrom,
  type SharedOptions,
  withForce,
  withPipeline,
  withReporter,
} from './options.ts';

type PlanOptions = SharedOptions & ReporterOptions;

export const addPlan = (program: Command): Command =>
  withReporter(withForce(withPipeline(program.command('plan'))))
    .description('show which actions a run would execute and why; executes nothing and asks no remote cache')
    .action(async (positionals: string[], options: PlanOptions) => {
      process.exitCode = await planCommand(positionals, options);
    });

async function planCommand(positionals: string[], { reporter, ...options }: PlanOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  const refused = refuseMissing(request);
  if (refused !== undefined) return refused;
  const { plan } = await import('../plan/plan.ts');
  const planned = await plan(request);
  if (!planned.ok) return refuse(planned.error);
  const { planLines } = await import('../report/plan.ts');
  const { stdout, env } = process;
  const lines =
    reporter === 'json'
      ? planned.value.map((event) => jsonText(event))
      : planLines(planned.value, paintFor(stdout, env));
  stdout.write(`${lines.join('\n')}\n`);
  return DONE;
}
