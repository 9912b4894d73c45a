/** Makes an action by a job: waits for the slot that makes it, then takes its result from the store. */

import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure, JobLost, LossReason, RunFailure } from '../base/failure.ts';
import type { Cause } from '../history/cause.ts';
import type { ActionFinished, Emit } from '../history/event.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import type { Make, MakeOutcome } from '../schedule/make.ts';
import { type LogLine, lookUpAfresh } from '../store/result.ts';
import { lastLines } from './event-file.ts';
import type { Jobs } from './jobs.ts';
import { endedInAnotherAction, type WatchedSlot } from './slot-watch.ts';
import { logPath, type Submission } from './submission.ts';
import type { Watch } from './watch.ts';

/** Losses that are no fault of the action: it is submitted again up to `MOST_BLAMELESS` times, beyond its `retries`. */
const BLAMELESS: ReadonlySet<LossReason> = new Set(['node-failed', 'preempted', 'held', 'vanished']);
const MOST_BLAMELESS = 3;
/** Never submitted again: a person has ended it, or the cluster will not run it. */
const FINAL: ReadonlySet<LossReason> = new Set(['cancelled', 'never-starts']);
/** Slurm still has these in its queue, and could run them when nobody expects it. */
const LINGERING: ReadonlySet<LossReason> = new Set(['held', 'never-starts']);
/** How often a slot may end well without the result: it may have run before all of its inputs existed. */
const MOST_IDLE = 2;

const LOG_LINES = 20;

export interface MakingContext {
  readonly jobs: Jobs;
  readonly watch: Watch;
  readonly submission: Submission;
  readonly signal: AbortSignal;
  /** Whether nothing more may begin: after Ctrl-C, or after a failure without `--keep-going`. */
  stopping(): boolean;
  /** Takes a slot out of the queue. */
  abandon(job: string): Promise<unknown>;
}

interface Wanted {
  readonly action: Action;
  readonly prepared: Prepared;
  readonly why: readonly Cause[];
  readonly session: Session;
  readonly emit: Emit;
}

export function makeByJobs(context: MakingContext): Make {
  /** Actions that were made or have failed: the rest of their groups is submitted again without them. */
  const settled = new Set<ActionName>();
  return async (wanted) => {
    const made = await makeByJob(context, wanted, settled);
    if (!('cancelled' in made)) settled.add(wanted.action.name);
    return made;
  };
}

async function makeByJob(
  context: MakingContext,
  wanted: Wanted,
  settled: ReadonlySet<ActionName>,
): Promise<MakeOutcome> {
  const { jobs, submission, stopping, abandon } = context;
  const { action, emit } = wanted;
  const { name, step } = action;
  const counts: Record<Fault, number> = { blameless: 0, action: 0, idle: 0 };
  for (;;) {
    const slot = jobs.slotOf(name);
    const end = slot && (await endOf(slot, context, wanted));
    if (stopping() && !end?.finished) return { cancelled: true };
    if (slot && end) {
      const made = madeBy(end, wanted);
      if (made) return made;
      const lost = end.finished ? null : end.lost;
      if (lost !== null && LINGERING.has(lost)) await abandon(slot.job);
      const failure = jobLost(slot, lost ?? 'no-result', submission);
      const fault = faultOf(lost, slot, name);
      const count = ++counts[fault];
      const most = mostResubmissions(fault, lost, step.retries);
      if (count > most) return failed(failure);
      if (lost !== null) {
        emit({ type: 'action-log', action: name, level: 'warning', message: againText(failure, count, most) });
      }
    }
    const submitted = await jobs.resubmit(name, (other) => settled.has(other));
    if (stopping()) return { cancelled: true };
    if (!submitted.ok) return failed(notSubmitted(submitted.error));
  }
}

const failed = (failure: ActionFailure, log: readonly LogLine[] = []): MakeOutcome => ({
  executed: { ok: false, failure, log },
});

