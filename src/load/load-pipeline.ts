/**
 * Loads and checks a pipeline with its tasks' code. The checked pipeline is stored under the digest of everything that
 * it depends on, so that a rerun neither parses YAML nor bundles code.
 */

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ENGINE } from '../base/build.ts';
import type { RunFailure } from '../base/failure.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { readChecked, writeChecked } from '../files/checked-json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { fileSignature, isRacy, type Signature } from '../files/signature.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Overrides } from '../pipeline/text/override.ts';
import type { FileMemo } from '../store/file-memo.ts';
import type { Store, StorePaths } from '../store/layout.ts';
import { isCodeSound } from './code.ts';
import type { LoadedTask, TaskCode } from './load-tasks.ts';
import type { ReadDocument } from './read-document.ts';
import { MOST_BYTES, readUnchanged } from './read-unchanged.ts';
import { foldersIfValid, joinTrails, NO_TRAIL, type Trail } from './trail.ts';

export interface LoadedPipeline {
  readonly pipeline: Pipeline;
  /** The pipeline's folder: paths in it are relative to this, and shell steps run here. */
  readonly folder: string;
  /** By the text of the step's `uses`. */
  readonly code: { readonly [uses: string]: TaskCode };
  /** Digest of every source file of the tasks, to explain changes. */
  readonly sources: { readonly [path: string]: Digest };
  /** Digest of every included file, and of every package.json that decided which file is included. */
  readonly included: { readonly [path: string]: Digest };
  /** While all these signatures and the trail are valid, so is the pipeline. */
  readonly signatures: readonly (readonly [path: string, signature: Signature | null])[];
  /** How the tasks' code was found. */
  readonly trail: Trail;
}

export interface PipelineRequest {
  readonly path: string;
  readonly overrides: Overrides;
  /** Bundle all tasks again, even if an earlier request has stored them. */
  readonly afresh?: boolean;
}

/** The part of a loaded pipeline that is stored. */
type CheckedPipeline = Pick<LoadedPipeline, 'pipeline' | 'code' | 'sources' | 'included' | 'trail'>;

type Tasks = { readonly [uses: string]: LoadedTask };

/** Stored apart from the pipeline, so that another parameter or recording does not bundle the tasks again. */
interface StoredTasks {
  readonly tasks: Tasks;
  readonly sources: LoadedPipeline['sources'];
}

export async function loadPipeline(
  { path, overrides, afresh = false }: PipelineRequest,
  store: Store,
  memo: FileMemo,
): Promise<Result<LoadedPipeline, RunFailure>> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return err({ reason: 'pipeline-folder', path });
  if (found && found.size > MOST_BYTES) {
    return err({ reason: 'pipeline-too-large', path, bytes: found.size, most: MOST_BYTES });
  }
  const read = await readUnchanged(path, memo);
  if (!read) return err({ reason: 'pipeline-missing', path });
  const { text, known } = read;
  const folder = realpathSync(dirname(path));
  const name = checkedName(path, text, folder, overrides);

  const stored = afresh ? undefined : readChecked<CheckedPipeline>(store.checkedPipeline(name));
  const valid = stored && (await signaturesIfValid(stored, store, memo));
  if (stored && valid) {
    return ok({ ...stored, folder, signatures: [...known.signatures, ...valid] });
  }
  const began = BigInt(Date.now()) * 1_000_000n;
  const fresh = await parseAndCheck({ path, overrides, afresh }, { text, folder, store, memo });
  if (!fresh.ok) return fresh;
  const { pipeline, tasks, document } = fresh.value;
  const code = codeOf(tasks);
  const sources = await digestsOf(new Set(Object.values(code).flatMap((taskCode) => taskCode.sources)), began, memo);
  const manifests = await digestsOf(document.manifests, began, memo);
  const files = [...document.included];
  const included = {
    ...Object.fromEntries(files.map(([file, { digest }]) => [file, digest])),
    ...manifests.digests,
  };
  const signatures = [known, ...files.map(([, file]) => file), sources, manifests].flatMap((file) => file.signatures);
  const { trail, folders } = trailOf([document.trail, ...Object.values(tasks).map((task) => task.trail)]);
  for (const listed of folders) signatures.push(signatureNow(listed, began));
  const checked = { pipeline, code, sources: sources.digests, included, trail: trail ?? NO_TRAIL };
  // Without a trail it is unknown which files the next run would find.
  if (!trail) signatures.push([folder, null]);
  else if (!store.refusal && signatures.every(([, signature]) => signature !== null)) {
    writeChecked(store.checkedPipeline(name), checked satisfies CheckedPipeline);
    writeChecked(store.checkedPipeline(tasksName(folder, Object.keys(tasks))), {
      tasks,
      sources: sources.digests,
    } satisfies StoredTasks);
  }
  return ok({ ...checked, folder, signatures });
}

/** Hashes files that were read since `began`; a file that may have changed since then has no signature. */
async function digestsOf(paths: Iterable<string>, began: bigint, memo: FileMemo) {
  const digests: { [path: string]: Digest } = {};
  const signatures: (readonly [path: string, signature: Signature | null])[] = [];
  for (const path of paths) {
    const digest = await memo.digest(path);
    if (!digest) {
      signatures.push([path, null]); // removed since it was read
      continue;
    }
    digests[path] = digest.digest;
    // If the file may have changed since it was read, this may not be the digest of what was read.
    const proves = !isRacy(path, began);
    signatures.push(...digest.signatures.map(([file, signature]) => [file, proves ? signature : null] as const));
  }
  return { digests, signatures };
}

