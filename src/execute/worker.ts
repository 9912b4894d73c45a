/** The worker thread: performs one job at a time for the pool. */
import { parentPort } from 'node:worker_threads';
import type { LogLine } from '../store/result.ts';
import { fixLocale } from './fixed-locale.ts';
import type { FromWorker, ToWorker } from './job.ts';
import { jobPerformer } from './run-job.ts';

/** Progress is for eyes: more often than this only costs. */
const PROGRESS_EVERY_MS = 100;

const port = parentPort;
if (!port) throw new Error('this module is the entry of a worker thread');
const say = (message: FromWorker) => port.postMessage(message);

process.setSourceMapsEnabled(true);
fixLocale();
let abort = new AbortController();
let lastProgress = 0;

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
    void perform(message.job, { log, progress, signal: abort.signal });
  }
});

// Last: what the engine itself needs is there by now.
const perform = jobPerformer(say);
