import type { Command } from 'commander';
import { ok } from '../base/result.ts';
import type { GraphFormat } from '../report/graph.ts';
import { DONE, refuse } from './exit.ts';
import { refuseMissing, requestFrom, type SharedOptions, withFormat, withPipeline } from './options.ts';

interface GraphOptions extends SharedOptions {
  readonly format: GraphFormat;
}

export const addGraph = (program: Command): Command =>
  withFormat(withPipeline(program.command('graph')), ['text', 'mermaid', 'dot', 'json'])
    .description('show the steps of the pipeline and the inputs that connect them')
    .action(async (positionals: string[], options: GraphOptions) => {
      process.exitCode = await graphCommand(positionals, options);
    });

async function graphCommand(positionals: string[], { format, ...options }: GraphOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  const refused = refuseMissing(request);
  if (refused !== undefined) return refused;
  const [{ withSession }, { graphText }] = await Promise.all([
    import('../plan/session.ts'),
    import('../report/graph.ts'),
  ]);
  const text = await withSession(request, async ({ graph }) => ok(graphText(graph, format)));
  if (!text.ok) return refuse(text.error);
  process.stdout.write(`${text.value}\n`);
  return DONE;
}
