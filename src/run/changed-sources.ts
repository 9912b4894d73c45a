import { relative } from 'node:path';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { RunRecord } from './run-record.ts';

/** Of one task, the source files that are new or different since the last run, relative to the pipeline. */
export function changedSources(
  last: Pick<RunRecord, 'sources'>,
  { sources, folder, code }: LoadedPipeline,
  uses: string,
): string[] {
  const own = code[uses]?.sources ?? [];
  return own
    .filter((path) => last.sources[path] !== sources[path])
    .map((path) => relative(folder, path))
    .sort();
}
