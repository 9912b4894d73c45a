import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { ok } from '../base/result.ts';
import type { GraphFormat } from '../report/graph.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom, type SharedOptions, withPipeline } from './options.ts';

export const addGraph = (program: Command): Command =>
  withPipeline(program.command('graph'))
    .description('show the steps and what they take from each other')
    .addOption(new Option('--format <name>', 'how').choices(['text', 'mermaid', 'dot', 'json']).default('text'))
    .action(async (positionals: string[], options: SharedOptions & { format: GraphFormat }) => {
      process.exitCode = await graphCommand(positionals, options);
    });

async function graphCommand(positionals: string[], options: SharedOptions & { format: GraphFormat }) {
  const request = requestFrom(positionals, options);
  if (!existsSync(request.pipeline)) return refuse({ reason: 'pipeline-missing', path: request.pipeline });
  const [{ withSession }, { graphText }] = await Promise.all([
    import('../plan/session.ts'),
    import('../report/graph.ts'),
  ]);
  const text = await withSession(request, async ({ graph }) => ok(graphText(graph, options.format)));
  if (!text.ok) return refuse(text.error);
  process.stdout.write(`${text.value}\n`);
  return DONE;
}
