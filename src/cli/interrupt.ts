import { INTERRUPTED } from './exit.ts';

/** Aborted by the first Ctrl-C (or a polite kill); a second one ends the process at once. */
export function interruptible(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (abort.signal.aborted) process.exit(INTERRUPTED);
      process.stderr.write('\nstopping; what is done is kept. Press Ctrl-C again to end at once\n');
      abort.abort();
    });
  }
  return abort.signal;
}
