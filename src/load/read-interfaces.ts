/** Reads what task modules declare, in a thread of their own. */
import { Worker } from 'node:worker_threads';
import { err, type Result } from '../base/result.ts';
import type { Declared } from './interface-worker.ts';

type Interfaces = Map<string, Result<unknown, string>>;

/** By path; the error is a sentence about the module. A module that ends the thread does not take the others along. */
export async function readInterfaces(paths: readonly string[]): Promise<Interfaces> {
  const read: Interfaces = new Map();
  for (let left = paths; left.length > 0; left = left.filter((path) => !read.has(path))) await readOn(left, read);
  return read;
}

function readOn(paths: readonly string[], read: Interfaces): Promise<void> {
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
    let why = 'loading it ends its process';
    worker.on('message', ({ path, declared }: Declared) => read.set(path, declared));
    worker.on('error', (error) => {
      why = `loading it fails: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.on('exit', () => {
      const unread = paths.find((path) => !read.has(path));
      if (unread !== undefined) read.set(unread, err(why));
      resolve();
    });
  });
}
