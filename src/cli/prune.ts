import type { Command } from 'commander';
import { outBusyText, prunedLines } from '../report/out.ts';
import { DONE, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { refuseMissing, requestFrom, type SharedOptions, withPipeline } from './options.ts';

interface PruneOptions extends SharedOptions {
  readonly dryRun?: boolean;
}

export const addPrune = (program: Command): Command =>
  withPipeline(program.command('prune'))
    .description('remove outputs from out/ that no step makes any more; files of your own stay')
    .option('--dry-run', 'only list the outputs that would be removed')
    .action(async (positionals: string[], options: PruneOptions) => {
      process.exitCode = await pruneCommand(positionals, options);
    });

async function pruneCommand(positionals: string[], { dryRun = false, ...options }: PruneOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  const refused = refuseMissing(request);
  if (refused !== undefined) return refused;
  if (request.targets.length > 0) return refuse({ reason: 'usage', message: 'prune takes a pipeline (*.yaml)' });
  const { prune } = await import('../run/prune.ts');
  const pruned = await prune(request, {
    dryRun,
    emit: (event) => void (event.type === 'out-busy' && process.stderr.write(`${outBusyText(event)}\n`)),
    signal: interruptible(),
  });
  if (!pruned.ok) return refuse(pruned.error);
  process.stdout.write(`${prunedLines(pruned.value, { out: request.out, dryRun }).join('\n')}\n`);
  return DONE;
}
