/** Messages between `verify` and a fresh process: an action to execute, and its outcome. */
import type { FromWorker, Job, TaskOutputs } from '../execute/job.ts';
import type { ShellWork } from '../execute/shell.ts';

export type Work =
  | { readonly kind: 'module'; readonly job: Job }
  | {
      readonly kind: 'shell';
      readonly shell: ShellWork;
    };

export type Answer =
  | Exclude<FromWorker, { readonly type: 'progress' | 'made' }>
  | { readonly type: 'made'; readonly made: TaskOutputs };
