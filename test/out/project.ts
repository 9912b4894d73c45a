/** An out folder with its store, and helpers to read it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ActionParts } from '../../src/base/action-name.ts';
import { filesBelow } from '../../src/files/digest.ts';
import { openOutFolder } from '../../src/out/folder.ts';
import { SCRATCH } from '../../src/out/lock.ts';
import type { Store } from '../../src/store/layout.ts';
import type { StoredResult } from '../../src/store/result.ts';
import { fileOutput, put, resultWith, temporaryFolder, temporaryStore } from '../store/temporary.ts';

export const MANIFEST = '.groundproof-out.jsonl';
export const detectA: ActionParts = { step: 'detect', recording: 'a' };
export const summary: ActionParts = { step: 'summary', recording: null };

export function open(path: string, store: Store) {
  const pipeline = join(dirname(path), 'pipeline.yaml');
  if (!existsSync(pipeline)) put(pipeline, '');
  mkdirSync(path, { recursive: true });
  const out = openOutFolder({
    root: path,
    store,
    pipeline,
    run: 'run',
    scratch: join(path, SCRATCH, 'test'),
    isOurs: () => true,
  });
  return {
    ...out,
    show: (action: ActionParts, result: StoredResult, stored = { isFresh: false }) => out.show(action, result, stored),
  };
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
    files: () => (existsSync(path) ? filesBelow(path).filter((file) => !file.startsWith('.groundproof-out.')) : []),
    result: (outputs: { [port: string]: string }) =>
      resultWith(Object.fromEntries(Object.entries(outputs).map(([port, text]) => [port, fileOutput(store, text)]))),
  };
}
