import type { ActionFailure } from '../failure.ts';

/** What an action that Ctrl-C stopped is left with; it is reported as cancelled. */
export const INTERRUPTED: ActionFailure = { reason: 'worker-died', message: 'it was interrupted' };
