/** Waits for a claim (step 5 of the protocol in `claim.ts`), and says for whom. */
import { lstatSync } from 'node:fs';
import { attempt, type Claim, type Holder } from './claim.ts';
import type { Opening } from './opening.ts';
import { processState } from './process.ts';

/** How often to look, in ms: looking at an owner on another machine asks the server. */
export interface PollIntervals {
  readonly here: number;
  readonly elsewhere: number;
  sleep(milliseconds: number): Promise<void>;
}

const POLL_INTERVALS: PollIntervals = {
  here: 50,
  elsewhere: 500,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** The owner of a claim that somebody waits for. */
export interface ClaimHolder {
  readonly pid: number;
  /** Null: this machine. */
  readonly host: string | null;
  /** When the claim's file was written (a token: when the store was opened), by the clock of the file system. */
  readonly since: Date | null;
  /** Its process is stopped, so it is waited for only until its lease is spent. */
  readonly isStopped: boolean;
}

const describe = (path: string, { pid, host }: Holder): ClaimHolder => ({
  pid,
  host: host?.name ?? null,
  since: lstatSync(path, { throwIfNoEntry: false })?.mtime ?? null,
  isStopped: host === null && processState(pid) === 'stopped',
});

export interface ClaimWait {
  readonly opening: Opening;
  readonly signal: AbortSignal;
  /** Called when somebody else has the claim, and again when the owner changes or stops. */
  onWait(holder: ClaimHolder): void;
  readonly intervals?: PollIntervals;
}

/** Waits until the claim is ours; undefined if `signal` aborts before. */
export async function claim(
  path: string,
  { opening, signal, onWait, intervals = POLL_INTERVALS }: ClaimWait,
): Promise<Claim | undefined> {
  let reported = '';
  for (;;) {
    if (signal.aborted) return undefined;
    const taken = attempt(path, opening);
    if (!('holder' in taken)) return taken;
    if (taken.holder) {
      const holder = describe(path, taken.holder);
      const state = `${holder.pid} ${holder.host} ${holder.isStopped}`;
      if (state !== reported) onWait(holder);
      reported = state;
    }
    await intervals.sleep(taken.holder?.host ? intervals.elsewhere : intervals.here);
  }
}
