/**
 * The thread in which task modules say what they declare. What a module prints, starts or ends when it is
 * loaded stays in here.
 */

import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { err, ok, type Result } from '../result.ts';
import { NO_TASK } from './no-task.ts';

export interface Declared {
  readonly path: string;
  /** Inputs, params and outputs, unchecked; the error is a sentence about the module. */
  readonly declared: Result<unknown, string>;
}

async function declaredIn(path: string): Promise<Result<unknown, string>> {
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    return err(`loading it fails: ${error instanceof Error ? error.message : String(error)}`);
  }
  const task = module.default as
    | ({ run: unknown } & Record<'inputs' | 'params' | 'outputs' | 'network', unknown>)
    | undefined;
  if (typeof task !== 'object' || task === null || typeof task.run !== 'function') {
    return err(NO_TASK);
  }
  // Through JSON: what cannot be written down cannot be part of a key.
  const { inputs, params, outputs, network } = task;
  return ok(JSON.parse(JSON.stringify({ inputs, params, outputs, network })));
}

for (const path of workerData as readonly string[]) {
  parentPort?.postMessage({ path, declared: await declaredIn(path) } satisfies Declared);
}
process.exit();
