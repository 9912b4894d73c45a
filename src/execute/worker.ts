/** The entry of a worker thread: runs a job at a time for the pool. */
import { parentPort } from 'node:worker_threads';
import type { LogLine } from '../store/result.ts';
import { fixLocale } from './fixed-locale.ts';
import type { FromWorker, ToWorker } from './job.ts';
import { jobRunnerForThisThread } from './run-job.ts';

/** Throttles progress messages. */
const PROGRESS_EVERY_MS = 100;

const port = parentPort;
if (!port) throw new Error('this module is the entry of a worker thread');
const say = (message: FromWorker) => port.postMessage(message);

process.setSourceMapsEnabled(true);
fixLocale();
let abort = new AbortController();
let lastProgress = 0;

/** A task without types may report any value; the pool gets numbers from 0 to 1. */
function progress(fraction: number): void {
  const now = Date.now();
  if (now - lastProgress < PROGRESS_EVERY_MS || Number.isNaN(Number(fraction))) return;
  lastProgress = now;
  say({ type: 'progress', fraction: Math.min(1, Math.max(0, fraction)) });
}

const log = (line: LogLine) => say({ type: 'log', ...line });

port.on('message', (message: ToWorker) => {
  if (message.type === 'abort') abort.abort();
  else {
    abort = new AbortController();
    lastProgress = 0;
    void runJobInThisThread(message.job, { log, progress, signal: abort.signal });
  }
});

// Last, so that all that the engine adds to the thread is there before the first job.
const runJobInThisThread = jobRunnerForThisThread(say);
