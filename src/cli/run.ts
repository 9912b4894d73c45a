import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { RunFailure } from '../base/failure.ts';
import type { Request } from '../load/request.ts';
import { isLive } from '../report/paint.ts';
import type { Reporter } from '../report/reporter.ts';
import { nothingToDo } from '../run/nothing-to-do.ts';
import { addressIn, run } from '../run/run.ts';
import { DONE, exitCodeOf, FAILED, INTERRUPTED, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { requestFrom, type SharedOptions, withForce, withPipeline, withRemote, withScheduling } from './options.ts';
import { reproduceCommand } from './reproduce.ts';

type ReporterName = 'pretty' | 'plain' | 'json';

export const addRun = (program: Command): Command =>
  withRemote(withScheduling(withForce(withPipeline(program.command('run')))))
    .description('bring the targets up to date: execute the actions that changed, and reuse all other results')
    .addOption(
      new Option('--reporter <name>', 'how to show progress (default: pretty on a terminal, else plain)').choices([
        'pretty',
        'plain',
        'json',
      ]),
    )
    .addOption(
      new Option('--on <place>', 'execute on this machine or by Slurm (default: as in the pipeline)').choices([
        'local',
        'slurm',
      ]),
    )
    .option('--detach', 'submit the jobs to Slurm and return; see groundproof status')
    .option('--junit <file>', 'also write a JUnit XML file for CI: a suite for each step, a case for each action')
    .action(async (positionals: string[], { reporter, junit, detach = false, ...options }: RunOptions) => {
      process.exitCode = await runCommand(requestFrom(positionals, options), { reporter, junit, detach });
    });

interface Reports {
  readonly reporter?: ReporterName | undefined;
  readonly junit?: string | undefined;
  readonly detach?: boolean;
}
type RunOptions = SharedOptions & Reports;

async function runCommand(request: Request, { reporter: name, junit, detach }: Reports): Promise<number> {
  const chosen = await reporterFor(name, request);
  const fail = (failure: RunFailure): number => {
    chosen.report({ type: 'run-failed', failure });
    return refuse(failure);
  };
  const checked = addressIn(request);
  if (!checked.ok) return fail(checked.error);
  const reporter = await withJunit(chosen, junit);
  try {
    if (detach && !nothingToDo(request)) return await submitCommand(request, reporter);
    const signal = interruptible(reporter.say);
    const finished = await run(request, reporter.report, signal);
    if (finished.ok) return exitCodeOf(finished.value);
    // Interrupted before any action began, while a large source or the pipeline itself was read.
    return signal.aborted && finished.error.reason !== 'interrupted' ? INTERRUPTED : fail(finished.error);
  } finally {
    reporter.close();
  }
}

/** Submits the jobs, and says how to follow them. Fails if an action could not be submitted. */
async function submitCommand(request: Request, reporter: Reporter): Promise<number> {
  const [{ submit }, { hopelessLines }, { notSelectedLines }, { paintFor }] = await Promise.all([
    import('../slurm/submit.ts'),
    import('../report/plan.ts'),
    import('../report/summary.ts'),
    import('../report/paint.ts'),
  ]);
  const signal = interruptible(reporter.say);
  const submitted = await submit(request, reporter.report, signal);
  if (!submitted.ok) return refuse(submitted.error);
  if (signal.aborted) return INTERRUPTED;
  const { hasJobs, hopeless, notSelected } = submitted.value;
  const { stderr, env } = process;
  const lines = [...hopelessLines(hopeless, paintFor(stderr, env)), ...notSelectedLines(notSelected)];
  for (const line of lines) reporter.say(line);
  // Repeating `--force` would execute everything again.
  const nextStep = request.force
    ? 'when they have ended, the same command without --detach and --force shows the results'
    : 'the same command without --detach waits for them and shows the results';
  if (hasJobs) reporter.say(`groundproof status shows where they are; ${nextStep}`);
  else if (hopeless.length === 0)
    reporter.say('nothing to execute; the same command without --detach shows the results');
  return hopeless.length > 0 ? FAILED : DONE;
}

async function reporterFor(name: ReporterName | undefined, request: Request): Promise<Reporter> {
  const { stdout, stderr, env } = process;
  const chosen = name ?? (isLive(stderr, env) ? 'pretty' : 'plain');
  if (chosen === 'json') return (await import('../report/json-lines.ts')).jsonLinesReporter(process);
  const { paintFor } = await import('../report/paint.ts');
  const style = {
    paint: paintFor(stderr, env),
    paintOut: paintFor(stdout, env),
    reproduce: (action: string) => reproduceCommand(request, action),
  };
  if (chosen === 'pretty') return (await import('../report/pretty.ts')).prettyReporter(process, style);
  return (await import('../report/plain.ts')).plainReporter(process, style);
}

async function withJunit(chosen: Reporter, path: string | undefined): Promise<Reporter> {
  if (path === undefined) return chosen;
  const { allOf, junitReporter } = await import('../report/junit.ts');
  return allOf([chosen, junitReporter(resolve(path))]);
}
