/** Exit codes, and how a command ends. */
import type { RunFailure } from '../base/failure.ts';
import type { RunFinished } from '../history/event.ts';
import { isUsersMistake, runFailureText } from '../report/failure.ts';
import { paintFor } from '../report/paint.ts';

export const DONE = 0;
export const FAILED = 1;
export const WRONG = 2;
export const INTERRUPTED = 130;

export const exitCodeOf = ({ failed, blocked, interrupted }: RunFinished): number =>
  interrupted ? INTERRUPTED : failed + blocked > 0 ? FAILED : DONE;

/** Says why nothing could be run, and gives the exit code for it. */
export function refuse(failure: RunFailure): number {
  const { stderr, env } = process;
  stderr.write(`${runFailureText(failure, paintFor(stderr, env))}\n`);
  if (failure.reason === 'interrupted') return INTERRUPTED;
  return isUsersMistake(failure) ? WRONG : FAILED;
}
