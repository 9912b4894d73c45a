import { appendFileSync } from 'node:fs';
import type { Command } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom, type StoreOptions, withFormat, withStore } from './options.ts';

interface DiffOptions extends StoreOptions {
  readonly format: 'text' | 'json' | 'markdown';
  readonly stepSummary?: boolean;
}

export const addDiff = (program: Command): Command =>
  withFormat(
    withStore(
      program
        .command('diff')
        .description('compare two runs: parameters, code, inputs, and tables down to rows and columns')
        .argument(
          '[pipeline-and-runs...]',
          'a pipeline (*.yaml; default: pipeline.yaml), then up to two runs: the start of an id, last or previous ' +
            '(default: previous and last; a single run is compared with the last)',
        ),
    ),
    ['text', 'json', 'markdown'],
  )
    .option('--step-summary', 'in GitHub Actions, also append the result as markdown to the step summary')
    .action(async (positionals: string[], options: DiffOptions) => {
      process.exitCode = await diffCommand(positionals, options);
    });

async function diffCommand(positionals: string[], { format, stepSummary, ...options }: DiffOptions): Promise<number> {
  const request = requestFrom(positionals, options);
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

/** Appends to the file that GitHub Actions names. Fails the command if it cannot; the diff is printed by then. */
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
