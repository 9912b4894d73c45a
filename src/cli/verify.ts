import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { jsonText } from '../report/controls.ts';
import { paintFor } from '../report/paint.ts';
import type { VerifyEvent, VerifyFinished } from '../verify/event.ts';
import { DONE, FAILED, INTERRUPTED, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { liveLine } from './live-line.ts';
import {
  type ReporterOptions,
  refuseMissing,
  requestFrom,
  type SharedOptions,
  wholeNumber,
  withPipeline,
  withReporter,
} from './options.ts';

interface VerifyOptions extends SharedOptions, ReporterOptions {
  readonly sample?: number;
  readonly seed?: string;
}

export const addVerify = (program: Command): Command =>
  withReporter(withPipeline(program.command('verify')))
    .description('execute actions again under other conditions, and compare with pipeline.lock or the store')
    .option('--sample <number>', 'execute only this many actions, chosen by the seed', wholeNumber)
    .option('--seed <text>', 'any text that chooses the sample (default: the digest of the lock or the results)')
    .option('--jobs <number>', 'how many actions run at once (default: the number of cores plus 1)', wholeNumber)
    .action(async (positionals: string[], options: VerifyOptions) => {
      process.exitCode = await verifyCommand(positionals, options);
    });

async function verifyCommand(positionals: string[], { sample, seed, reporter, ...shared }: VerifyOptions) {
  const request = requestFrom(positionals, { ...shared, jobs: shared.jobs ?? availableParallelism() + 1 });
  const refused = refuseMissing(request);
  if (refused !== undefined) return refused;
  const { verify } = await import('../verify/verify.ts');
  const sampled = { ...request, sample: sample ?? null, seed: seed ?? null };
  const verified = await verify(sampled, await reporterFor(reporter), interruptible());
  return verified.ok ? exitCodeOf(verified.value) : refuse(verified.error);
}

function exitCodeOf({ differs, failed, gone, interrupted }: VerifyFinished): number {
  if (interrupted) return INTERRUPTED;
  return differs + failed + gone.length > 0 ? FAILED : DONE;
}

async function reporterFor(name: 'plain' | 'json'): Promise<(event: VerifyEvent) => void> {
  const { stdout, stderr, env } = process;
  if (name === 'json') return (event) => void stdout.write(`${jsonText(event)}\n`);
  const { verifyCountLines, verifiedLines, verifyStartLines } = await import('../verify/text.ts');
  const paint = paintFor(stdout, env);
  const write = (stream: NodeJS.WriteStream, lines: readonly string[]) =>
    void stream.write(lines.map((line) => `${line}\n`).join(''));
  const show = liveLine();
  let [executed, of] = [0, 0];
  return (event) => {
    show('');
    if (event.type === 'verify-started') write(stderr, verifyStartLines(event));
    else if (event.type === 'action-verified') write(stdout, verifiedLines(event, paint));
    else return write(stdout, verifyCountLines(event, paint));
    if (event.type === 'verify-started') of = event.sampled;
    else if (event.executed) executed++;
    show(`${executed} of ${of}`);
  };
}
