/** What is asked for: the same for `run` and `plan`. */
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
  /** Actions or steps; none means everything. */
  readonly targets: readonly string[];
  readonly overrides: Overrides;
  /** How many actions at once. */
  readonly jobs: number;
  /** Where actions are executed; null: where the pipeline says. */
  readonly on: 'local' | 'slurm' | null;
  /** After a failure, go on with what does not depend on it. */
  readonly keepGoing: boolean;
  /** The targets run again, whatever the store holds. */
  readonly force: boolean;
  readonly store: string;
  readonly out: string;
  /** Where results may be taken from before they are made, and with `write` are sent to. Only `run` asks it. */
  readonly remote: RemoteRequest | null;
}

/** A request with its defaults: the store and `out/` lie beside the pipeline, other paths are the caller's. */
export function requestOf(asked: Partial<Request>): Request {
  const pipeline = resolve(asked.pipeline ?? 'pipeline.yaml');
  const beside = (name: string) => join(dirname(pipeline), name);
  return {
    pipeline,
    targets: asked.targets ?? [],
    overrides: asked.overrides ?? {},
    jobs: asked.jobs ?? availableParallelism(),
    on: asked.on ?? null,
    keepGoing: asked.keepGoing ?? false,
    force: asked.force ?? false,
    store: resolve(asked.store ?? (process.env.GROUNDPROOF_STORE || beside('cache'))),
    out: resolve(asked.out ?? beside('out')),
    remote:
      asked.remote ?? (process.env.GROUNDPROOF_REMOTE ? { url: process.env.GROUNDPROOF_REMOTE, write: false } : null),
  };
}

/** Names a request, so that a later one like it can find out whether anything changed. Needs the file to exist. */
export const requestName = ({ pipeline, targets, overrides, out }: Request): string =>
  JSON.stringify({ pipeline: realpathSync(pipeline), targets, overrides, out });
