import type { Command } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom, type StoreOptions, withFormat, withStore } from './options.ts';

interface ExplainOptions extends StoreOptions {
  readonly run?: string;
  readonly format: 'text' | 'json';
}

export const addExplain = (program: Command): Command =>
  withFormat(
    withStore(
      program
        .command('explain')
        .description('say why a run executed an action or reused its result, down to the value that changed')
        .argument('<pipeline-and-action...>', 'a pipeline (*.yaml; default: pipeline.yaml), then an action')
        .option('--run <id>', 'the start of a run id, or previous (default: the last run)'),
    ),
    ['text', 'json'],
  ).action(async (positionals: string[], options: ExplainOptions) => {
    process.exitCode = await explainCommand(positionals, options);
  });

async function explainCommand(positionals: string[], { run, format, ...options }: ExplainOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  const [action, ...others] = request.targets;
  if (action === undefined || others.length > 0) {
    return refuse({ reason: 'usage', message: 'explain takes one action, such as detect@20160415_patch2' });
  }
  const { explainLast } = await import('../explain/ask.ts');
  const explained = await explainLast(request, action, run);
  if (!explained.ok) return refuse(explained.error);
  const { stdout, env } = process;
  if (format === 'json') stdout.write(`${jsonText(explained.value, 2)}\n`);
  else {
    const { explainLines } = await import('../explain/text.ts');
    stdout.write(`${explainLines(explained.value, paintFor(stdout, env)).join('\n')}\n`);
  }
  return DONE;
}
