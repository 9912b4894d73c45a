/** A pool of worker threads: spawned when first needed, each runs a job at a time and is replaced when it dies. */
import { Worker } from 'node:worker_threads';
import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { endProcesses, FINISH_MS, tellProcesses, untilAllEnded } from './end-processes.ts';
import type { FromWorker, Job, TaskOutputs, ToWorker } from './job.ts';
import type { ActionHooks } from './run-task.ts';
import { searchPath } from './shell-environment.ts';
import { noteOtherProcesses } from './survivors.ts';

export interface WorkerPool {
  /** Runs a job. When `hooks.signal` aborts, the task is told; if it goes on regardless, its thread is ended. */
  runInWorkerThread(job: Job, hooks: ActionHooks): Promise<Result<TaskOutputs, ActionFailure>>;
  close(): Promise<void>;
}

/** How long an aborted task may take to clean up. */
const GRACE_MS = 2000;

export function createWorkerPool(): WorkerPool {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  // The time zone belongs to the process, not to a thread. Closing the pool restores it for a program that embeds this.
  const zone = process.env.TZ;
  const addWorker = (): Worker => {
    process.env.TZ = 'UTC';
    noteOtherProcesses();
    const worker = new Worker(new URL('./worker.js', import.meta.url), { env: { PATH: searchPath() } });
    all.add(worker);
    worker.on('error', () => {}); // each job listens for itself; an idle worker that fails needs no report
    worker.on('exit', () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    return worker;
  };

  return {
    async runInWorkerThread(job, hooks) {
      const worker = idle.pop() ?? addWorker();
      const { result, isReusable } = await runOn(worker, job, hooks);
      if (isReusable) idle.push(worker);
      else void worker.terminate();
      if (!result.ok) endProcesses(job.scratch.root);
      return result;
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    },
  };
}

interface JobEnd {
  readonly result: Result<TaskOutputs, ActionFailure>;
  /** Whether the thread may have another job. After a failure it may not: remains of the task could end the thread. */
  readonly isReusable: boolean;
}

const failed = (failure: ActionFailure): JobEnd => ({ result: err(failure), isReusable: false });

/** Hands the job to the thread; resolves when the job has ended, or the thread with it. */
function runOn(worker: Worker, job: Job, { log, progress, signal }: ActionHooks): Promise<JobEnd> {
  const { root } = job.scratch;
  const tell = (message: ToWorker) => worker.postMessage(message);
  return new Promise((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    const abort = () => {
      tell({ type: 'abort' });
      tellProcesses('SIGTERM', root);
      grace = setTimeout(() => void worker.terminate(), GRACE_MS);
    };
    const settle = (end: JobEnd) => {
      clearTimeout(grace);
      signal.removeEventListener('abort', abort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(end);
    };
    // A program that the task started and did not wait for may still be writing.
    const settleMade = async ({ made, isTidy, mayHaveChildren }: Extract<FromWorker, { type: 'made' }>) => {
      const left = mayHaveChildren ? await untilAllEnded(root, { until: Date.now() + FINISH_MS }) : [];
      if (left.length > 0) settle(failed({ reason: 'still-running', processes: left }));
      else settle({ result: ok(made), isReusable: isTidy && !signal.aborted });
    };
    const onMessage = (message: FromWorker) => {
      switch (message.type) {
        case 'log':
          return log({ level: message.level, message: message.message });
        case 'progress':
          return progress(message.fraction);
        case 'made':
          return void settleMade(message);
        case 'failed':
          return settle(failed(message.failure));
      }
    };
    const onError = (error: Error) => settle(failed(uncaughtFailure(error)));
    const onExit = (code: number) =>
      settle(failed({ reason: 'worker-died', message: `it ended its process with code ${code}` }));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    tell({ type: 'job', job });
  });
}

/** The failure of a task whose thread died of an error that nobody caught. */
function uncaughtFailure(error: Error & { readonly code?: string }): ActionFailure {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return { reason: 'worker-died', message: 'it ran out of memory' };
  return { reason: 'threw', message: error.message ?? String(error), stack: error.stack ?? null };
}
