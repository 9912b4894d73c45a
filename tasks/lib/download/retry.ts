/** Tries again what a network may fail at, with longer and longer pauses, or as long as the server asks for. */
import { setTimeout } from 'node:timers/promises';
import { DataError } from 'groundproof/task';

export type Tried<T> =
  | { readonly done: T }
  /** `wait`: what the server asks for, in ms. `progressed`: it came further than ever before. */
  | { readonly failed: string; readonly wait?: number | undefined; readonly progressed?: boolean };

export type Pause = (ms: number, signal: AbortSignal) => Promise<unknown>;

export const pause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal });

export interface Patience {
  readonly pause: Pause;
  log(message: string): void;
  readonly signal: AbortSignal;
}

/** In a row, without progress. */
export const MOST_FAILURES = 8;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 64_000;

/** Who asks for more is asked again by a person. */
const LONGEST_WAIT_MS = 15 * 60_000;

/** `what` names it in messages; `then` says what is left to do when it fails for good. */
export async function retry<T>(
  what: string,
  then: string,
  attempt: () => Promise<Tried<T>>,
  { pause, log, signal }: Patience,
): Promise<T> {
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    const tried = await attempt();
    if ('done' in tried) return tried.done;
    failures = tried.progressed ? 1 : failures + 1;
    const { failed, wait = 0 } = tried;
    if (failures >= MOST_FAILURES) {
      throw new DataError(`${what}: ${failed}; that was failure ${failures} in a row; ${then}`);
    }
    if (wait > LONGEST_WAIT_MS) {
      throw new DataError(
        `${what}: ${failed}, and asks to wait ${Math.ceil(wait / 60_000)} minutes; ${then} after that`,
      );
    }
    const ms = Math.max(wait, Math.min(FIRST_PAUSE_MS << (failures - 1), LONGEST_PAUSE_MS));
    log(`${what}: ${failed}; trying again in ${Math.ceil(ms / 1000)} s`);
    await pause(ms, signal);
  }
}
