/** Jobs taken out of the queue, and ended. */
import type { Emit } from '../history/event.ts';
import type { QueueRow } from './job-state.ts';
import { liveJobs } from './jobs.ts';
import { pause } from './pause.ts';
import type { Slurm } from './slurm.ts';
import { jobPrefix, type Submission } from './submission.ts';

/** How long jobs that were cancelled may take to be gone. */
const GRACE_MS = 30_000;
const LOOK_MS = 300;

/** Cancels what has not begun. */
export async function cancelWaiting(submission: Submission, slurm: Pick<Slurm, 'queue' | 'cancel'>): Promise<void> {
  const queue = await slurm.queue(jobPrefix(submission));
  if (queue.ok) await slurm.cancel(liveJobs(queue.value), 'waiting');
}

/** Cancels a submission's jobs, those of `which` that live, whoever submitted them, and waits until they are gone. */
export async function cancelJobs(
  submission: Submission,
  slurm: Pick<Slurm, 'queue' | 'cancel'>,
  emit: Emit,
  which: (row: QueueRow) => boolean = () => true,
): Promise<void> {
  const until = Date.now() + GRACE_MS;
  let told: readonly string[] = [];
  for (;;) {
    const queue = await slurm.queue(jobPrefix(submission));
    if (queue.ok) {
      const live = liveJobs(queue.value.filter(which));
      if (live.length === 0) return;
      const untold = live.filter((job) => !told.includes(job));
      if (untold.length > 0) await slurm.cancel(untold, 'all');
      told = live;
    }
    if (Date.now() > until) {
      const named = told.length > 0 ? ` ${told.join(', ')}` : '';
      return emit({
        type: 'cluster-warning',
        message: `Slurm has not ended the jobs${named} yet; look with: squeue --me`,
      });
    }
    await pause(LOOK_MS);
  }
}
