/** Slurm, waited for: a controller that is restarted or busy is no reason for a run to fail. */

import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Slurm } from './slurm.ts';

/** What its commands print when the controller does not answer. */
const UNREACHABLE =
  /unable to contact|connection refused|connection timed out|socket timed out|zero bytes were transmitted|endpoint is not connected|try again|no route to host/i;

const isUnreachable = (failure: RunFailure): boolean =>
  failure.reason === 'slurm-refused' && UNREACHABLE.test(failure.message);

const PAUSE_MS = 3000;

/** Asks, however long the controller is away. */
export async function askPatiently<T>(
  ask: () => Promise<Result<T, RunFailure>>,
  { signal, onTrouble, wait }: Patience,
): Promise<Result<T, RunFailure>> {
  for (let asked = 0; ; asked++) {
    const answer = await ask();
    if (answer.ok || !isUnreachable(answer.error) || signal.aborted) return answer;
    if (asked === 0) onTrouble(answer.error);
    await wait(PAUSE_MS);
  }
}

/**
 * Submits, however long the controller is away. An answer that was lost on its way may have been a yes: before it is
 * asked again, the job is looked for by its name.
 */
export async function submitPatiently(
  slurm: Pick<Slurm, 'submit' | 'queue'>,
  name: string,
  options: readonly string[],
  script: string,
  { signal, onTrouble, wait }: Patience,
): Promise<Result<string, RunFailure>> {
  for (let asked = 0; ; asked++) {
    const submitted = await slurm.submit(options, script);
    if (submitted.ok || !isUnreachable(submitted.error) || signal.aborted) return submitted;
    if (asked === 0) onTrouble(submitted.error);
    for (;;) {
      await wait(PAUSE_MS);
      if (signal.aborted) return submitted;
      const queue = await slurm.queue(name);
      if (!queue.ok) continue;
      const found = queue.value.find((row) => row.name === name);
      if (found) return ok(found.job);
      break;
    }
  }
}

export interface Patience {
  readonly signal: AbortSignal;
  /** Told once of each trouble. */
  onTrouble(failure: RunFailure): void;
  wait(milliseconds: number): Promise<void>;
}
