import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { err, ok, type Result } from '../base/result.ts';
import { NO_TASK } from './interface-problem.ts';
import { loadModule } from './load-module.ts';

/**
 * The thread in which task modules say what they declare. What a module prints, starts or ends when it is
 * loaded stays in here.
 */

export interface Declared {
  readonly path: string;
  /** Inputs, params and outputs, unchecked; the error is a sentence about the module. */
  readonly declared: Result<unknown, string>;
}

/** Errors name the author's lines. */
process.setSourceMapsEnabled(true);

/** Where it was thrown: the first place of its stack that is a file, such as ` (tasks/detect.ts:7:3)`. */
function placeOf({ stack = '' }: Error): string {
  const [, file, place] = /^ +at (?:.* \()?((?:file:\/)?\/[^)\n]+?)(:\d+:\d+)\)?$/m.exec(stack) ?? [];
  if (file === undefined) return '';
  return ` (${relative(process.cwd(), file.startsWith('file:') ? fileURLToPath(file) : file)}${place})`;
}

async function declaredIn(path: string): Promise<Result<unknown, string>> {
  let exported: unknown;
  try {
    exported = await loadModule(path, readFileSync(path, 'utf8'));
  } catch (error) {
    return err(`loading it fails: ${error instanceof Error ? `${error.message}${placeOf(error)}` : String(error)}`);
  }
  const task = exported as
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
