import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { storePaths } from '../cache/store-paths.ts';
import { entryAt } from '../entry-at.ts';
import { fileSystemFailure } from '../failure.ts';
import { addressOf } from '../remote/address.ts';
import { isLive } from '../report/live.ts';
import type { Reporter } from '../report/reporter.ts';
import { type Request, requestName } from '../run/request.ts';
import { newRunId, recordRun } from '../run/run-record.ts';
import { readUpToDate, type UpToDate } from '../run/up-to-date.ts';
import { DONE, exitCodeOf, FAILED, INTERRUPTED, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { requestFrom, type SharedOptions, withForce, withPipeline, withRemote, withScheduling } from './options.ts';
import { reproduceCommand } from './reproduce.ts';

type ReporterName = 'pretty' | 'plain' | 'json';

export const addRun = (program: Command): Command =>
  withRemote(withScheduling(withForce(withPipeline(program.command('run')))))
    .description('bring targets up to date')
    .addOption(
      new Option('--reporter <name>', 'how progress is told (default: pretty on a terminal, else plain)').choices([
        'pretty',
        'plain',
        'json',
      ]),
    )
    .addOption(
      new Option('--on <place>', 'where actions are executed (default: where the pipeline says)').choices([
        'local',
        'slurm',
      ]),
    )
    .option('--detach', 'submit the jobs and return; groundwork status shows where they are')
    .option('--junit <file>', 'also write a JUnit XML file: a suite a step, a case an action')
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
  if (!existsSync(request.pipeline)) return refuse({ reason: 'pipeline-missing', path: request.pipeline });
  const address = addressOf(request.remote, process.env);
  if (!address.ok) return refuse(address.error);
  const reporter = await reporterFor(name, request).then((chosen) => withJunit(chosen, junit));
  try {
    // Whether another place has the results as well, the record does not know.
    const long = request.force || request.remote?.write;
    const record = long ? undefined : readUpToDate(storePaths(request.store), requestName(request));
    if (record) return reportUpToDate(record, request, reporter);
    if (detach) return await submitCommand(request, reporter);
    const { run } = await import('../run/run.ts');
    const finished = await run(request, reporter.report, interruptible(reporter.say));
    return finished.ok ? exitCodeOf(finished.value) : refuse(finished.error);
  } finally {
    reporter.close();
  }
}

/** Leaves the jobs to themselves, and says how to find them again. What could not be submitted has failed. */
async function submitCommand(request: Request, reporter: Reporter): Promise<number> {
  const [{ submit }, { hopelessLines }, { paintFor }] = await Promise.all([
    import('../run/cluster/submit.ts'),
    import('../report/plan.ts'),
    import('../report/paint.ts'),
  ]);
  const signal = interruptible(reporter.say);
  const submitted = await submit(request, reporter.report, signal);
  if (!submitted.ok) return refuse(submitted.error);
  if (signal.aborted) return INTERRUPTED;
  const { hasJobs, hopeless } = submitted.value;
  const { stderr, env } = process;
  for (const line of hopelessLines(hopeless, paintFor(stderr, env))) reporter.say(line);
  // Forced again once they have ended, everything would be.
  const then = request.force
    ? 'when they have ended, the same command without --detach and --force shows the results'
    : 'the same command without --detach waits for them and shows the results';
  if (hasJobs) reporter.say(`groundwork status shows where they are; ${then}`);
  else if (hopeless.length === 0)
    reporter.say('nothing to execute; the same command without --detach shows the results');
  return hopeless.length > 0 ? FAILED : DONE;
}

async function reporterFor(name: ReporterName | undefined, request: Request): Promise<Reporter> {
  const { stdout, stderr, env } = process;
  const chosen = name ?? (isLive(stderr, env) ? 'pretty' : 'plain');
  if (chosen === 'json') return (await import('../report/json-lines.ts')).jsonLinesReporter(process);
  const { paintFor } = await import('../report/paint.ts');
  const look = {
    paint: paintFor(stderr, env),
    paintOut: paintFor(stdout, env),
    reproduce: (action: string) => reproduceCommand(request, action),
  };
  if (chosen === 'pretty') return (await import('../report/pretty.ts')).prettyReporter(process, look);
  return (await import('../report/plain.ts')).plainReporter(process, look);
}

async function withJunit(chosen: Reporter, path: string | undefined): Promise<Reporter> {
  if (path === undefined) return chosen;
  const { allOf, junitReporter } = await import('../report/junit.ts');
  return allOf([chosen, junitReporter(resolve(path))]);
}

/** Nothing to do: the same events as ever, every action reused. */
function reportUpToDate(
  { run: sameAs, pipeline, steps, actions, warnings, headline, report: page }: UpToDate,
  request: Request,
  { report }: Reporter,
): number {
  const began = new Date();
  const run = newRunId();
  report({ type: 'run-started', run, pipeline, steps, jobs: request.jobs, on: 'local' });
  for (const action of actions) {
    report({
      type: 'action-finished',
      action,
      outcome: 'reused',
      warnings: entryAt(warnings, action) ?? [],
      milliseconds: 0,
    });
  }
  remember({ run, began: began.toISOString(), request, sameAs });
  report({
    type: 'run-finished',
    run,
    executed: 0,
    reused: actions.length,
    failed: 0,
    blocked: 0,
    cancelled: 0,
    milliseconds: Date.now() - began.getTime(),
    interrupted: false,
    out: request.out,
    report: page,
    headline,
    remote: null,
  });
  return 0;
}

/** What a read-only store cannot take is only the memory of a run in which nothing happened. */
function remember(record: Parameters<typeof recordRun>[1]): void {
  try {
    recordRun(storePaths(record.request.store), record);
  } catch (error) {
    if (fileSystemFailure(error) === undefined) throw error;
  }
}
