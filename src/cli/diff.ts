import { appendFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom } from './options.ts';

type Format = 'text' | 'json' | 'markdown';

interface Options {
  readonly store?: string;
  readonly format: Format;
  readonly stepSummary?: boolean;
}

export const addDiff = (program: Command): Command =>
  program
    .command('diff')
    .description('compare two runs: parameters, code, inputs, and tables down to rows and columns')
    .argument(
      '[pipeline-and-runs...]',
      'a pipeline (*.yaml; default pipeline.yaml), then runs: ids or the start of them, last, previous ' +
        '(default: previous and last; one is compared with the last)',
    )
    .option('--store <folder>', 'where results are kept (default: cache/ beside the pipeline, or $GROUNDPROOF_STORE)')
    .addOption(new Option('--format <name>', 'how').choices(['text', 'json', 'markdown']).default('text'))
    .option('--step-summary', 'in GitHub Actions: append it as markdown to the step summary too')
    .action(async (positionals: string[], options: Options) => {
      process.exitCode = await diffCommand(positionals, options);
    });

async function diffCommand(positionals: string[], { store, format, stepSummary }: Options): Promise<number> {
  const request = requestFrom(positionals, store === undefined ? {} : { store });
  const { stdout, env } = process;
  if (request.targets.length > 2) return refuse({ reason: 'usage', message: 'diff takes at most two runs' });
  const summary = env.GITHUB_STEP_SUMMARY;
  if (stepSummary && !summary) {
    const message = '--step-summary needs GITHUB_STEP_SUMMARY, which GitHub Actions sets to the file of the step';
    return refuse({ reason: 'usage', message });
  }
  const { diff } = await import('../diff/ask.ts');
  const found = await diff(request, request.targets);
  if (!found.ok) return refuse(found.error);
  const [{ diffLines }, { diffMarkdown }] = await Promise.all([
    import('../diff/text.ts'),
    import('../diff/markdown.ts'),
  ]);
  if (format === 'json') stdout.write(`${jsonText(found.value, 2)}\n`);
  else if (format === 'markdown') stdout.write(diffMarkdown(found.value));
  else stdout.write(`${diffLines(found.value, paintFor(stdout, env)).join('\n')}\n`);
  return stepSummary && summary ? appendSummary(summary, diffMarkdown(found.value)) : DONE;
}

/** Appends to the file that GitHub Actions names; an unusable one fails the command, which has printed the diff by then. */
function appendSummary(path: string, markdown: string): number {
  try {
    appendFileSync(path, markdown);
    return DONE;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const hint = 'the folder of that file must exist, and the file must be writable';
    return refuse({
      reason: 'usage',
      message: `the step summary in GITHUB_STEP_SUMMARY was not written: ${message}`,
      hint,
    });
  }
}
