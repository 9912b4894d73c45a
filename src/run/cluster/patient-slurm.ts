/** Slurm, waited for: a controller that is restarted or busy is no reason for a run to fail. */
import type { RunFailure } from '../../failure.ts';
import { ok, type Result } from '../../result.ts';
import type { Slurm } from './slurm.ts';

/** What its commands print when the controller does not answer. */
const UNREACHABLE =
  /unable to contact|connection refused|connection timed out|socket timed out|try again|no route to host/i;

const isUnreachable = (failure: RunFailure): boolean =>
  failure.reason === 'slurm-refused' && UNREACHABLE.test(failure.message);

const PAUSE_MS = 3000;

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
    if (asked === 0 && submitted.error.reason === 'slurm-refused') onTrouble(submitted.error.message);
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
  onTrouble(message: string): void;
  wait(milliseconds: number): Promise<void>;
}
