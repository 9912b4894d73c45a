/** The exit codes of all commands. */
import type { RunFailure } from '../base/failure.ts';
import type { RunFinished } from '../history/event.ts';
import { paintFor } from '../report/paint.ts';
import { runFailureText } from '../report/run-failure.ts';

export const DONE = 0;
export const FAILED = 1;
export const WRONG = 2;
export const INTERRUPTED = 130;

/** WRONG: the command line or the pipeline has to be corrected. FAILED: the command was right but could not be done. */
const EXIT_CODES: { readonly [reason in RunFailure['reason']]: number } = {
  usage: WRONG,
  'pipeline-missing': WRONG,
  'pipeline-folder': WRONG,
  'pipeline-too-large': WRONG,
  'pipeline-invalid': WRONG,
  'target-unknown': WRONG,
  'out-refused': WRONG,
  'earlier-name': WRONG,
  'out-in-the-way': FAILED,
  'inputs-unusable': WRONG,
  'out-of-another': WRONG,
  interrupted: INTERRUPTED,
  'store-newer': WRONG,
  'store-refused': WRONG,
  'store-linked': WRONG,
  'not-up-to-date': FAILED,
  'store-missing': WRONG,
  'store-in-use': FAILED,
  'store-taken-over': FAILED,
  'slurm-missing': WRONG,
  'slurm-refused': FAILED,
  'submission-missing': FAILED,
  'submission-of-another-build': FAILED,
  'file-system': FAILED,
};

export const exitCodeFor = ({ reason }: RunFailure): number => EXIT_CODES[reason];

export function exitCodeOf({ failed, blocked, interrupted }: RunFinished): number {
  if (interrupted) return INTERRUPTED;
  return failed + blocked > 0 ? FAILED : DONE;
}

/** Prints a failure and returns its exit code. */
export function refuse(failure: RunFailure): number {
  const { stderr, env } = process;
  stderr.write(`${runFailureText(failure, paintFor(stderr, env))}\n`);
  return exitCodeFor(failure);
}
