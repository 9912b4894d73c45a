/** A pool of worker threads: spawned when first needed, one job at a time each, replaced when they die. */
import { Worker } from 'node:worker_threads';
import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { LogLine } from '../store/result.ts';
import { endProcesses, FINISH_MS, tellProcesses, untilAllEnded } from './end-processes.ts';
import type { FromWorker, Job, Made, ToWorker } from './job.ts';
import { searchPath } from './shell-environment.ts';
import { noteOtherProcesses } from './survivors.ts';

export interface WorkerPool {
  /** Performs a job. When `signal` aborts, the task is told; if it does not heed, its thread is ended. */
  perform(
    job: Job,
    ears: { log(line: LogLine): void; progress(fraction: number): void; signal: AbortSignal },
  ): Promise<Result<Made, ActionFailure>>;
  close(): Promise<void>;
}

/** How long an aborted task may take to clean up. */
const GRACE_MS = 2000;

export function createWorkerPool(): WorkerPool {
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  // The zone is the process's, not a thread's. It is given back when the pool closes, for a program that embeds this.
  const zone = process.env.TZ;
  const spawn = (): Worker => {
    process.env.TZ = 'UTC';
    noteOtherProcesses();
    const worker = new Worker(new URL('./worker.js', import.meta.url), { env: { PATH: searchPath() } });
    all.add(worker);
    worker.on('error', () => {}); // each job listens for itself; an idle worker that fails is only gone
    worker.on('exit', () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    return worker;
  };

  return {
    perform(job, { log, progress, signal }) {
      const worker = idle.pop() ?? spawn();
      const tell = (message: ToWorker) => worker.postMessage(message);
      return new Promise((resolve) => {
        let grace: NodeJS.Timeout | undefined;
        let isSettled = false;
        const abort = () => {
          tell({ type: 'abort' });
          tellProcesses('SIGTERM', job.room.root);
          grace = setTimeout(() => void worker.terminate(), GRACE_MS);
        };
        const settle = (result: Result<Made, ActionFailure>, reusable: boolean) => {
          if (isSettled) return;
          isSettled = true;
          clearTimeout(grace);
          signal.removeEventListener('abort', abort);
          worker.off('message', onMessage).off('error', onError).off('exit', onExit);
          if (reusable) idle.push(worker);
          else void worker.terminate();
          if (!result.ok) endProcesses(job.room.root);
          resolve(result);
        };
        // A program that the task started and did not wait for may still be writing.
        const settleMade = async ({ made, isTidy, mayHaveChildren }: Extract<FromWorker, { type: 'made' }>) => {
          const { root } = job.room;
          const left = mayHaveChildren ? await untilAllEnded(root, Date.now() + FINISH_MS) : [];
          if (left.length > 0) settle(err({ reason: 'still-running', processes: left }), false);
          else settle(ok(made), isTidy && !signal.aborted);
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
              // What a failed task left underway could end the next one's thread.
              return settle(err(message.failure), false);
          }
        };
        const onError = (error: Error & { code?: string }) =>
          settle(
            err(
              error.code === 'ERR_WORKER_OUT_OF_MEMORY'
                ? { reason: 'worker-died', message: 'it ran out of memory' }
                : { reason: 'threw', message: error.message ?? String(error), stack: error.stack ?? null },
            ),
            false,
          );
        const onExit = (code: number) =>
          settle(err({ reason: 'worker-died', message: `it ended its process with code ${code}` }), false);
        worker.on('message', onMessage).on('error', onError).on('exit', onExit);
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort, { once: true });
        tell({ type: 'job', job });
      });
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    },
  };
}
