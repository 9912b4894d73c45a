/**
 * A thread that loads task modules and reads their declarations. Everything that a module prints, starts or ends while
 * it is loaded stays in this thread.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { err, ok, type Result } from '../base/result.ts';
import { NO_TASK } from './interface-problem.ts';
import { loadModule } from './load-module.ts';

export interface Declared {
  readonly path: string;
  /** Inputs, params and outputs, unchecked; the error is a sentence about the module. */
  readonly declared: Result<unknown, string>;
}

// Errors then name the author's lines.
process.setSourceMapsEnabled(true);

/** The place that threw: the first file of the stack, such as ` (tasks/detect.ts:7:3)`. */
function placeOf({ stack = '' }: Error): string {
  const [, file, place] = /^ +at (?:.* \()?((?:file:\/)?\/[^)\n]+?)(:\d+:\d+)\)?$/m.exec(stack) ?? [];
  if (file === undefined) return '';
  return ` (${relative(process.cwd(), file.startsWith('file:') ? fileURLToPath(file) : file)}${place})`;
}

async function readDeclaration(path: string): Promise<Result<unknown, string>> {
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
  // Convert through JSON: a value that JSON cannot hold cannot be part of a key.
  const { inputs, params, outputs, network } = task;
  return ok(JSON.parse(JSON.stringify({ inputs, params, outputs, network })));
}

for (const path of workerData as readonly string[]) {
  parentPort?.postMessage({ path, declared: await readDeclaration(path) } satisfies Declared);
}
process.exit();
