import { INTERRUPTED } from './exit.ts';

/** Starts a new line first: the cursor may be in the middle of a line. */
const writeLine = (text: string): void => void process.stderr.write(`\n${text}\n`);

/**
 * A signal that the first Ctrl-C aborts, or SIGTERM or SIGHUP; the second ends the process at once. The name of the
 * signal is the message of the abort reason.
 */
export function interruptible(say: (text: string) => void = writeLine): AbortSignal {
  const abort = new AbortController();
  // SIGHUP too: shell commands have a session of their own and would outlive a closed terminal.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      if (abort.signal.aborted) process.exit(INTERRUPTED);
      say('stopping; what is done is kept. Press Ctrl-C again to end at once');
      abort.abort(new DOMException(name, 'AbortError'));
    });
  }
  return abort.signal;
}
