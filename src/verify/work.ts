/** What passes between `verify` and a fresh process: one action to execute, and what came of it. */
import type { Action } from '../pipeline/graph.ts';
import type { FromWorker, Job } from '../run/job.ts';
import type { StagedInputs } from '../run/stage-inputs.ts';

export type Work =
  | { readonly kind: 'module'; readonly job: Job }
  | {
      readonly kind: 'shell';
      readonly action: Action;
      readonly inputs: StagedInputs;
      /** The pipeline's, in which the command runs. */
      readonly folder: string;
      readonly scratch: string;
      readonly env: { readonly [name: string]: string };
    };

export type Answer = Exclude<FromWorker, { readonly type: 'progress' }>;
