/** What is remembered of the last run of a pipeline: enough to say what changed since. */
import { readFileSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { type Digest, digestOf } from '../cache/digest.ts';
import type { Key } from '../cache/key.ts';
import type { Store } from '../cache/store.ts';
import { writeAside } from '../cache/write-aside.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';

export interface LastRun {
  readonly run: string;
  /** Of every action, the key of the last result it had; actions outside the last run keep theirs. */
  readonly keys: { readonly [action: string]: Key };
  /** Digest of each source file of the tasks. */
  readonly sources: { readonly [path: string]: Digest };
  /** By step, how long an action took on average when it was last executed. */
  readonly seconds: { readonly [step: string]: number };
}

const pathOf = (store: Store, pipeline: string) => store.last(digestOf(realpathSync(pipeline)));

export function readLastRun(store: Store, pipeline: string): LastRun {
  try {
    return JSON.parse(readFileSync(pathOf(store, pipeline), 'utf8')) as LastRun;
  } catch (error) {
    // None yet, or a truncated one: then nothing is known about what changed, and nothing else is lost.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { run: '', keys: {}, sources: {}, seconds: {} };
    }
    throw error;
  }
}

export const writeLastRun = (store: Store, pipeline: string, last: LastRun): void =>
  writeAside(pathOf(store, pipeline), JSON.stringify(last));

/** Of one task, the source files that are new, gone or different since the last run, relative to the pipeline. */
export function changedSources(last: LastRun, { sources, folder, code }: LoadedPipeline, uses: string): string[] {
  const own = code[uses]?.sources ?? [];
  return own
    .filter((path) => last.sources[path] !== sources[path])
    .map((path) => relative(folder, path))
    .sort();
}
