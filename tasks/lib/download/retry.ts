/** Repeats a network request that failed, with doubling pauses, or with the pause that the server asks for. */
import { setTimeout } from 'node:timers/promises';
import { DataError } from 'groundproof/task';

export type Attempt<T> =
  | { readonly done: T }
  /** `wait`: pause that the server asks for, in ms. `progressed`: this attempt got further than all before. */
  | { readonly failed: string; readonly wait?: number | undefined; readonly progressed?: boolean };

export type Pause = (ms: number, signal: AbortSignal) => Promise<unknown>;

export const pause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal });

export interface RetryContext {
  readonly pause: Pause;
  log(message: string): void;
  readonly signal: AbortSignal;
}

/** Failures in a row without progress. */
export const MAX_FAILURES = 8;

const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 64_000;

/** If a server asks for a longer pause, give up; a person can run the command later. */
const MAX_WAIT_MS = 15 * 60_000;

/** Messages name the request by `subject`; the message on giving up ends with `advice`. */
export async function retry<T>(
  subject: string,
  advice: string,
  attempt: () => Promise<Attempt<T>>,
  { pause, log, signal }: RetryContext,
): Promise<T> {
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    const result = await attempt();
    if ('done' in result) return result.done;
    failures = result.progressed ? 1 : failures + 1;
    const { failed, wait = 0 } = result;
    if (failures >= MAX_FAILURES) {
      throw new DataError(`${subject}: ${failed}; that was failure ${failures} in a row; ${advice}`);
    }
    if (wait > MAX_WAIT_MS) {
      throw new DataError(
        `${subject}: ${failed}, and asks to wait ${Math.ceil(wait / 60_000)} minutes; ${advice} after that`,
      );
    }
    const ms = Math.max(wait, Math.min(FIRST_PAUSE_MS << (failures - 1), MAX_PAUSE_MS));
    log(`${subject}: ${failed}; trying again in ${Math.ceil(ms / 1000)} s`);
    await pause(ms, signal);
  }
}
