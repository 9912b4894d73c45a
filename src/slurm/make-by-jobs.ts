import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure, JobLost, Loss, RunFailure } from '../base/failure.ts';
import type { Cause } from '../history/cause.ts';
import type { Emit } from '../history/event.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Made, Make } from '../schedule/perform.ts';
import { type LogLine, lookUpAfresh } from '../store/result.ts';
import { lastLines } from './event-file.ts';
import type { Jobs } from './jobs.ts';
import { logPath, type Submission } from './submission.ts';
import { endedByOthers, type WatchedTask } from './task-watch.ts';
import type { Watch } from './watch.ts';

/** How an action is made by a job: waits for the task that makes it, and takes what it made from the store. */

/** Losses that are no fault of the action: so often it is submitted again, whatever its `retries`. */
const BLAMELESS: ReadonlySet<Loss> = new Set(['node-failed', 'preempted', 'held', 'vanished']);
const MOST_BLAMELESS = 3;
/** What someone ended, or the cluster will not run, is not submitted again. */
const FINAL: ReadonlySet<Loss> = new Set(['cancelled', 'never-starts']);
/** Slurm still has these in its queue, and could run them when nobody expects it. */
const LINGERING: ReadonlySet<Loss> = new Set(['held', 'never-starts']);
/** How often a task may end well and leave what is wanted undone: it may have run before all that it needs was there. */
const MOST_IDLE = 2;

const LOG_LINES = 20;

export interface MakingByJobs {
  readonly jobs: Jobs;
  readonly watch: Watch;
  readonly submission: Submission;
  readonly signal: AbortSignal;
  /** Whether nothing more is to begin: after Ctrl-C, or a failure without `--keep-going`. */
  stopping(): boolean;
  /** Takes a task out of the queue. */
  abandon(job: string): Promise<unknown>;
}

export function makeByJobs({ jobs, watch, submission, signal, stopping, abandon }: MakingByJobs): Make {
  /** Made or failed: whatever else its task had is submitted again without it. */
  const settled = new Set<ActionName>();

  return async (action, prepared, why, { session, emit }) => {
    const { name, step } = action;
    const spent = { blameless: 0, own: 0, idle: 0 };
    const fail = (failure: ActionFailure, log: readonly LogLine[] = []): Made => {
      settled.add(name);
      return { executed: { ok: false, failure, log } };
    };
    for (;;) {
      const task = jobs.taskOf(name);
      const ended = task && (await endOf(task, action, why, emit));
      if (stopping() && !ended?.finished) return { cancelled: true };
      if (task && ended) {
        const { finished } = ended;
        if (finished?.outcome === 'failed') return fail(finished.failure, finished.log);
        if (finished?.outcome === 'executed' || finished?.outcome === 'reused') {
          const lookup = lookUpAfresh(session.store, prepared.key);
          if ('found' in lookup) {
            settled.add(name);
            return finished.outcome === 'reused'
              ? { reused: lookup.found }
              : { executed: { ok: true, result: lookup.found } };
          }
        }
        const lost = finished ? null : ended.lost;
        // It may have been lost after it had made what is wanted; what was there before is none of that.
        const left =
          lost === null || why.some(({ cause }) => cause === 'forced')
            ? null
            : lookUpAfresh(session.store, prepared.key);
        if (left && 'found' in left) {
          settled.add(name);
          return { executed: { ok: true, result: left.found } };
        }
        if (lost !== null && LINGERING.has(lost)) await abandon(task.job);
        const trouble = jobLost(task, lost ?? 'no-result', submission);
        const [count, most] =
          lost === null
            ? [++spent.idle, MOST_IDLE]
            : BLAMELESS.has(lost) || (!FINAL.has(lost) && endedByOthers(task, name))
              ? [++spent.blameless, Math.max(MOST_BLAMELESS, step.retries)]
              : [++spent.own, FINAL.has(lost) ? 0 : step.retries];
        if (count > most) return fail(trouble);
        if (lost !== null) {
          emit({ type: 'action-log', action: name, level: 'warning', message: againText(trouble, count, most) });
        }
      }
      const submitted = await jobs.again(name, (one) => settled.has(one));
      if (stopping()) return { cancelled: true };
      if (!submitted.ok) return fail(notSubmitted(submitted.error));
    }
  };

  /** Passes on what the task says of the action, until it ended. */
  async function endOf(task: WatchedTask, { name }: Action, why: readonly Cause[], emit: Emit) {
    for (;;) {
      for (const event of task.unread.get(name) ?? []) {
        if (event.type === 'action-started') emit({ ...event, why });
        else if (event.type !== 'action-finished') emit(event);
      }
      task.unread.delete(name);
      const finished = task.finished.get(name);
      if (finished && finished.outcome !== 'blocked' && finished.outcome !== 'cancelled')
        return { finished, lost: null };
      // Blocked there before what it needs was here: the rest of its group is blocked too.
      if (finished) return { finished: undefined, lost: null };
      if (task.over) return { finished: undefined, lost: task.over.lost };
      if (signal.aborted) return { finished: undefined, lost: null };
      await watch.change();
    }
  }
}

/** What became of a task that gave no result, with the last of what it printed. */
export function jobLost({ job, node, said, array, index }: WatchedTask, why: Loss, submission: Submission): JobLost {
  const output = lastLines(logPath(submission, array.number, index), LOG_LINES);
  const ofMemory = why === 'crashed' && output.some((line) => KILLED_FOR_MEMORY.test(line));
  return { reason: 'job-lost', why: ofMemory ? 'out-of-memory' : why, job, node, said, output };
}

/** Where Slurm measures memory without cgroups, a task that took too much has only failed, but its log says of what. */
const KILLED_FOR_MEMORY = /^slurmstepd.*(?:exceeded.*memory limit|oom.kill)/i;

export function notSubmitted(failure: RunFailure): JobLost {
  const said = failure.reason === 'slurm-refused' ? failure.message : failure.reason;
  return { reason: 'job-lost', why: 'refused', job: '', node: null, said, output: [] };
}

const againText = ({ job, why }: JobLost, count: number, most: number): string =>
  `job ${job} ended without a result (${why.replaceAll('-', ' ')}); submitted again, ${count} of at most ${most}`;
