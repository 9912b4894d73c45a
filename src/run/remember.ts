/** What a run leaves behind for the next one: what changed since, and whether anything did. */
import { join, relative, resolve } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { blobSignature, fileSignature, statOf } from '../files/signature.ts';
import type { RunStarted } from '../history/event.ts';
import { type RunRecord, recordAside, recordRun, type StepRecord } from '../history/run-record.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import { requestName } from '../load/request.ts';
import type { OutFolder } from '../out/folder.ts';
import { lockPathOf } from '../out/lock.ts';
import { MANIFEST } from '../out/manifest.ts';
import { STATE } from '../out/state.ts';
import type { Step } from '../pipeline/pipeline.ts';
import { signaturesOf } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import { type UpToDate, writeUpToDate } from '../plan/up-to-date.ts';
import { placeOf, type Tally, warningsOf } from '../schedule/perform.ts';
import { damagedPath, readBlobState } from '../store/blob-state.ts';
import type { Key } from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';

/** The record of a run. */
export function remember(
  { request, store, loaded, graph, last }: Session,
  run: string,
  began: Date,
  { results, records }: Tally,
  { aside, interrupted }: { readonly aside: boolean; readonly interrupted: boolean },
): void {
  const keys: { [action: string]: Key } = { ...last?.keys };
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
  const record: RunRecord = {
    run,
    began: began.toISOString(),
    request,
    // In the graph's order, whichever ended first.
    actions: graph.actions.flatMap(({ name }) => records.get(name) ?? []),
    keys,
    sources: loaded.sources,
    steps: loaded.pipeline.steps.map((step) => stepRecord(step, loaded)),
    seconds: { ...last?.seconds, ...Object.fromEntries(means) },
    previous: last?.run ?? null,
    ...(aside ? { aside } : {}),
    ...(interrupted ? { interrupted } : {}),
  };
  if (aside) recordAside(store, record);
  else recordRun(store, record);
}

function stepRecord(step: Step, { code, sources, folder }: LoadedPipeline): StepRecord {
  const { name, each, inputs, positions, task } = step;
  const own: { [path: string]: Digest } = {};
  for (const path of task.kind === 'module' ? (code[task.uses]?.sources ?? []) : []) {
    const digest = sources[path];
    if (digest !== undefined) own[relative(folder, path)] = digest;
  }
  return { name, each, inputs, positions, sources: own };
}

/** Everything that a next run like this one can check to find that it has nothing to do. */
export function rememberUpToDate(
  { request, store, loaded, graph }: Session,
  run: string,
  out: OutFolder,
  { prepared, results, records }: Tally,
  steps: RunStarted['steps'],
  shown: Pick<UpToDate, 'headline' | 'report' | 'alsoShown'>,
): void {
  const all = [...prepared.values()];
  const files = new Map([...loaded.signatures, ...all.flatMap(signaturesOf)]);
  for (const action of graph.actions) {
    for (const [path, signature] of out.signatures(placeOf(action))) files.set(path, signature);
  }
  for (const name of [STATE, MANIFEST]) {
    const path = join(request.out, name);
    files.set(path, fileSignature(path) ?? null);
  }
  // A file that changed too recently for its signature to prove anything: look again next time.
  if ([...files.values()].includes(null)) return;
  const kept = [...results.values()].flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => {
      if (!output) return [];
      const own = [...output.files, ...(output.folders ?? [])].map(
        ({ path, signature }) => [join(store.blob(output.digest), path), signature] as const,
      );
      return [...own, ...output.siblings.map(({ digest, file }) => [store.blob(digest), file.signature] as const)];
    }),
  );
  // Somebody may have written into the store during the run and set the time back, which these signatures would not show.
  const executed = [...results].filter(([name]) => records.get(name)?.outcome === 'executed');
  if (executed.some(([, result]) => isSpoilt(store, result))) return;
  // Without its record a result is none, though all its blobs are there.
  const written = [...results.values()].map(({ key }) => {
    const path = store.result(key);
    return [path, blobSignature(path)] as const;
  });
  if (written.some(([, signature]) => signature === undefined)) return;
  const warnings = [...results].flatMap(([name, result]) => {
    const own = warningsOf(prepared.get(name), result);
    return own.length > 0 ? [[name, own] as const] : [];
  });
  writeUpToDate(store, requestName(request), {
    run,
    pipeline: loaded.pipeline.name,
    files: [...files].flat() as string[],
    results: [...new Map([...kept, ...written])].flat() as string[],
    places: loaded.trail.places.filter(([path, real]) => path !== real && path !== `${real}/`).flat(),
    absent: [
      lockPathOf(request.out),
      ...loaded.trail.absent,
      ...all.flatMap(({ absent }) => absent.map(({ path }) => resolve(loaded.folder, path))),
    ],
    steps,
    actions: graph.actions.map(({ name }) => name),
    warnings: Object.fromEntries(warnings),
    ...shown,
  });
}

const isSpoilt = (store: Store, { key, outputs }: StoredResult): boolean => {
  const published = statOf(store.result(key))?.mtimeNs;
  return Object.values(outputs).some(
    (output) => output && damagedPath(store, output, readBlobState(store.blob(output.digest)), published) !== undefined,
  );
};
