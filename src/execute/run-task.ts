/** Runs a task in this thread: loads it, hands it its inputs and outputs, and collects the outputs. */
import { readFileSync } from 'node:fs';
import { type ActionFailure, accessDenied, fileSystemFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { fileSignature, type Signature } from '../files/signature.ts';
import { loadModule } from '../load/load-module.ts';
import type { LogLine } from '../store/result.ts';
import type { Log, RunContext, Task } from '../task/define.ts';
import { inputReader } from './input-readers.ts';
import { inspectCode } from './inspect-code.ts';
import type { Job, TaskOutput, TaskOutputs } from './job.ts';
import { outputWriter } from './output-writers.ts';
import { OutputInvalid } from './take-output.ts';

/** How an executing action reports its log and its progress, and learns that it has to stop. */
export interface ActionHooks {
  log(line: LogLine): void;
  /** From 0 to 1. */
  progress(fraction: number): void;
  readonly signal: AbortSignal;
}

export async function runTaskInThisThread(job: Job, hooks: ActionHooks): Promise<Result<TaskOutputs, ActionFailure>> {
  const { interface: declared, inputs, scratch } = job;
  try {
    const task = await loadTask(job);
    const writers = Object.entries(declared.outputs).map(([port, output]) => ({
      port,
      output,
      writer: outputWriter(port, output, scratch.outputs),
    }));
    // A task without types may log any value.
    const log: Log = Object.assign((message: string) => hooks.log({ level: 'info', message: String(message) }), {
      notice: (message: string) => hooks.log({ level: 'notice', message: String(message) }),
      warn: (message: string) => hooks.log({ level: 'warning', message: String(message) }),
    });
    const context: RunContext<unknown, unknown, unknown> = {
      inputs: mapPorts(declared.inputs, (port, input) => inputReader(port, input, inputs[port] ?? null)),
      params: job.params,
      outputs: Object.fromEntries(writers.map(({ port, writer }) => [port, writer.handle])),
      log,
      progress: hooks.progress,
      signal: hooks.signal,
      ...(job.network && { network: job.network }),
    };
    await task.run(context as unknown as RunContext<never, never, never>);
    const outputs: { [port: string]: TaskOutput | null } = {};
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

/** The signature of each code when its content was last hashed: hashing large code takes longer than a small action. */
const signatures = new Map<Digest, Signature | undefined>();

async function loadTask({ code }: Job): Promise<Task> {
  const { path, digest } = code;
  const { text } = inspectCode(code);
  const signature = fileSignature(path);
  if (signature === undefined || signatures.get(digest) !== signature) {
    if (digestOf(readFileSync(path)) !== digest || digestOf(text) !== digest) {
      throw new Error(`the stored code ${path} was changed; delete it and run again`);
    }
    signatures.set(digest, signature);
  }
  return (await loadModule(path, text)) as Task;
}

const mapPorts = <P, V>(ports: { readonly [port: string]: P }, map: (port: string, declared: P) => V) =>
  Object.fromEntries(Object.entries(ports).map(([port, declared]) => [port, map(port, declared)]));

/** The failure for an error that a task threw. Knows DataError by its name, since the task may have a copy of the class. */
export function taskFailure(error: unknown): ActionFailure {
  const denied = accessDenied(error);
  if (denied) return denied;
  if (error instanceof OutputInvalid) return { reason: 'output-invalid', port: error.port, message: error.message };
  if (!(error instanceof Error)) return { reason: 'threw', message: String(error), stack: null };
  if (error.name === 'DataError') return { reason: 'data', message: error.message };
  return fileSystemFailure(error) ?? { reason: 'threw', message: error.message, stack: error.stack ?? null };
}
