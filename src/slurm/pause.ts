import { setTimeout } from 'node:timers/promises';

/** Lets some time pass, or less where `signal` aborts. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  setTimeout(milliseconds, undefined, signal ? { signal } : {}).catch(() => {});
