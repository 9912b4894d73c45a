/**
 * From the pipeline's file to a checked pipeline with its tasks' code. What was checked is kept under the
 * digest of everything it was made from, so that a rerun neither parses YAML nor bundles code.
 */

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ENGINE } from '../base/build.ts';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { readChecked, writeChecked } from '../files/checked-json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { fileSignature, isRacy, type Signature } from '../files/signature.ts';
import { stillWritten } from '../files/unchanging-file.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Overrides } from '../pipeline/text/override.ts';
import type { FileDigest, FileMemo } from '../store/file-memo.ts';
import type { Store, StorePaths } from '../store/layout.ts';
import { isCodeSound } from './code.ts';
import type { LoadedTask, TaskCode } from './load-tasks.ts';
import { foldersIfStands, joined, NO_TRAIL, type Trail } from './trail.ts';

export interface LoadedPipeline {
  readonly pipeline: Pipeline;
  /** The pipeline's folder: paths in it are relative to this, and shell steps run here. */
  readonly folder: string;
  /** By what the step `uses`. */
  readonly code: { readonly [uses: string]: TaskCode };
  /** Digest of every source file of the tasks, for explaining what changed. */
  readonly sources: { readonly [path: string]: Digest };
  /** What this rests on: when all signatures and the trail stand, so does the pipeline. */
  readonly signatures: readonly (readonly [path: string, signature: Signature | null])[];
  /** How the tasks' code was found. */
  readonly trail: Trail;
}

/** The parser takes some 100 bytes of memory for each; a pipeline of 100,000 steps has 10 MB. */
const MOST_BYTES = 16_000_000;

/** Which pipeline, with what changed in it. */
export interface Wanted {
  readonly path: string;
  readonly overrides: Overrides;
  /** Bundle all tasks again, whatever is kept of an earlier request. */
  readonly afresh?: boolean;
}

type Kept = Pick<LoadedPipeline, 'pipeline' | 'code' | 'sources' | 'trail'>;

type Tasks = { readonly [uses: string]: LoadedTask };

/** The tasks alone: another parameter or recording is no reason to bundle them again. */
interface KeptTasks {
  readonly tasks: Tasks;
  readonly sources: LoadedPipeline['sources'];
}

export async function loadPipeline(
  { path, overrides, afresh = false }: Wanted,
  store: Store,
  memo: FileMemo,
): Promise<Result<LoadedPipeline, RunFailure>> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return err({ reason: 'pipeline-folder', path });
  if (found && found.size > MOST_BYTES) {
    return err({ reason: 'pipeline-too-large', path, bytes: found.size, most: MOST_BYTES });
  }
  const read = await readStill(path, memo);
  if (!read) return err({ reason: 'pipeline-missing', path });
  const { text, known } = read;
  const folder = realpathSync(dirname(path));
  const made = planName(path, text, folder, overrides);

  const kept = afresh ? undefined : readChecked<Kept>(store.checkedPipeline(made));
  const checked = kept && (await stillStands(kept, store, memo));
  if (kept && checked) {
    return ok({ ...kept, folder, signatures: [...known.signatures, ...checked] });
  }
  const began = BigInt(Date.now()) * 1_000_000n;
  const fresh = await check({ path, overrides, afresh }, { text, folder, store, memo });
  if (!fresh.ok) return fresh;
  const { pipeline, tasks } = fresh.value;
  const code = codeOf(tasks);
  const sources: { [path: string]: Digest } = {};
  const signatures = [...known.signatures];
  for (const source of new Set(Object.values(code).flatMap((one) => one.sources))) {
    const digest = await memo.digest(source);
    if (!digest) {
      signatures.push([source, null]); // removed since it was bundled
      continue;
    }
    sources[source] = digest.digest;
    // Changed since it was bundled, perhaps: then this is not the digest of the code at hand.
    const proves = !isRacy(source, began);
    signatures.push(...digest.signatures.map(([file, signature]) => [file, proves ? signature : null] as const));
  }
  const { trail, folders } = trailOf(tasks);
  for (const one of folders) signatures.push(signatureNow(one, began));
  // Without a trail nothing says which file the next run would find.
  if (!trail) signatures.push([folder, null]);
  else if (!store.refusal && signatures.every(([, signature]) => signature !== null)) {
    writeChecked(store.checkedPipeline(made), { pipeline, code, sources, trail } satisfies Kept);
    writeChecked(store.checkedPipeline(tasksName(folder, Object.keys(tasks))), { tasks, sources } satisfies KeptTasks);
  }
  return ok({ pipeline, code, sources, folder, signatures, trail: trail ?? NO_TRAIL });
}

/** As often as this a pipeline may be saved while it is read. */
const MOST_TRIES = 10;

