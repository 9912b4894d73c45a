/** The worker thread: performs one job at a time for the pool. */
import { parentPort } from 'node:worker_threads';
import type { LogLine } from '../cache/stored-result.ts';
import type { FromWorker, Job, ToWorker } from './job.ts';
import { performTask } from './perform-task.ts';

/** Progress is for eyes: more often than this only costs. */
const PROGRESS_EVERY_MS = 100;

const port = parentPort;
if (!port) throw new Error('this module is the entry of a worker thread');
const say = (message: FromWorker) => port.postMessage(message);
const log = (line: LogLine) => say({ type: 'log', ...line });

// Whatever a task or a library prints is part of the action's log; stdout belongs to results.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = ((chunk: string | Uint8Array) => {
    log({ level: 'info', message: String(chunk).replace(/\n$/, '') });
    return true;
  }) as typeof stream.write;
}

process.setSourceMapsEnabled(true);
let abort = new AbortController();

async function perform(job: Job): Promise<void> {
  abort = new AbortController();
  let last = 0;
  const progress = (fraction: number) => {
    const now = Date.now();
    if (now - last < PROGRESS_EVERY_MS || Number.isNaN(Number(fraction))) return;
    last = now;
    say({ type: 'progress', fraction: Math.min(1, Math.max(0, fraction)) });
  };
  const made = await performTask(job, { log, progress, signal: abort.signal });
  // One turn more: a rejection that nobody handles belongs to this action, not to the next one on this thread.
  await new Promise((resolve) => setImmediate(resolve));
  say(made.ok ? { type: 'made', made: made.value } : { type: 'failed', failure: made.error });
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'abort') abort.abort();
  else void perform(message.job);
});
