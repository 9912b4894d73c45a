/**
 * Makes actions by the jobs of a cluster. Submits everything that a run will execute at once; then each action waits, in
 * its turn, for its slot. Actions that no slot will make any more are submitted again. An action has succeeded if the
 * store has its result, regardless of the job's state.
 */
import { fileURLToPath } from 'node:url';
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Emit, JobsSubmitted } from '../history/event.ts';
import type { PlannedAction } from '../plan/plan.ts';
import type { Session } from '../plan/session.ts';
import type { Make } from '../schedule/make.ts';
import { claim } from '../store/await-claim.ts';
import { holderText } from '../store/holder-text.ts';
import { cancelJobs, cancelWaiting } from './cancel-jobs.ts';
import { actionsToSubmit } from './groups.ts';
import type { QueueRow } from './job-state.ts';
import { type Jobs, liveJobs, openJobs } from './jobs.ts';
import { makeByJobs, notSubmitted } from './make-by-jobs.ts';
import { type OpenedSubmission, openSubmission } from './open-submission.ts';
import { askPatiently, type Patience } from './patient-slurm.ts';
import { pause } from './pause.ts';
import { slotScript } from './sbatch.ts';
import type { Slurm } from './slurm.ts';
import { ownerOn, type Submission, submittingClaim } from './submission.ts';
import { openWatch } from './watch.ts';

export interface Cluster {
  readonly make: Make;
  /** Whether jobs were submitted for the action. */
  isSubmitted(action: ActionName): boolean;
  /** Whether any jobs were submitted or joined. */
  readonly hasJobs: boolean;
  /** Call it when an action has failed: without `--keep-going`, cancels the slots that have not begun. */
  failed(): void;
  /** Cancels the jobs that nobody waits for any more, and ends the polling. */
  close(): Promise<void>;
}

