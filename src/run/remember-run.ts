/** Leaves the records of a run: for `explain` and `diff`, for the causes of the next run, and in `out/`. */
import { dirname, relative } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { flushFolders } from '../files/flush.ts';
import type { RunStarted } from '../history/event.ts';
import { type RunRecord, recordRun, recordUnlistedRun, type StepRecord } from '../history/run-record.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Step } from '../pipeline/pipeline.ts';
import type { RunContext, RunState } from '../schedule/run-state.ts';
import type { Key } from '../store/key.ts';
import { blobFolders } from '../store/result.ts';
import { changedFiles } from './changed-files.ts';
import type { OpenRun, OutcomeCounts, ShownResults } from './open-run.ts';
import { rememberUpToDate } from './remember-up-to-date.ts';

export interface Ended {
  readonly steps: RunStarted['steps'];
  readonly counts: OutcomeCounts;
  readonly shown: ShownResults;
}

/** Emits the files that changed during the run, and the other results that `out/` shows. */
export async function rememberRun(run: OpenRun, { steps, counts, shown }: Ended): Promise<void> {
  const { session, emit, signal, state, outState, unlisted } = run;
  const { stands, changed } = await changedFiles(session, state);
  for (const event of changed) emit(event);
  const isWritable = session.store.refusal === null;
  if (isWritable) {
    await flushFolders(foldersOfExecuted(run));
    const interrupted = signal.aborted && counts.cancelled > 0;
    const record = recordOf(run, interrupted);
    if (unlisted) recordUnlistedRun(session.store, record);
    else recordRun(session.store, record);
  }
  const alsoShown = outState && (await outState.end(state));
  if (alsoShown) emit(alsoShown);
  const isComplete = counts.executed + counts.reused === session.graph.actions.length && state.inTheWay.size === 0;
  if (isWritable && !unlisted && stands && isComplete) rememberUpToDate(run, { steps, ...shown, alsoShown });
}

/** The folders of the new results and blobs: their names must be on disk before the run's record speaks of them. */
function foldersOfExecuted({ session: { store }, state: { records, results } }: RunContext): Set<string> {
  const executed = [...results].filter(([name]) => records.get(name)?.outcome === 'executed');
  const folders = executed.flatMap(([, result]) => [dirname(store.result(result.key)), ...blobFolders(store, result)]);
  return new Set(folders);
}

function recordOf({ id, began, session, state, unlisted }: OpenRun, interrupted: boolean): RunRecord {
  const { request, loaded, graph, last } = session;
  const keys: { [action: string]: Key } = { ...last?.keys };
  for (const { name } of graph.actions) {
    const result = state.results.get(name);
    if (result) keys[name] = result.key;
  }
  return {
    run: id,
    began: began.toISOString(),
    request,
    // In the graph's order, not in the order in which they ended.
    actions: graph.actions.flatMap(({ name }) => state.records.get(name) ?? []),
    keys,
    sources: loaded.sources,
    steps: loaded.pipeline.steps.map((step) => stepRecord(step, loaded)),
    seconds: { ...last?.seconds, ...meanSeconds(graph.actions, state) },
    previous: last?.run ?? null,
    ...(unlisted ? { aside: true } : {}),
    ...(interrupted ? { interrupted } : {}),
  };
}

/** By step, the mean seconds of the actions that this run executed. */
function meanSeconds(actions: readonly Action[], { records, results }: RunState): { [step: string]: number } {
  const times = new Map<string, number[]>();
  for (const { name, step } of actions) {
    const result = results.get(name);
    if (!result || records.get(name)?.outcome !== 'executed') continue;
    times.set(step.name, [...(times.get(step.name) ?? []), result.milliseconds / 1000]);
  }
  const means = [...times].map(([step, all]) => [step, all.reduce((sum, time) => sum + time, 0) / all.length]);
  return Object.fromEntries(means);
}

function stepRecord(step: Step, { code, sources, folder }: LoadedPipeline): StepRecord {
  const { name, each, inputs, positions, task } = step;
  const ofTask: { [path: string]: Digest } = {};
  for (const path of task.kind === 'module' ? (code[task.uses]?.sources ?? []) : []) {
    const digest = sources[path];
    if (digest !== undefined) ofTask[relative(folder, path)] = digest;
  }
  return { name, each, inputs, positions, sources: ofTask };
}
