/** Loads the tasks that a pipeline names: their code and their interfaces. */

import { err, ok, type Result } from '../base/result.ts';
import { writeAtomic } from '../files/atomic-write.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import type { Store } from '../store/layout.ts';
import type { TaskInterface } from '../task/define.ts';
import { bundleTask } from './bundle.ts';
import { isCodeSound } from './code.ts';
import { interfaceProblem } from './interface-problem.ts';
import { readInterfaces } from './read-interfaces.ts';
import type { Trail } from './trail.ts';

/** Identifies a task's code: enough for its key and for a worker to load it. */
export interface TaskCode {
  readonly digest: Digest;
  readonly packages: readonly string[];
  /** Digest of the loadable module in the store's `code`. */
  readonly loadable: Digest;
  readonly sources: readonly string[];
}

export interface LoadedTask {
  readonly code: TaskCode;
  /** How its code was found; undefined if the trail proves nothing. */
  readonly trail: Trail | undefined;
  readonly interface: TaskInterface;
}

type LoadedTasks = ReadonlyMap<string, Result<LoadedTask, string>>;

/** Loads task modules; returns them by the text of `uses`. An error is a sentence about the module. */
export async function loadTasks(store: Store, folder: string, uses: readonly string[]): Promise<LoadedTasks> {
  const bundled = await Promise.all(uses.map(async (name) => [name, await storeCode(store, folder, name)] as const));
  const paths = bundled.flatMap(([, code]) => (code.ok ? [store.code(code.value.loadable)] : []));
  const interfaces = await readInterfaces([...new Set(paths)]);
  const loaded = bundled.map(([name, stored]): [string, Result<LoadedTask, string>] => {
    if (!stored.ok) return [name, stored];
    const { trail, ...code } = stored.value;
    const declared = interfaces.get(store.code(code.loadable)) ?? err('it was not loaded');
    if (!declared.ok) return [name, declared];
    const problem = interfaceProblem(declared.value as TaskInterface);
    if (problem !== undefined) return [name, err(problem)];
    return [name, ok({ code, trail, interface: declared.value as TaskInterface })];
  });
  return new Map(loaded);
}

type StoredCode = TaskCode & Pick<LoadedTask, 'trail'>;

/** Bundles a task and writes its loadable code to the store. */
async function storeCode(store: Store, folder: string, uses: string): Promise<Result<StoredCode, string>> {
  const bundled = await bundleTask(folder, uses);
  if (!bundled.ok) return bundled;
  const { digest, packages, loadable, sources, trail } = bundled.value;
  const loadableDigest = digestOf(loadable);
  const path = store.code(loadableDigest);
  if (!isCodeSound(store, loadableDigest)) writeAtomic(path, loadable);
  return ok({ digest, packages, loadable: loadableDigest, sources, trail });
}
