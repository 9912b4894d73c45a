/** What `verify` says while it works. */

import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure } from '../base/failure.ts';
import type { Digest } from '../files/digest.ts';
import type { LogLine } from '../store/result.ts';
import type { FirstDifference } from './first-difference.ts';

export type VerifyEvent = VerifyStarted | ActionVerified | VerifyFinished;

export interface VerifyStarted {
  readonly type: 'verify-started';
  readonly pipeline: string;
  /** Actions that were asked for, and how many of them are executed. */
  readonly actions: number;
  readonly sampled: number;
  /** What chose the sample; null where everything is executed. */
  readonly seed: string | null;
  /** The lock that digests are compared with, or null: then it is the store alone. */
  readonly lock: string | null;
  readonly jobs: number;
  /** Whether this machine lets the network be taken away. */
  readonly network: 'denied' | 'not-watched';
  /** Shell steps among the executed: what they read and write is not watched. */
  readonly shell: number;
}

interface Verified {
  readonly type: 'action-verified';
  readonly action: ActionName;
  /** False where only what the store holds was looked at. */
  readonly executed: boolean;
  readonly milliseconds: number;
}

export type ActionVerified =
  | (Verified & { readonly outcome: 'same' })
  /** Its task uses the network, which is denied: what the store holds was hashed again and compared with the lock. */
  | (Verified & { readonly outcome: 'skipped'; readonly reason: 'network' })
  | (Verified & { readonly outcome: 'differs'; readonly differences: readonly Difference[] })
  | (Verified & { readonly outcome: 'failed'; readonly failure: ActionFailure; readonly log: readonly LogLine[] });

export interface Difference {
  /** Null for an action that the lock does not have. */
  readonly port: string | null;
  /** Of a sibling (`.csv`, `.png`); null for the output itself. */
  readonly sibling: string | null;
  readonly against: 'lock' | 'store';
  /** Null where there is no such output. */
  readonly expected: Digest | null;
  readonly found: Digest | null;
  /** The store holds what was found: then the lock is out of date, or was made where results differ. */
  readonly stored: boolean;
  /** Null where the expected content is not in the store. */
  readonly first: FirstDifference | null;
}

export interface VerifyFinished {
  readonly type: 'verify-finished';
  /** Executed again with the same result, and not otherwise than the lock says. */
  readonly same: number;
  readonly differs: number;
  readonly failed: number;
  readonly skipped: number;
  /** In the lock, but no longer in the pipeline. */
  readonly gone: readonly string[];
  readonly milliseconds: number;
  readonly interrupted: boolean;
}
