/** An out folder with its store, and what a test wants to know of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../src/cache/digest.ts';
import { openOutFolder, type Place } from '../../src/cache/out-folder.ts';
import type { Store } from '../../src/cache/store.ts';
import { fileOutput, resultWith, temporaryFolder, temporaryStore } from './temporary.ts';

export const MANIFEST = '.groundwork-out.jsonl';
export const detectA: Place = { step: 'detect', recording: 'a' };
export const summary: Place = { step: 'summary', recording: null };

export function open(path: string, store: Store) {
  const opened = openOutFolder(path, store);
  if (!opened.ok) throw new Error(opened.error.reason);
  return opened.value;
}

export function project() {
  const store = temporaryStore();
  const path = join(temporaryFolder(), 'out');
  return {
    store,
    path,
    out: open(path, store),
    reopened: () => open(path, store),
    at: (file: string) => join(path, file),
    read: (file: string) => readFileSync(join(path, file), 'utf8'),
    files: () => (existsSync(path) ? filesBelow(path).filter((file) => file !== MANIFEST) : []),
    result: (outputs: { [port: string]: string }) =>
      resultWith(Object.fromEntries(Object.entries(outputs).map(([port, text]) => [port, fileOutput(store, text)]))),
  };
}
