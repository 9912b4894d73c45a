/** The tasks that a pipeline names: their code and their interfaces. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Digest, digestOf } from '../cache/digest.ts';
import type { Store } from '../cache/store.ts';
import { writeAside } from '../cache/write-aside.ts';
import { err, ok, type Result } from '../result.ts';
import type { TaskInterface } from '../task/define.ts';
import { bundleTask } from './bundle.ts';
import { interfaceProblem } from './interface-problem.ts';

/** What a task's code is: enough for its key and for a worker to load it. */
export interface TaskCode {
  readonly digest: Digest;
  readonly packages: readonly string[];
  /** Digest of the loadable module in the store's `code`. */
  readonly loadable: Digest;
  readonly sources: readonly string[];
}

export interface LoadedTask {
  readonly code: TaskCode;
  readonly interface: TaskInterface;
}

/** Loads a task module; the error is a sentence about what the step `uses`. */
export async function loadTask(store: Store, folder: string, uses: string): Promise<Result<LoadedTask, string>> {
  const bundled = await bundleTask(folder, uses);
  if (!bundled.ok) return bundled;
  const { digest, packages, loadable, sources } = bundled.value;
  const loadableDigest = digestOf(loadable);
  const path = store.code(loadableDigest);
  if (!existsSync(path)) writeAside(path, loadable);
  const declared = await importTask(path);
  if (!declared.ok) return declared;
  return ok({ code: { digest, packages, loadable: loadableDigest, sources }, interface: declared.value });
}

async function importTask(path: string): Promise<Result<TaskInterface, string>> {
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    return err(`loading it fails: ${error instanceof Error ? error.message : String(error)}`);
  }
  const task = module.default as { inputs: unknown; params: unknown; outputs: unknown; run: unknown } | undefined;
  if (typeof task !== 'object' || task === null || typeof task.run !== 'function') {
    return err('it has no task: a task module ends in `export default defineTask({ inputs, params, outputs, run })`');
  }
  // Through JSON: what cannot be written down cannot be part of a key.
  const declared = JSON.parse(
    JSON.stringify({ inputs: task.inputs, params: task.params, outputs: task.outputs }),
  ) as TaskInterface;
  const problem = await interfaceProblem(declared);
  return problem === undefined ? ok(declared) : err(problem);
}
