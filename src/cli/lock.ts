import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { Command } from 'commander';
import { countText } from '../report/list.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom, type SharedOptions } from './options.ts';

export const addLock = (program: Command): Command =>
  program
    .command('lock')
    .description('write the digests of all results to pipeline.lock, to be committed')
    .argument(
      '[pipeline-and-targets...]',
      'a pipeline (*.yaml; default pipeline.yaml), then actions or steps whose lines are written anew (default: all)',
    )
    .option('--store <folder>', 'where results are kept (default: cache/ beside the pipeline, or $GROUNDPROOF_STORE)')
    .action(async (positionals: string[], options: SharedOptions) => {
      process.exitCode = await lockCommand(positionals, options);
    });

async function lockCommand(positionals: string[], options: SharedOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  if (!existsSync(request.pipeline)) return refuse({ reason: 'pipeline-missing', path: request.pipeline });
  const { lock } = await import('../verify/lock.ts');
  const locked = await lock(request);
  if (!locked.ok) return refuse(locked.error);
  const { path, actions, changed } = locked.value;
  const said = `${relative(process.cwd(), path)}: ${countText(actions, 'action')}, ${changed ? 'written' : 'as it was'}`;
  process.stdout.write(`${said}\n`);
  return DONE;
}
