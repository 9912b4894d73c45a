/** Requests to a remote cache, repeated once if the connection broke, and ended if they are too slow. */
import { errorCode } from '../base/error-code.ts';
import { err, type Result } from '../base/result.ts';
import type { Limits } from './limits.ts';
import { type Pace, startPace } from './pace.ts';
import { type Trouble, troubleOf } from './trouble.ts';

interface RetryOptions {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** The kind of trouble to report if the answer takes too long. */
  readonly slow: 'remote' | 'write';
}

export async function retryOnce<T>(
  { limits, signal, slow }: RetryOptions,
  request: (pace: Pace) => Promise<Result<T, Trouble>>,
): Promise<Result<T, Trouble>> {
  if (signal.aborted) return err({ trouble: 'interrupted' });
  const pace = startPace(limits, signal);
  try {
    for (let isRetry = false; ; isRetry = true) {
      try {
        return await request(pace);
      } catch (error) {
        if (signal.aborted) return err({ trouble: 'interrupted' });
        const late = pace.tooSlow();
        if (late !== undefined) return err({ trouble: slow, message: `${SLOW[slow]} (${late})` });
        const trouble = troubleOf(error);
        if (!trouble) throw error;
        // A server may close an idle connection at the moment when it is used again.
        if (isRetry || !isBreak(error)) return err(trouble);
      }
    }
  } finally {
    pace.end();
  }
}

const SLOW = { remote: 'it is too slow', write: 'it takes no results, or too slowly' };

const isBreak = (error: unknown): boolean => ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(errorCode(error));
