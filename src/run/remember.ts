/** What a run leaves behind for the next one: what changed since, and whether anything did. */
import { join } from 'node:path';
import type { OutFolder } from '../cache/out-folder.ts';
import type { RunFinished, RunStarted } from './event.ts';
import { type LastRun, writeLastRun } from './last-run.ts';
import { placeOf, type Tally } from './perform.ts';
import { signaturesOf } from './prepare.ts';
import { requestName } from './request.ts';
import type { Session } from './session.ts';
import { writeUpToDate } from './up-to-date.ts';

/** Keys and durations, for the causes and the time left of the next run. */
export function remember(
  { request, store, loaded, graph, last }: Session,
  run: string,
  { results, records }: Tally,
): void {
  const keys = { ...last.keys };
  const times = new Map<string, number[]>();
  for (const { name, step } of graph.actions) {
    const result = results.get(name);
    if (!result) continue;
    keys[name] = result.key;
    if (records.get(name)?.outcome === 'executed') {
      times.set(step.name, [...(times.get(step.name) ?? []), result.milliseconds / 1000]);
    }
  }
  const means = [...times].map(([step, all]) => [step, all.reduce((sum, one) => sum + one, 0) / all.length]);
  const seconds = { ...last.seconds, ...Object.fromEntries(means) };
  writeLastRun(store, request.pipeline, { run, keys, sources: loaded.sources, seconds } satisfies LastRun);
}

/** Everything that a next run like this one can check to find that it has nothing to do. */
export function rememberUpToDate(
  { request, store, loaded, graph }: Session,
  out: OutFolder,
  { prepared, results }: Tally,
  steps: RunStarted['steps'],
  headline: RunFinished['headline'],
): void {
  const all = [...prepared.values()];
  const files = new Map([...loaded.signatures, ...all.flatMap(signaturesOf)]);
  // A file that changed too recently for its signature to prove anything: look again next time.
  if ([...files.values()].includes(null)) return;
  const kept = [...results.values()].flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => {
      if (!output) return [];
      const own = output.files.map(
        ({ path, signature }) => [join(store.blob(output.digest), path), signature] as const,
      );
      return [...own, ...output.siblings.map(({ digest, file }) => [store.blob(digest), file.signature] as const)];
    }),
  );
  const shown = graph.actions.flatMap((action) => out.signatures(placeOf(action)));
  const warnings = [...results].flatMap(([name, { log }]) => {
    const own = log.filter(({ level }) => level === 'warning').map(({ message }) => message);
    return own.length > 0 ? [[name, own] as const] : [];
  });
  writeUpToDate(store, requestName(request), {
    pipeline: loaded.pipeline.name,
    files: [...files].flat() as string[],
    results: [...new Map([...kept, ...shown])].flat(),
    absent: all.flatMap(({ absent }) => absent),
    steps,
    actions: graph.actions.map(({ name }) => name),
    warnings: Object.fromEntries(warnings),
    headline,
  });
}
