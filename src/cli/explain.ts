import { type Command, Option } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom } from './options.ts';

interface Options {
  readonly run?: string;
  readonly store?: string;
  readonly format: 'text' | 'json';
}

export const addExplain = (program: Command): Command =>
  program
    .command('explain')
    .description('say why the last run executed an action or reused its result, down to the value that changed')
    .argument('<pipeline-and-action...>', 'a pipeline (*.yaml; default pipeline.yaml), then an action')
    .option('--run <id>', 'explain this run instead of the last: its id or the start of it, or previous')
    .option('--store <folder>', 'where results are kept (default: cache/ beside the pipeline, or $GROUNDPROOF_STORE)')
    .addOption(new Option('--format <name>', 'how').choices(['text', 'json']).default('text'))
    .action(async (positionals: string[], options: Options) => {
      process.exitCode = await explainCommand(positionals, options);
    });

async function explainCommand(positionals: string[], { run, store, format }: Options): Promise<number> {
  const request = requestFrom(positionals, store === undefined ? {} : { store });
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
