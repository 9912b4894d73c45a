/** The tasks that a pipeline names: their code and their interfaces. */

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
  /** How its code was found; undefined if it may not be rested on. */
  readonly trail: Trail | undefined;
  readonly interface: TaskInterface;
}

type LoadedTasks = ReadonlyMap<string, Result<LoadedTask, string>>;

/** Loads task modules, by what steps `use`; an error is a sentence about one of them. */
export async function loadTasks(store: Store, folder: string, uses: readonly string[]): Promise<LoadedTasks> {
  const bundled = await Promise.all(uses.map(async (one) => [one, await codeOf(store, folder, one)] as const));
  const paths = bundled.flatMap(([, code]) => (code.ok ? [store.code(code.value.loadable)] : []));
  const interfaces = await readInterfaces([...new Set(paths)]);
  const loaded = bundled.map(([one, code]): [string, Result<LoadedTask, string>] => {
    if (!code.ok) return [one, code];
    const declared = interfaces.get(store.code(code.value.loadable)) ?? err('it was not loaded');
    if (!declared.ok) return [one, declared];
    const problem = interfaceProblem(declared.value as TaskInterface);
    if (problem !== undefined) return [one, err(problem)];
    const { trail, ...own } = code.value;
    return [one, ok({ code: own, trail, interface: declared.value as TaskInterface })];
  });
  return new Map(loaded);
}

type Coded = TaskCode & Pick<LoadedTask, 'trail'>;

async function codeOf(store: Store, folder: string, uses: string): Promise<Result<Coded, string>> {
  const bundled = await bundleTask(folder, uses);
  if (!bundled.ok) return bundled;
  const { digest, packages, loadable, sources, trail } = bundled.value;
  const loadableDigest = digestOf(loadable);
  const path = store.code(loadableDigest);
  if (!isCodeSound(store, loadableDigest)) writeAtomic(path, loadable);
  return ok({ digest, packages, loadable: loadableDigest, sources, trail });
}
