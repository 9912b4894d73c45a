/** Cancels the jobs of a submission. */
import type { Emit } from '../history/event.ts';
import type { QueueRow } from './job-state.ts';
import { liveJobs } from './jobs.ts';
import { pause } from './pause.ts';
import type { Slurm } from './slurm.ts';
import { jobPrefix, type Submission } from './submission.ts';

/** How long cancelled jobs may take to leave the queue. */
const GRACE_MS = 30_000;
const LOOK_EVERY_MS = 300;

/** Cancels the slots that have not begun. */
export async function cancelWaiting(submission: Submission, slurm: Pick<Slurm, 'queue' | 'cancel'>): Promise<void> {
  const queue = await slurm.queue(jobPrefix(submission));
  if (queue.ok) await slurm.cancel(liveJobs(queue.value), 'waiting');
}

/** Cancels the jobs of a submission, or only those of `which`, from all drivers, and waits until they have ended. */
export async function cancelJobs(
  submission: Submission,
  slurm: Pick<Slurm, 'queue' | 'cancel'>,
  emit: Emit,
  which: (row: QueueRow) => boolean = () => true,
): Promise<void> {
  const until = Date.now() + GRACE_MS;
  let cancelled: readonly string[] = [];
  for (;;) {
    const queue = await slurm.queue(jobPrefix(submission));
    if (queue.ok) {
      const live = liveJobs(queue.value.filter(which));
      if (live.length === 0) return;
      const added = live.filter((job) => !cancelled.includes(job));
      if (added.length > 0) await slurm.cancel(added, 'all');
      cancelled = live;
    }
    if (Date.now() > until) {
      const ids = cancelled.length > 0 ? ` ${cancelled.join(', ')}` : '';
      return emit({
        type: 'cluster-warning',
        message: `Slurm has not ended the jobs${ids} yet; look with: squeue --me`,
      });
    }
    await pause(LOOK_EVERY_MS);
  }
}
