/** Performs a job: loads the task, hands it its inputs and outputs, and collects what it made. Runs in the worker. */
import { readFileSync } from 'node:fs';
import { type ActionFailure, accessDenied, fileSystemFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { fileSignature, type Signature } from '../files/signature.ts';
import { loadModule } from '../load/load-module.ts';
import type { LogLine } from '../store/result.ts';
import type { Log, RunContext, Task } from '../task/define.ts';
import { aboutCode } from './about-code.ts';
import { inputReader } from './input-readers.ts';
import type { Job, Made, MadeOutput } from './job.ts';
import { outputWriter } from './output-writers.ts';
import { OutputInvalid } from './take-output.ts';

export interface Ears {
  log(line: LogLine): void;
  progress(fraction: number): void;
  readonly signal: AbortSignal;
}

export async function performTask(job: Job, ears: Ears): Promise<Result<Made, ActionFailure>> {
  const { interface: declared, inputs, room } = job;
  try {
    const task = await loadTask(job);
    const writers = Object.entries(declared.outputs).map(([port, output]) => ({
      port,
      output,
      writer: outputWriter(port, output, room.outputs),
    }));
    // What a task without types logs may be anything.
    const log: Log = Object.assign((message: string) => ears.log({ level: 'info', message: String(message) }), {
      notice: (message: string) => ears.log({ level: 'notice', message: String(message) }),
      warn: (message: string) => ears.log({ level: 'warning', message: String(message) }),
    });
    const context: RunContext<unknown, unknown, unknown> = {
      inputs: mapPorts(declared.inputs, (port, input) => inputReader(port, input, inputs[port] ?? null)),
      params: job.params,
      outputs: Object.fromEntries(writers.map(({ port, writer }) => [port, writer.handle])),
      log,
      progress: ears.progress,
      signal: ears.signal,
      ...(job.network && { network: job.network }),
    };
    await task.run(context as unknown as RunContext<never, never, never>);
    const outputs: { [port: string]: MadeOutput | null } = {};
    for (const { port, output, writer } of writers) {
      const made = writer.finish();
      if (made === null && !('optional' in output && output.optional)) return err({ reason: 'output-missing', port });
      outputs[port] = made;
    }
    const headline = writers.map(({ writer }) => writer.headline?.() ?? null).find((found) => found !== null);
    return ok({ outputs, headline: headline ?? null });
  } catch (error) {
    return err(taskFailure(error));
  }
}

/** How each code looked when its content was compared: a large one takes longer to hash than a small action. */
const compared = new Map<Digest, Signature | undefined>();

async function loadTask({ code }: Job): Promise<Task> {
  const { path, digest } = code;
  const { text } = aboutCode(code);
  const signature = fileSignature(path);
  if (signature === undefined || compared.get(digest) !== signature) {
    if (digestOf(readFileSync(path)) !== digest || digestOf(text) !== digest) {
      throw new Error(`the kept code ${path} was changed; delete it and run again`);
    }
    compared.set(digest, signature);
  }
  return (await loadModule(path, text)) as Task;
}

const mapPorts = <P, V>(ports: { readonly [port: string]: P }, map: (port: string, declared: P) => V) =>
  Object.fromEntries(Object.entries(ports).map(([port, declared]) => [port, map(port, declared)]));

/** What a task threw. DataError is told by its name: the task's copy of the class may be another one. */
export function taskFailure(error: unknown): ActionFailure {
  const denied = accessDenied(error);
  if (denied) return denied;
  if (error instanceof OutputInvalid) return { reason: 'output-invalid', port: error.port, message: error.message };
  if (!(error instanceof Error)) return { reason: 'threw', message: String(error), stack: null };
  if (error.name === 'DataError') return { reason: 'data', message: error.message };
  return fileSystemFailure(error) ?? { reason: 'threw', message: error.message, stack: error.stack ?? null };
}
