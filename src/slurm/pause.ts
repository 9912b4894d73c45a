import { setTimeout } from 'node:timers/promises';

/** Waits; resolves early if `signal` aborts. A file of its own, so that tests can shorten the waits. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  setTimeout(milliseconds, undefined, signal ? { signal } : {}).catch(() => {});
