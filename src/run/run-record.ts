/** The record of a run, kept in the store for `explain` and `diff`. */
import { randomBytes } from 'node:crypto';
import type { Digest } from '../cache/digest.ts';
import type { Key } from '../cache/key.ts';
import type { ActionFailure } from '../failure.ts';
import type { ActionName } from '../pipeline/graph.ts';
import type { Cause } from './cause.ts';
import type { Request } from './request.ts';

export interface RunRecord {
  readonly run: string;
  readonly pipeline: string;
  readonly began: string;
  readonly request: Request;
  readonly sources: { readonly [path: string]: Digest };
  /** By step, where each parameter was written. */
  readonly positions: { readonly [step: string]: { readonly [param: string]: string } };
  readonly actions: readonly {
    readonly action: ActionName;
    readonly outcome: 'executed' | 'reused' | 'failed';
    readonly why: readonly Cause[];
    readonly key: Key | null;
    readonly failure: ActionFailure | null;
  }[];
  /** The run before this one, which the causes compare with. */
  readonly previous: string;
}

/** Sorts by time, and two runs in one millisecond differ. */
export const newRunId = (): string =>
  `${new Date().toISOString().replaceAll(/[-:]/g, '').replace('.', '')}-${randomBytes(3).toString('hex')}`;
