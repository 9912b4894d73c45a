/** Waits for Slurm: a run does not fail because the controller is being restarted or is busy. */

import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Slurm } from './slurm.ts';

/** Messages of Slurm's commands when the controller does not answer. */
const UNREACHABLE =
  /unable to contact|connection refused|connection timed out|socket timed out|zero bytes were transmitted|endpoint is not connected|try again|no route to host/i;

const isUnreachable = (failure: RunFailure): boolean =>
  failure.reason === 'slurm-refused' && UNREACHABLE.test(failure.message);

const PAUSE_MS = 3000;

/** Asks until the controller answers. */
export async function askPatiently<T>(
  ask: () => Promise<Result<T, RunFailure>>,
  { signal, onTrouble, wait }: Patience,
): Promise<Result<T, RunFailure>> {
  for (let attempt = 0; ; attempt++) {
    const answer = await ask();
    if (answer.ok || !isUnreachable(answer.error) || signal.aborted) return answer;
    if (attempt === 0) onTrouble(answer.error);
    await wait(PAUSE_MS);
  }
}

/**
 * Submits until the controller answers; returns the id of the job. A lost answer may have been a yes, so the job is looked
 * for by its name before it is submitted again.
 */
export async function submitPatiently(
  slurm: Pick<Slurm, 'submit' | 'queue'>,
  { name, options, script }: { readonly name: string; readonly options: readonly string[]; readonly script: string },
  { signal, onTrouble, wait }: Patience,
): Promise<Result<string, RunFailure>> {
  for (let attempt = 0; ; attempt++) {
    const submitted = await slurm.submit(options, script);
    if (submitted.ok || !isUnreachable(submitted.error) || signal.aborted) return submitted;
    if (attempt === 0) onTrouble(submitted.error);
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
  /** Called once for each outage. */
  onTrouble(failure: RunFailure): void;
  wait(milliseconds: number): Promise<void>;
}
