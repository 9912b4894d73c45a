import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom, type SharedOptions, withForce, withPipeline } from './options.ts';

export const addPlan = (program: Command): Command =>
  withForce(withPipeline(program.command('plan')))
    .description('say what run would do and why, and run nothing; a remote cache is not asked')
    .addOption(new Option('--reporter <name>', 'how it is told').choices(['plain', 'json']).default('plain'))
    .action(async (positionals: string[], options: SharedOptions & { reporter: 'plain' | 'json' }) => {
      process.exitCode = await planCommand(positionals, options);
    });

async function planCommand(positionals: string[], options: SharedOptions & { reporter: 'plain' | 'json' }) {
  const request = requestFrom(positionals, options);
  if (!existsSync(request.pipeline)) return refuse({ reason: 'pipeline-missing', path: request.pipeline });
  const { plan } = await import('../plan/plan.ts');
  const planned = await plan(request);
  if (!planned.ok) return refuse(planned.error);
  const { planLines } = await import('../report/plan.ts');
  const { stdout, env } = process;
  const lines =
    options.reporter === 'json'
      ? planned.value.map((event) => jsonText(event))
      : planLines(planned.value, paintFor(stdout, env));
  stdout.write(`${lines.join('\n')}\n`);
  return DONE;
}