/** The text of the pipeline, and the signatures of the file as it was when it held that text. */
async function readStill(path: string, memo: FileMemo): Promise<{ text: string; known: FileDigest } | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const known = await memo.digest(path);
    if (!known) return undefined;
    const text = readIfThere(path);
    const isSame = known.signatures.every(([at, signature]) => signature === null || fileSignature(at) === signature);
    if (text !== undefined && isSame) return { text, known };
  }
  throw stillWritten(path);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The trails of all tasks as one, and the folders that were listed for it; no trail if one of them is missing or stale. */
function trailOf(tasks: Tasks): { readonly trail: Trail | undefined; readonly folders: readonly string[] } {
  const trails = Object.values(tasks).map(({ trail }) => trail);
  const known = trails.filter((trail) => trail !== undefined);
  const trail = joined(known);
  const folders = known.length === trails.length ? foldersIfStands(trail) : undefined;
  return { trail: folders && trail, folders: folders ?? [] };
}

function signatureNow(path: string, began?: bigint): readonly [path: string, signature: Signature | null] {
  return [path, isRacy(path, began) ? null : (fileSignature(path) ?? null)];
}

/** Under what the checked pipeline is kept: all that it is made from but its tasks' code. */
const planName = (path: string, text: string, folder: string, overrides: Overrides): Digest =>
  digestOf(canonicalJson({ engine: ENGINE, folder, name: basename(path), text, overrides } as unknown as Json));

/** Under what the tasks that a pipeline uses are kept. */
const tasksName = (folder: string, uses: readonly string[]): Digest =>
  digestOf(canonicalJson({ engine: ENGINE, folder, uses: [...uses].sort() }));

/** The plan and the code that a request would find now, for gc to keep. */
export function keptPlan(
  store: StorePaths,
  path: string,
  overrides: Overrides,
): { readonly plan: Digest; readonly code: readonly Digest[] } | undefined {
  if (!existsSync(path)) return undefined;
  const plan = planName(path, readFileSync(path, 'utf8'), realpathSync(dirname(path)), overrides);
  const kept = readChecked<Kept>(store.checkedPipeline(plan));
  return kept && { plan, code: Object.values(kept.code).map(({ loadable }) => loadable) };
}

/** The signatures of all that was read, if every source is the same and every import leads where it led. */
async function stillStands(
  { code, sources, trail }: Omit<Kept, 'pipeline'>,
  store: Store,
  memo: FileMemo,
): Promise<LoadedPipeline['signatures'] | undefined> {
  if (Object.values(code).some(({ loadable }) => !isCodeSound(store, loadable))) return undefined;
  const signatures: (readonly [string, Signature | null])[] = [];
  for (const [path, digest] of Object.entries(sources)) {
    const now = await memo.digest(path);
    if (now?.digest !== digest) return undefined;
    signatures.push(...now.signatures);
  }
  const folders = foldersIfStands(trail);
  return folders && [...signatures, ...folders.map((folder) => signatureNow(folder))];
}

const codeOf = (tasks: Tasks): LoadedPipeline['code'] =>
  Object.fromEntries(Object.entries(tasks).map(([uses, { code }]) => [uses, code]));

/** Where a pipeline lies, what it says, and what is known of files. */
interface At {
  readonly text: string;
  readonly folder: string;
  readonly store: Store;
  readonly memo: FileMemo;
}

/** Parses and checks the document; everything heavy is loaded here and only here. */
async function check(
  { path, overrides, afresh }: Wanted,
  at: At,
): Promise<Result<{ readonly pipeline: Pipeline; readonly tasks: Tasks }, RunFailure>> {
  const [{ parsePipeline }, { checkPipeline }] = await Promise.all([
    import('../pipeline/check/parse.ts'),
    import('../pipeline/check/check.ts'),
  ]);
  const parsed = parsePipeline({ name: basename(path), text: at.text }, overrides);
  const kept = afresh ? undefined : await keptTasks(parsed.uses, at);
  const loaded = kept ?? (await (await import('./load-tasks.ts')).loadTasks(at.store, at.folder, parsed.uses));
  const interfaces = new Map(
    [...loaded].map(([uses, task]) => [uses, task.ok ? ok(task.value.interface) : err(task.error)] as const),
  );
  const checked = checkPipeline(parsed, interfaces);
  if (!checked.ok) return err({ reason: 'pipeline-invalid', diagnostics: checked.error });
  const tasks = Object.fromEntries([...loaded].flatMap(([uses, task]) => (task.ok ? [[uses, task.value]] : [])));
  return ok({ pipeline: checked.value, tasks });
}

/** The tasks as an earlier request left them, if a bundler would still make the same of them. */
async function keptTasks(uses: readonly string[], { folder, store, memo }: At) {
  const kept = readChecked<KeptTasks>(store.checkedPipeline(tasksName(folder, uses)));
  const { trail } = kept ? trailOf(kept.tasks) : {};
  if (!kept || !trail) return undefined;
  if (!(await stillStands({ code: codeOf(kept.tasks), sources: kept.sources, trail }, store, memo))) return undefined;
  return new Map(Object.entries(kept.tasks).map(([one, task]) => [one, ok(task)] as const));
}
