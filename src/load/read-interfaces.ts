/** Reads the declarations of task modules in a thread of their own. */
import { Worker } from 'node:worker_threads';
import { err, type Result } from '../base/result.ts';
import type { Declared } from './interface-worker.ts';

type Declarations = Map<string, Result<unknown, string>>;

/**
 * Returns declarations by path; the error is a sentence about the module. If a module ends the thread, a new thread
 * reads the rest.
 */
export async function readInterfaces(paths: readonly string[]): Promise<Declarations> {
  const read: Declarations = new Map();
  for (let left = paths; left.length > 0; left = left.filter((path) => !read.has(path))) await readInThread(left, read);
  return read;
}

/** Adds to `read`; adds an error for the module that ends the thread. */
function readInThread(paths: readonly string[], read: Declarations): Promise<void> {
  const { PATH = '', HOME = '' } = process.env;
  const worker = new Worker(new URL('./interface-worker.js', import.meta.url), {
    workerData: paths,
    env: { PATH, HOME },
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return new Promise((resolve) => {
    let reason = 'loading it ends its process';
    worker.on('message', ({ path, declared }: Declared) => read.set(path, declared));
    worker.on('error', (error) => {
      reason = `loading it fails: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.on('exit', () => {
      const unread = paths.find((path) => !read.has(path));
      if (unread !== undefined) read.set(unread, err(reason));
      resolve();
    });
  });
}
