import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { outBusyText, prunedLines } from '../report/out.ts';
import { DONE, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { requestFrom, type SharedOptions, withPipeline } from './options.ts';

interface PruneOptions extends SharedOptions {
  readonly dryRun?: boolean;
}

export const addPrune = (program: Command): Command =>
  withPipeline(program.command('prune'))
    .description('remove from out/ what no step of the pipeline makes any more; own files there stay')
    .option('--dry-run', 'say what would go, and remove nothing')
    .action(async (positionals: string[], { dryRun = false, ...options }: PruneOptions) => {
      process.exitCode = await pruneCommand(positionals, options, dryRun);
    });

async function pruneCommand(positionals: string[], options: SharedOptions, dryRun: boolean): Promise<number> {
  const request = requestFrom(positionals, options);
  if (!existsSync(request.pipeline)) return refuse({ reason: 'pipeline-missing', path: request.pipeline });
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