interface SlotEnd {
  /** Set if the slot failed at the action, or made it. */
  readonly finished: Extract<ActionFinished, { outcome: 'failed' | 'executed' | 'reused' }> | undefined;
  /** Why the slot ended without finishing the action; null if it ended by itself. */
  readonly lost: LossReason | null;
}

const UNFINISHED: SlotEnd = { finished: undefined, lost: null };

/** Passes on the events of the action until its slot has finished it or ended. */
async function endOf(
  slot: WatchedSlot,
  { watch, signal }: MakingContext,
  { action: { name }, why, emit }: Wanted,
): Promise<SlotEnd> {
  for (;;) {
    for (const event of slot.unread.get(name) ?? []) {
      if (event.type === 'action-started') emit({ ...event, why });
      else if (event.type !== 'action-finished') emit(event);
    }
    slot.unread.delete(name);
    const finished = slot.finished.get(name);
    // The slot ran before the action's inputs existed, so the rest of its group is blocked too.
    if (finished?.outcome === 'blocked' || finished?.outcome === 'cancelled') return UNFINISHED;
    if (finished) return { finished, lost: null };
    if (slot.over) return { finished: undefined, lost: slot.over.lost };
    if (signal.aborted) return UNFINISHED;
    await watch.change();
  }
}

/** The outcome of the action, or undefined if it is still without failure and result. */
function madeBy({ finished, lost }: SlotEnd, { prepared, why, session }: Wanted): MakeOutcome | undefined {
  if (finished?.outcome === 'failed') return failed(finished.failure, finished.log);
  // A lost slot may have made the result before. With `--force`, though, that could be an older result.
  const mayHaveMade = finished !== undefined || (lost !== null && !why.some(({ cause }) => cause === 'forced'));
  const lookup = mayHaveMade ? lookUpAfresh(session.store, prepared.key) : undefined;
  if (!lookup || !('found' in lookup)) return undefined;
  return finished?.outcome === 'reused' ? { reused: lookup.found } : { executed: { ok: true, result: lookup.found } };
}

/** The fault for a slot without a result; `idle` is a slot that ended well, but without the result. */
type Fault = 'blameless' | 'action' | 'idle';

function faultOf(lost: LossReason | null, slot: WatchedSlot, action: ActionName): Fault {
  if (lost === null) return 'idle';
  if (BLAMELESS.has(lost)) return 'blameless';
  return !FINAL.has(lost) && endedInAnotherAction(slot, action) ? 'blameless' : 'action';
}

function mostResubmissions(fault: Fault, lost: LossReason | null, retries: number): number {
  switch (fault) {
    case 'idle':
      return MOST_IDLE;
    case 'blameless':
      return Math.max(MOST_BLAMELESS, retries);
    case 'action':
      return lost !== null && FINAL.has(lost) ? 0 : retries;
  }
}

/** The failure of a slot that gave no result, with the last lines of its output. */
export function jobLost(
  { job, node, slurmState, array, index }: WatchedSlot,
  why: LossReason,
  submission: Submission,
): JobLost {
  const output = lastLines(logPath(submission, array.number, index), LOG_LINES);
  const ranOutOfMemory = why === 'crashed' && output.some((line) => KILLED_FOR_MEMORY.test(line));
  return { reason: 'job-lost', why: ranOutOfMemory ? 'out-of-memory' : why, job, node, said: slurmState, output };
}

/** Without cgroups, Slurm reports a slot that took too much memory as failed; only its log tells the reason. */
const KILLED_FOR_MEMORY = /^slurmstepd.*(?:exceeded.*memory limit|oom.kill)/i;

/** The failure of an action whose job was refused. */
export function notSubmitted(failure: RunFailure): JobLost {
  const said = failure.reason === 'slurm-refused' ? failure.message : failure.reason;
  return { reason: 'job-lost', why: 'refused', job: '', node: null, said, output: [] };
}

const againText = ({ job, why }: JobLost, count: number, most: number): string =>
  `job ${job} ended without a result (${why.replaceAll('-', ' ')}); submitted again, ${count} of at most ${most}`;
