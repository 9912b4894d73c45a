/** Temporary folders, stores and results for tests. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { storeFile, storeFolder } from '../../src/store/blob.ts';
import { FORMAT, keyOf, type Preimage } from '../../src/store/key.ts';
import type { Store } from '../../src/store/layout.ts';
import { openStore } from '../../src/store/open.ts';
import type { StoredOutput, StoredResult } from '../../src/store/result.ts';

/** A new folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryStore(root = join(temporaryFolder(), 'cache')): Store {
  const opened = openStore(root);
  if (!opened.ok) throw new Error(opened.error.reason);
  return opened.value;
}

/** Writes a file, and makes its folders. */
export function put(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

let made = 0;

/** Stores a file output with its siblings. */
export function fileOutput(
  store: Store,
  content: string | Uint8Array,
  extension = '.txt',
  siblings: { readonly [extension: string]: string } = {},
): StoredOutput {
  const keep = (bytes: string | Uint8Array) => {
    const file = storeFile(store, put(join(store.scratch, String(made++)), bytes), digestOf(bytes));
    return { digest: file.digest, file };
  };
  const { digest, file } = keep(content);
  const beside = Object.entries(siblings).map(([own, text]) => ({ extension: own, ...keep(text) }));
  return { kind: 'file', digest, extension, files: [file], siblings: beside };
}

export function folderOutput(store: Store, files: { readonly [path: string]: string }): StoredOutput {
  const folder = join(store.scratch, String(made++));
  mkdirSync(folder);
  const listed = Object.entries(files).map(([path, content]) => {
    put(join(folder, path), content);
    return { path, digest: digestOf(content) };
  });
  return { kind: 'folder', extension: '', siblings: [], ...storeFolder(store, folder, listed) };
}

export const preimage = (params: Preimage['params'] = {}, inputs: Preimage['inputs'] = {}): Preimage => ({
  format: FORMAT,
  task: { kind: 'module', code: digestOf('code'), packages: [] },
  params,
  inputs,
  outputs: {},
});

export function resultWith(
  outputs: StoredResult['outputs'],
  params: Preimage['params'] = {},
  inputs: Preimage['inputs'] = {},
): StoredResult {
  const own = preimage(params, inputs);
  return {
    key: keyOf(own),
    preimage: own,
    outputs,
    headline: null,
    log: [],
    action: 'step',
    started: '2000-01-01T00:00:00.000Z',
    milliseconds: 1,
  };
}
