/** The events of `verify`. */

import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure } from '../base/failure.ts';
import type { Digest } from '../files/digest.ts';
import type { LogLine } from '../store/result.ts';
import type { FirstDifference } from './first-difference.ts';

export type VerifyEvent = VerifyStarted | ActionVerified | VerifyFinished;

export interface VerifyStarted {
  readonly type: 'verify-started';
  readonly pipeline: string;
  /** The number of targets. */
  readonly actions: number;
  /** How many of them are executed. */
  readonly sampled: number;
  /** The text that chose the sample; null if all targets are executed. */
  readonly seed: string | null;
  /** The path of the lock to compare with; null if only the store is compared with. */
  readonly lock: string | null;
  readonly jobs: number;
  /** Whether this machine allows taking the network away from a process. */
  readonly network: 'denied' | 'not-watched';
  /** The number of executed shell steps, whose reads and writes are not watched. */
  readonly shell: number;
}

interface Verified {
  readonly type: 'action-verified';
  readonly action: ActionName;
  /** False if only the stored result was compared. */
  readonly executed: boolean;
  readonly milliseconds: number;
}

export type ActionVerified =
  | (Verified & { readonly outcome: 'same' })
  /** Its task needs the network: instead its stored result was hashed again and compared with the lock. */
  | (Verified & { readonly outcome: 'skipped'; readonly reason: 'network' })
  | (Verified & { readonly outcome: 'differs'; readonly differences: readonly Difference[] })
  | (Verified & { readonly outcome: 'failed'; readonly failure: ActionFailure; readonly log: readonly LogLine[] });

export interface Difference {
  /** Null if the lock lacks the whole action. */
  readonly port: string | null;
  /** The extension of a sibling (`.csv`, `.png`); null for the output itself. */
  readonly sibling: string | null;
  readonly against: 'lock' | 'store';
  /** Null if the output should not exist. */
  readonly expected: Digest | null;
  /** Null if the output does not exist. */
  readonly found: Digest | null;
  /** Whether the store holds the found content: then the lock is out of date, or comes from another machine. */
  readonly stored: boolean;
  /** Null if the expected content is not in the store. */
  readonly first: FirstDifference | null;
}

export interface VerifyFinished {
  readonly type: 'verify-finished';
  /** Executed again with a result that equals the lock, or the store. */
  readonly same: number;
  readonly differs: number;
  readonly failed: number;
  readonly skipped: number;
  /** Actions in the lock that are no longer in the pipeline. */
  readonly gone: readonly string[];
  readonly milliseconds: number;
  readonly interrupted: boolean;
}
