import { INTERRUPTED } from './exit.ts';

/** A line of its own, whatever stands on the one where the cursor is. */
const writeLine = (text: string): void => void process.stderr.write(`\n${text}\n`);

/** Aborted by the first Ctrl-C (or a polite kill), whose name is the reason's message; a second one ends the process at once. */
export function interruptible(say: (text: string) => void = writeLine): AbortSignal {
  const abort = new AbortController();
  // A closed terminal too: commands have a session of their own and would live on.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      if (abort.signal.aborted) process.exit(INTERRUPTED);
      say('stopping; what is done is kept. Press Ctrl-C again to end at once');
      abort.abort(new DOMException(name, 'AbortError'));
    });
  }
  return abort.signal;
}
