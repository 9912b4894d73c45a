import { relative } from 'node:path';
import type { Command } from 'commander';
import { countText } from '../report/list.ts';
import { DONE, refuse } from './exit.ts';
import { refuseMissing, requestFrom, type SharedOptions, withSelection } from './options.ts';

export const addLock = (program: Command): Command =>
  withSelection(
    program.command('lock').description('write the digests of all results to pipeline.lock, a file to commit'),
    'the actions or steps to update',
  ).action(async (positionals: string[], options: SharedOptions) => {
    process.exitCode = await lockCommand(positionals, options);
  });

async function lockCommand(positionals: string[], options: SharedOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  const refused = refuseMissing(request);
  if (refused !== undefined) return refused;
  const { lock } = await import('../verify/lock.ts');
  const locked = await lock(request);
  if (!locked.ok) return refuse(locked.error);
  const { path, actions, changed } = locked.value;
  const state = changed ? 'written' : 'as it was';
  process.stdout.write(`${relative(process.cwd(), path)}: ${countText(actions, 'action')}, ${state}\n`);
  return DONE;
}
