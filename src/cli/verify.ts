import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { jsonText } from '../report/controls.ts';
import { isLive, paintFor } from '../report/paint.ts';
import { ownSequence } from '../report/terminal.ts';
import type { VerifyEvent } from '../verify/event.ts';
import { DONE, FAILED, INTERRUPTED, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { requestFrom, type SharedOptions, wholeNumber, withPipeline } from './options.ts';

interface VerifyOptions extends SharedOptions {
  readonly sample?: number;
  readonly seed?: string;
  readonly reporter: 'plain' | 'json';
}

export const addVerify = (program: Command): Command =>
  withPipeline(program.command('verify'))
    .description('execute actions again under other conditions and compare with pipeline.lock, or with the store')
    .option('--sample <number>', 'execute only so many, chosen by the seed', wholeNumber)
    .option('--seed <text>', 'what chooses the sample (default: the digest of the lock, or of the results)')
    .option('--jobs <number>', 'how many at once (default: one more than there are cores)', wholeNumber)
    .addOption(new Option('--reporter <name>', 'how it is told').choices(['plain', 'json']).default('plain'))
    .action(async (positionals: string[], options: VerifyOptions) => {
      process.exitCode = await verifyCommand(positionals, options);
    });

async function verifyCommand(positionals: string[], { sample, seed, reporter, ...shared }: VerifyOptions) {
  const request = requestFrom(positionals, { ...shared, jobs: shared.jobs ?? availableParallelism() + 1 });
  if (!existsSync(request.pipeline)) return refuse({ reason: 'pipeline-missing', path: request.pipeline });
  const { verify } = await import('../verify/verify.ts');
  const asked = { ...request, sample: sample ?? null, seed: seed ?? null };
  const verified = await verify(asked, await reporterFor(reporter), interruptible());
  if (!verified.ok) return refuse(verified.error);
  const { differs, failed, gone, interrupted } = verified.value;
  return interrupted ? INTERRUPTED : differs + failed + gone.length > 0 ? FAILED : DONE;
}

async function reporterFor(name: 'plain' | 'json'): Promise<(event: VerifyEvent) => void> {
  const { stdout, stderr, env } = process;
  if (name === 'json') return (event) => void stdout.write(`${jsonText(event)}\n`);
  const { verifyCountLines, verifiedLines, verifyStartLines } = await import('../verify/text.ts');
  const paint = paintFor(stdout, env);
  const write = (stream: NodeJS.WriteStream, lines: readonly string[]) =>
    void stream.write(lines.map((line) => `${line}\n`).join(''));
  const live = isLive(stderr, env);
  const show = (text: string) => void (live && stderr.write(`${ownSequence('\r\u001b[K')}${text}`));
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
