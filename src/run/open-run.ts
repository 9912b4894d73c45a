import type { RunFinished } from '../history/event.ts';
import type { RunContext } from '../schedule/run-state.ts';
import type { OutStateWriter } from './write-out-state.ts';

/** A run with all that it uses open. */
export interface OpenRun extends RunContext {
  readonly id: string;
  readonly began: Date;
  /** Null for an unlisted run, which shows nothing. */
  readonly outState: OutStateWriter | null;
  /** The size that the store is held to, in bytes. */
  readonly maxSize: number;
  /** Store and record the results, but leave `out/` and the record of the last run alone. */
  readonly unlisted: boolean;
}

export type OutcomeCounts = Pick<RunFinished, 'executed' | 'reused' | 'failed' | 'blocked' | 'cancelled'>;

export type ShownResults = Pick<RunFinished, 'headline' | 'report'>;
