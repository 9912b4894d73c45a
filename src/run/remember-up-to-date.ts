import { join, resolve } from 'node:path';
import { blobSignature, fileSignature, type Signature, statOf } from '../files/signature.ts';
import { requestName } from '../load/request.ts';
import { lockPathOf } from '../out/lock.ts';
import { MANIFEST } from '../out/manifest.ts';
import { STATE } from '../out/state.ts';
import { signaturesOf } from '../plan/prepare.ts';
import { type UpToDate, writeUpToDate } from '../plan/up-to-date.ts';
import { placeOf, warningsOf } from '../schedule/run-state.ts';
import { damagedPath, readBlobState } from '../store/blob-state.ts';
import type { Store } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';
import type { OpenRun } from './open-run.ts';

/**
 * Records the signatures that the next run of this request can check to find that it has nothing to do. Records nothing
 * if a signature proves nothing, so that the next run looks closely.
 */
export function rememberUpToDate(
  run: OpenRun,
  shown: Pick<UpToDate, 'steps' | 'headline' | 'report' | 'alsoShown'>,
): void {
  const { session, state } = run;
  const { request, store, loaded, graph, notSelected } = session;
  const { prepared, results, records } = state;
  const files = signaturesOfFiles(run);
  // Null: the file changed too recently.
  if ([...files.values()].includes(null)) return;
  // Somebody may have written into the store during the run and set the time back, which signatures would not show.
  const executed = [...results].filter(([name]) => records.get(name)?.outcome === 'executed');
  if (executed.some(([, result]) => isDamaged(store, result))) return;
  const resultFiles = [...results.values()].map(({ key }): SignedPath => {
    const path = store.result(key);
    return [path, blobSignature(path)];
  });
  // A result whose file is gone does not count, even if all its blobs exist.
  if (resultFiles.some(([, signature]) => signature === undefined)) return;
  const blobs = [...results.values()].flatMap((result) => signaturesOfBlobs(store, result));
  const warnings = [...results].flatMap(([name, result]) => {
    const texts = warningsOf(prepared.get(name), result);
    return texts.length > 0 ? [[name, texts] as const] : [];
  });
  const absent = [...prepared.values()].flatMap((action) =>
    action.absent.map(({ path }) => resolve(loaded.folder, path)),
  );
  writeUpToDate(store, requestName(request), {
    run: run.id,
    pipeline: loaded.pipeline.name,
    files: [...files].flat() as string[],
    results: [...new Map([...blobs, ...resultFiles])].flat() as string[],
    places: loaded.trail.places.filter(([path, real]) => path !== real && path !== `${real}/`).flat(),
    absent: [lockPathOf(request.out), ...loaded.trail.absent, ...absent],
    actions: graph.actions.map(({ name }) => name),
    notSelected,
    warnings: Object.fromEntries(warnings),
    ...shown,
  });
}

/** The pipeline, the tasks' sources, the users' inputs, and all that `out/` shows. */
function signaturesOfFiles({ session, out, state }: OpenRun): Map<string, Signature | null> {
  const { request, loaded, graph } = session;
  const inputs = [...state.prepared.values()].flatMap(signaturesOf);
  const shown = graph.actions.flatMap((action) => [...out.signatures(placeOf(action))]);
  const ofOut = [STATE, MANIFEST].map((name) => {
    const path = join(request.out, name);
    return [path, fileSignature(path) ?? null] as const;
  });
  return new Map([...loaded.signatures, ...inputs, ...shown, ...ofOut]);
}

type SignedPath = readonly [string, string | undefined];

const signaturesOfBlobs = (store: Store, { outputs }: StoredResult): SignedPath[] =>
  Object.values(outputs).flatMap((output) => {
    if (!output) return [];
    const entries = [...output.files, ...(output.folders ?? [])].map(
      ({ path, signature }): SignedPath => [join(store.blob(output.digest), path), signature],
    );
    return [...entries, ...output.siblings.map(({ digest, file }): SignedPath => [store.blob(digest), file.signature])];
  });

const isDamaged = (store: Store, { key, outputs }: StoredResult): boolean => {
  const published = statOf(store.result(key))?.mtimeNs;
  return Object.values(outputs).some(
    (output) => output && damagedPath(store, output, readBlobState(store.blob(output.digest)), published) !== undefined,
  );
};