export interface ClusterContext {
  readonly session: Session;
  readonly planned: readonly PlannedAction[];
  readonly slurm: Slurm;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** For a run that was interrupted before anything was submitted. */
const NO_JOBS: Cluster = {
  make: async () => ({ cancelled: true }),
  isSubmitted: () => false,
  hasJobs: false,
  failed() {},
  close: async () => {},
};

/** Submits all that the session will execute, or joins the jobs that do so already. */
export async function openCluster(context: ClusterContext): Promise<Result<Cluster, RunFailure>> {
  const { session, planned } = context;
  const { graph, request } = session;
  const todo = actionsToSubmit(planned, graph.actions, { keepGoing: request.keepGoing });
  const begin = () => submitOrJoin(context, todo);
  return todo.size > 0 ? begin() : ok(clusterOnDemand(begin));
}

/** Begins only if an action has to be made after all: the plan reused its result, which is gone since. */
function clusterOnDemand(begin: () => Promise<Result<Cluster, RunFailure>>): Cluster {
  let begun: ReturnType<typeof begin> | undefined;
  return {
    hasJobs: false,
    isSubmitted: () => false,
    async make(request) {
      begun ??= begin();
      const cluster = await begun;
      if (cluster.ok) return cluster.value.make(request);
      return { executed: { ok: false, failure: notSubmitted(cluster.error), log: [] } };
    },
    failed() {
      void begun?.then((cluster) => cluster.ok && cluster.value.failed());
    },
    async close() {
      const cluster = await begun;
      if (cluster?.ok) await cluster.value.close();
    },
  };
}

async function submitOrJoin(
  context: ClusterContext,
  todo: ReadonlySet<ActionName>,
): Promise<Result<Cluster, RunFailure>> {
  const { session, slurm, emit, signal } = context;
  const { request, store } = session;
  const over = new AbortController();
  const patience: Patience = {
    signal,
    onTrouble: (failure) => emit({ type: 'cluster-warning', message: troubleText(failure) }),
    wait: (milliseconds) => pause(milliseconds, over.signal),
  };
  const config = await askPatiently(slurm.config, patience);
  if (!config.ok) return signal.aborted ? ok(NO_JOBS) : config;
  const held = await claim(submittingClaim(store, request.pipeline), {
    opening: store.opening,
    signal,
    onWait: (holder) =>
      emit({
        type: 'cluster-warning',
        message: `jobs of this pipeline are being submitted by ${holderText(holder)}; waiting for it`,
      }),
  });
  if (!held) return ok(NO_JOBS);
  try {
    const opened = await openSubmission(session, slurm, ownerOn(config.value), patience);
    if (!opened.ok) return signal.aborted ? ok(NO_JOBS) : opened;
    const { largestArray } = config.value;
    return await clusterOf(opened.value, { ...context, todo, patience, largestArray, endWaits: () => over.abort() });
  } finally {
    held.release();
  }
}

interface SubmittingContext extends ClusterContext {
  readonly todo: ReadonlySet<ActionName>;
  readonly patience: Patience;
  readonly largestArray: number;
  /** Cuts short the waits of `patience`. */
  endWaits(): void;
}

async function clusterOf(
  { submission, live, others }: OpenedSubmission,
  context: SubmittingContext,
): Promise<Result<Cluster, RunFailure>> {
  const { session, slurm, emit, signal, todo, patience, endWaits } = context;
  if (others.length > 0) emit({ type: 'cluster-warning', message: othersText(liveJobs(others)) });
  const watch = openWatch({
    submission,
    slurm,
    onTrouble: patience.onTrouble,
    onRemoteTrouble: emit,
    wait: patience.wait,
  });
  const jobs = jobsOf(submission, context, watch);
  let hasFailed = false;
  const stopping = () => signal.aborted || hasFailed;
  const end = () => {
    watch.stop();
    endWaits();
  };
  const close = async () => {
    if (leavesJobs(signal)) emit({ type: 'cluster-warning', message: 'the jobs go on; the same command joins them' });
    else if (stopping()) await cancelJobs(submission, slurm, emit);
    end();
  };

  const submitted = await joinAndSubmit(jobs, { submission, live, todo, emit });
  if (!submitted.ok) {
    if (signal.aborted) return ok({ ...NO_JOBS, close });
    end();
    return submitted;
  }
  signal.addEventListener('abort', watch.wake, { once: true });
  const abandon = (job: string) => slurm.cancel([job], 'all');
  return ok({
    make: makeByJobs({ jobs, watch, submission, signal, stopping, abandon }),
    isSubmitted: (action) => todo.has(action),
    hasJobs: true,
    failed() {
      if (hasFailed || session.request.keepGoing) return;
      hasFailed = true;
      // Slots that run may end by themselves.
      void cancelWaiting(submission, slurm);
    },
    close,
  });
}

function jobsOf(submission: Submission, context: SubmittingContext, watch: ReturnType<typeof openWatch>): Jobs {
  const { session, slurm, emit, signal, patience, largestArray } = context;
  return openJobs({
    session,
    submission,
    slurm,
    watch,
    largestArray,
    patience,
    script: (array) => slotScript(process.execPath, cliPath(), submission.folder, array),
    async withdraw(submitted) {
      if (submitted.length === 0 || leavesJobs(signal)) return;
      await cancelJobs(submission, slurm, emit, ({ job }) => submitted.includes(job));
    },
  });
}

interface JoinAndSubmit {
  readonly submission: Submission;
  readonly live: readonly QueueRow[];
  readonly todo: ReadonlySet<ActionName>;
  readonly emit: Emit;
}

async function joinAndSubmit(jobs: Jobs, { submission, live, todo, emit }: JoinAndSubmit): ReturnType<Jobs['submit']> {
  jobs.join(live);
  if (live.length > 0) emit({ type: 'jobs-joined', submission: submission.name, jobs: joined(live) });
  const submitted = await jobs.submit(new Set([...todo].filter((action) => jobs.slotOf(action) === undefined)));
  if (submitted.ok && submitted.value.length > 0) {
    emit({ type: 'jobs-submitted', submission: submission.name, jobs: submitted.value });
  }
  return submitted;
}

/** A connection that dropped, or a machine that shuts down, ends only the wait; Ctrl-C ends the jobs too. */
const leavesJobs = ({ reason }: AbortSignal): boolean =>
  reason instanceof Error && (reason.message === 'SIGHUP' || reason.message === 'SIGTERM');

function troubleText(failure: RunFailure): string {
  if (failure.reason === 'file-system') return `events of jobs cannot be read, trying again: ${failure.message}`;
  const reason = failure.reason === 'slurm-refused' ? failure.message : failure.reason;
  return `Slurm does not answer, waiting for it: ${reason}`;
}

const othersText = (jobs: readonly string[]): string =>
  `jobs of another run of this pipeline (other targets, settings or an earlier state) are still in the queue; if they are not wanted: scancel ${jobs.join(' ')}`;

/** The jobs, with the numbers of their slots that wait or run. */
function joined(live: readonly QueueRow[]): JobsSubmitted['jobs'] {
  return liveJobs(live).map((job) => ({ job, tasks: live.filter((row) => row.job === job).length }));
}

/** The command line, which lies beside this file once both are bundled. */
const cliPath = (): string => fileURLToPath(new URL('./cli.js', import.meta.url));
