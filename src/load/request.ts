/** A request to run or plan a pipeline. */
import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Overrides } from '../pipeline/text/override.ts';

/** A remote cache to take results from; `write` sends results there too. */
export interface RemoteRequest {
  readonly url: string;
  readonly write: boolean;
}

export interface Request {
  /** Absolute path of the pipeline's file. */
  readonly pipeline: string;
  /** Actions, steps, or patterns of them (see `selectTargets`); an empty list means everything. */
  readonly targets: readonly string[];
  /** Actions, steps or patterns that are left out of the targets, with all that needs them. */
  readonly skip: readonly string[];
  readonly overrides: Overrides;
  /** The number of actions at once. */
  readonly jobs: number;
  /** The place of execution; null leaves it to the pipeline. */
  readonly on: 'local' | 'slurm' | null;
  /** After a failure, go on with actions that do not depend on it. */
  readonly keepGoing: boolean;
  /** Execute the targets again, even if the store has their results. */
  readonly force: boolean;
  readonly store: string;
  readonly out: string;
  /** The remote cache, or null; only `run` uses it. */
  readonly remote: RemoteRequest | null;
}

/** Fills in defaults: the store and `out/` lie beside the pipeline. Resolves given paths against the working folder. */
export function requestOf(given: Partial<Request>): Request {
  const pipeline = resolve(given.pipeline ?? 'pipeline.yaml');
  const beside = (name: string) => join(dirname(pipeline), name);
  return {
    pipeline,
    targets: given.targets ?? [],
    skip: given.skip ?? [],
    overrides: given.overrides ?? {},
    jobs: given.jobs ?? availableParallelism(),
    on: given.on ?? null,
    keepGoing: given.keepGoing ?? false,
    force: given.force ?? false,
    store: resolve(given.store ?? (process.env.GROUNDPROOF_STORE || beside('cache'))),
    out: resolve(given.out ?? beside('out')),
    remote:
      given.remote ?? (process.env.GROUNDPROOF_REMOTE ? { url: process.env.GROUNDPROOF_REMOTE, write: false } : null),
  };
}

/** Names a request, so that the next equal request can find out whether anything changed. The file must exist. */
export const requestName = ({ pipeline, targets, skip, overrides, out }: Request): string =>
  JSON.stringify({ pipeline: realpathSync(pipeline), targets, ...skipIfAny({ skip }), overrides, out });

/** A `skip` of no names is left out, as in what was written before requests had one. */
export const skipIfAny = ({ skip }: Pick<Request, 'skip'>): Partial<Pick<Request, 'skip'>> =>
  skip.length > 0 ? { skip } : {};

/** Whether a request is for the whole pipeline. */
export const isForAll = ({ targets, skip }: Pick<Request, 'targets' | 'skip'>): boolean =>
  targets.length === 0 && skip.length === 0;