/** Joins trails, and lists the folders that they depend on; no trail if any is missing or outdated. */
function trailOf(trails: readonly (Trail | undefined)[]): {
  readonly trail: Trail | undefined;
  readonly folders: readonly string[];
} {
  const known = trails.filter((trail) => trail !== undefined);
  const trail = joinTrails(known);
  const folders = known.length === trails.length ? foldersIfValid(trail) : undefined;
  return { trail: folders && trail, folders: folders ?? [] };
}

function signatureNow(path: string, began?: bigint): readonly [path: string, signature: Signature | null] {
  return [path, isRacy(path, began) ? null : (fileSignature(path) ?? null)];
}

/** The name of a checked pipeline in the store: the digest of all that it depends on, except its tasks' code. */
const checkedName = (path: string, text: string, folder: string, overrides: Overrides): Digest =>
  digestOf(canonicalJson({ engine: ENGINE, folder, name: basename(path), text, overrides } as unknown as Json));

/** The name of a pipeline's tasks in the store. */
const tasksName = (folder: string, uses: readonly string[]): Digest =>
  digestOf(canonicalJson({ engine: ENGINE, folder, uses: [...uses].sort() }));

/** Finds the checked pipeline and the code that a request would reuse now, so that gc keeps them. */
export function findCheckedPipeline(
  store: StorePaths,
  path: string,
  overrides: Overrides,
): { readonly checked: Digest; readonly code: readonly Digest[] } | undefined {
  if (!existsSync(path)) return undefined;
  const name = checkedName(path, readFileSync(path, 'utf8'), realpathSync(dirname(path)), overrides);
  const stored = readChecked<CheckedPipeline>(store.checkedPipeline(name));
  return stored && { checked: name, code: Object.values(stored.code).map(({ loadable }) => loadable) };
}

/** Returns the signatures of all sources, included files and listed folders if none of them and no import has changed. */
async function signaturesIfValid(
  { code, sources, included, trail }: Omit<CheckedPipeline, 'pipeline'>,
  store: Store,
  memo: FileMemo,
): Promise<LoadedPipeline['signatures'] | undefined> {
  if (Object.values(code).some(({ loadable }) => !isCodeSound(store, loadable))) return undefined;
  const signatures: (readonly [string, Signature | null])[] = [];
  for (const [path, digest] of Object.entries({ ...sources, ...included })) {
    const now = await memo.digest(path);
    if (now?.digest !== digest) return undefined;
    signatures.push(...now.signatures);
  }
  const folders = foldersIfValid(trail);
  return folders && [...signatures, ...folders.map((folder) => signatureNow(folder))];
}

const codeOf = (tasks: Tasks): LoadedPipeline['code'] =>
  Object.fromEntries(Object.entries(tasks).map(([uses, { code }]) => [uses, code]));

/** A pipeline's text and folder, with the store and the known digests of files. */
interface PipelineContext {
  readonly text: string;
  readonly folder: string;
  readonly store: Store;
  readonly memo: FileMemo;
}

interface Fresh {
  readonly pipeline: Pipeline;
  readonly tasks: Tasks;
  readonly document: ReadDocument;
}

/** Parses and checks the document; only here are heavy modules loaded. */
async function parseAndCheck(
  { path, overrides, afresh }: PipelineRequest,
  context: PipelineContext,
): Promise<Result<Fresh, RunFailure>> {
  const [{ readDocument }, { parsePipeline }, { checkPipeline }] = await Promise.all([
    import('./read-document.ts'),
    import('../pipeline/check/parse.ts'),
    import('../pipeline/check/check.ts'),
  ]);
  const { text, folder, store, memo } = context;
  const source = { name: basename(path), text };
  const document = await readDocument({ path, folder, source }, memo);
  const parsed = parsePipeline(source, overrides, document);
  const stored = afresh ? undefined : await storedTasks(parsed.uses, context);
  const loaded = stored ?? (await (await import('./load-tasks.ts')).loadTasks(store, folder, parsed.uses));
  const interfaces = new Map(
    [...loaded].map(([uses, task]) => [uses, task.ok ? ok(task.value.interface) : err(task.error)] as const),
  );
  const checked = checkPipeline(parsed, interfaces);
  if (!checked.ok) return err({ reason: 'pipeline-invalid', diagnostics: checked.error });
  const tasks = Object.fromEntries([...loaded].flatMap(([uses, task]) => (task.ok ? [[uses, task.value]] : [])));
  return ok({ pipeline: checked.value, tasks, document });
}

/** The tasks that an earlier request stored, if bundling them would still give the same code. */
async function storedTasks(uses: readonly string[], { folder, store, memo }: PipelineContext) {
  const stored = readChecked<StoredTasks>(store.checkedPipeline(tasksName(folder, uses)));
  const { trail } = stored ? trailOf(Object.values(stored.tasks).map((task) => task.trail)) : {};
  if (!stored || !trail) return undefined;
  const { tasks, sources } = stored;
  if (!(await signaturesIfValid({ code: codeOf(tasks), sources, included: {}, trail }, store, memo))) return undefined;
  return new Map(Object.entries(tasks).map(([name, task]) => [name, ok(task)] as const));
}
