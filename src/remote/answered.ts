/** One question to a remote cache, asked again once where the connection broke, within the time that it may take. */
import { errorCode } from '../base/error-code.ts';
import { err, type Result } from '../base/result.ts';
import type { Limits } from './limits.ts';
import { type Pace, startPace } from './pace.ts';
import { type Trouble, troubleOf } from './trouble.ts';

interface Question {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** The trouble that it is when the answer takes too long. */
  readonly slow: 'remote' | 'write';
}

export async function answered<T>(
  { limits, signal, slow }: Question,
  ask: (pace: Pace) => Promise<Result<T, Trouble>>,
): Promise<Result<T, Trouble>> {
  if (signal.aborted) return err({ trouble: 'interrupted' });
  const pace = startPace(limits, signal);
  try {
    for (let again = false; ; again = true) {
      try {
        return await ask(pace);
      } catch (error) {
        if (signal.aborted) return err({ trouble: 'interrupted' });
        const late = pace.tooSlow();
        if (late !== undefined) return err({ trouble: slow, message: `${SLOW[slow]} (${late})` });
        const trouble = troubleOf(error);
        if (!trouble) throw error;
        // A server may end an idle connection at the very moment when it is used again.
        if (again || !isBreak(error)) return err(trouble);
      }
    }
  } finally {
    pace.end();
  }
}

const SLOW = { remote: 'it is too slow', write: 'it takes no results, or too slowly' };

const isBreak = (error: unknown): boolean => ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(errorCode(error));
