/** Says why Slurm did not run jobs, or how a job was lost, and how to fix it. */
import type { JobLost, RunFailure } from '../base/failure.ts';
import { unreachable } from '../base/result.ts';

type SlurmFailure = Extract<RunFailure, { reason: `submission-${string}` | `slurm-${string}` }>;

export function slurmFailureText(failure: SlurmFailure): string {
  switch (failure.reason) {
    case 'submission-missing':
      return `there is no submission ${failure.path}, or it is damaged; does this machine see the store under the same path?`;
    case 'submission-of-another-build':
      return `${failure.path} was submitted by another build of groundproof; run again, which submits anew`;
    case 'slurm-missing':
      return `there is no ${failure.command} on the PATH; run this where jobs can be submitted to Slurm, or on this machine with --on local`;
    case 'slurm-refused': {
      const command = failure.options.length > 0 ? `\n${failure.command} ${failure.options.join(' ')}` : '';
      return `Slurm refused: ${failure.message}${command}`;
    }
    default:
      return unreachable(failure);
  }
}

/** How a job ended, how to fix it, and the last lines that it printed. */
export function jobLostText(failure: JobLost): string {
  const { output } = failure;
  return output.length > 0 ? `${lossText(failure)}\nits last output:\n${output.join('\n')}` : lossText(failure);
}

function lossText({ why, job, node, said }: JobLost): string {
  const name = node === null ? `job ${job}` : `job ${job} on ${node}`;
  switch (why) {
    case 'timed-out':
      return `${name} was ended at its time limit; raise resources.time of the step`;
    case 'out-of-memory':
      return `${name} took more memory than it had asked for; raise resources.memory of the step`;
    case 'node-failed':
      return `${name} was lost with its node; run again`;
    case 'preempted':
      return `${name} had to make room for another job; run again, or use a partition without preemption`;
    case 'cancelled':
      return `${name} was cancelled; run again if it was not meant to be`;
    case 'held':
      return `${name} was put aside by Slurm (${said}); run again`;
    case 'never-starts':
      return `${name} asks for resources that the cluster does not have (${said}); lower the step's resources, or name another partition`;
    case 'vanished':
      return `${name} is no longer known to Slurm, and how it ended is unknown; run again`;
    case 'crashed':
      return `${name} ended in the middle (${said})`;
    case 'refused':
      return `its job could not be submitted again: ${said}`;
    case 'no-result':
      return `${name} ended well, but the store does not hold its results: an input changed meanwhile, or the node sees another folder under the store's path`;
    default:
      return unreachable(why);
  }
}
