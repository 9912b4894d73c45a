/**
 * Actions made by the jobs of a cluster. All that a run will execute is submitted at once; then each action, when it is
 * its turn, waits for its task. What no task will make any more is submitted again. Success is a result in the store,
 * whatever a job says.
 */
import { fileURLToPath } from 'node:url';
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Emit, JobsSubmitted } from '../history/event.ts';
import type { PlannedAction } from '../plan/plan.ts';
import type { Session } from '../plan/session.ts';
import type { Make } from '../schedule/perform.ts';
import { claim } from '../store/claim.ts';
import { holderText } from '../store/holder-text.ts';
import { cancelJobs, cancelWaiting } from './cancel-jobs.ts';
import { todoOf } from './groups.ts';
import type { QueueRow } from './job-state.ts';
import { liveJobs, openJobs } from './jobs.ts';
import { makeByJobs, notSubmitted } from './make-by-jobs.ts';
import { openSubmission } from './open-submission.ts';
import { askPatiently } from './patient-slurm.ts';
import { pause } from './pause.ts';
import { taskScript } from './sbatch.ts';
import type { Slurm } from './slurm.ts';
import { ownerOn, submittingClaim } from './submission.ts';
import { openWatch } from './watch.ts';

export interface Cluster {
  readonly make: Make;
  /** Whether jobs were submitted for the action. */
  isBegun(action: ActionName): boolean;
  /** Whether there was anything to submit or to join. */
  readonly hasJobs: boolean;
  /** To be told as soon as an action failed, for whatever reason: without `--keep-going` what has not begun is cancelled. */
  failed(): void;
  /** Ends the jobs that nobody waits for any more, and the poll. */
  close(): Promise<void>;
}

/** Interrupted before anything was submitted. */
const NOTHING: Cluster = {
  make: async () => ({ cancelled: true }),
  isBegun: () => false,
  hasJobs: false,
  failed() {},
  close: async () => {},
};

/**
 * Submits all that the session will execute, or joins the jobs that do so already. Where nothing is to be executed nothing
 * is submitted, until a result turns out to be gone after all.
 */
export async function openCluster(
  session: Session,
  planned: readonly PlannedAction[],
  slurm: Slurm,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<Cluster, RunFailure>> {
  const { graph, request } = session;
  const todo = todoOf(planned, graph.actions, request.keepGoing);
  const begin = () => submitOrJoin(session, slurm, todo, emit, signal);
  if (todo.size > 0) return begin();
  let begun: ReturnType<typeof begin> | undefined;
  return ok({
    hasJobs: false,
    isBegun: () => false,
    async make(...asked) {
      begun ??= begin();
      const cluster = await begun;
      if (cluster.ok) return cluster.value.make(...asked);
      return { executed: { ok: false, failure: notSubmitted(cluster.error), log: [] } };
    },
    failed() {
      void begun?.then((cluster) => cluster.ok && cluster.value.failed());
    },
    async close() {
      const cluster = await begun;
      if (cluster?.ok) await cluster.value.close();
    },
  });
}

async function submitOrJoin(
  session: Session,
  slurm: Slurm,
  todo: ReadonlySet<ActionName>,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<Cluster, RunFailure>> {
  const { request, store } = session;
  const over = new AbortController();
  const wait = (milliseconds: number) => pause(milliseconds, over.signal);
  const onTrouble = (failure: RunFailure) => emit({ type: 'cluster-warning', message: troubleText(failure) });
  const patience = { signal, onTrouble, wait };

  const config = await askPatiently(slurm.config, patience);
  if (!config.ok) return signal.aborted ? ok(NOTHING) : config;
  const { largestArray } = config.value;
  const held = await claim(submittingClaim(store, request.pipeline), store.opening, signal, (holder) =>
    emit({
      type: 'cluster-warning',
      message: `jobs of this pipeline are being submitted by ${holderText(holder)}; waiting for it`,
    }),
  );
  if (!held) return ok(NOTHING);
  try {
    const opened = await openSubmission(session, slurm, ownerOn(config.value), patience);
    if (!opened.ok) return signal.aborted ? ok(NOTHING) : opened;
    const { submission, live, others } = opened.value;
    if (others.length > 0) emit({ type: 'cluster-warning', message: othersText(liveJobs(others)) });

    const watch = openWatch(submission, slurm, onTrouble, emit, wait);
    const script = (array: number) => taskScript(process.execPath, cliPath(), submission.folder, array);
    const withdraw = async (own: readonly string[]) => {
      if (own.length > 0 && !isLeft(signal)) await cancelJobs(submission, slurm, emit, ({ job }) => own.includes(job));
    };
    const jobs = openJobs({ session, submission, slurm, watch, largestArray, script, patience, withdraw });
    let failed = false;
    const stopping = () => signal.aborted || failed;
    const end = () => {
      watch.stop();
      over.abort();
    };
    const close = async () => {
      if (isLeft(signal)) emit({ type: 'cluster-warning', message: 'the jobs go on; the same command joins them' });
      else if (stopping()) await cancelJobs(submission, slurm, emit);
      end();
    };

    jobs.join(live);
    if (live.length > 0) emit({ type: 'jobs-joined', submission: submission.name, jobs: joined(live) });
    const left = new Set([...todo].filter((action) => jobs.taskOf(action) === undefined));
    const submitted = await jobs.submit(left);
    if (!submitted.ok) {
      if (signal.aborted) return ok({ ...NOTHING, close });
      end();
      return submitted;
    }
    if (submitted.value.length > 0) {
      emit({ type: 'jobs-submitted', submission: submission.name, jobs: submitted.value });
    }
    signal.addEventListener('abort', watch.wake, { once: true });
    const make = makeByJobs({
      jobs,
      watch,
      submission,
      signal,
      stopping,
      abandon: (job) => slurm.cancel([job], 'all'),
    });
    const isBegun = (action: ActionName) => todo.has(action);
    return ok({
      make,
      isBegun,
      hasJobs: true,
      failed() {
        if (failed || request.keepGoing) return;
        failed = true;
        // What has not begun will not; what runs may end.
        void cancelWaiting(submission, slurm);
      },
      close,
    });
  } finally {
    held.release();
  }
}

/** A connection that dropped, or a machine that shuts down, ends the wait; only Ctrl-C is meant for the jobs. */
const isLeft = ({ reason }: AbortSignal): boolean =>
  reason instanceof Error && (reason.message === 'SIGHUP' || reason.message === 'SIGTERM');

function troubleText(failure: RunFailure): string {
  if (failure.reason === 'file-system') return `what jobs say cannot be read, trying again: ${failure.message}`;
  const said = failure.reason === 'slurm-refused' ? failure.message : failure.reason;
  return `Slurm does not answer, waiting for it: ${said}`;
}

const othersText = (jobs: readonly string[]): string =>
  `jobs of another run of this pipeline (other targets, settings or an earlier state) are still in the queue; if they are not wanted: scancel ${jobs.join(' ')}`;

/** Jobs with the number of their tasks that wait or run. */
function joined(live: readonly QueueRow[]): JobsSubmitted['jobs'] {
  return liveJobs(live).map((job) => ({ job, tasks: live.filter((row) => row.job === job).length }));
}

/** The command line beside this file, once bundled. */
const cliPath = (): string => fileURLToPath(new URL('./cli.js', import.meta.url));
