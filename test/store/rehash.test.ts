import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Digest } from '../../src/files/digest.ts';
import type { Store } from '../../src/store/layout.ts';
import { lookUpHashed, pruneHashed } from '../../src/store/rehash.ts';
import { lookUp, type StoredResult, writeResult } from '../../src/store/result.ts';
import { fileOutput, folderOutput, put, resultWith, temporaryFolder, temporaryStore } from './temporary.ts';

const LARGE = 'x'.repeat(1_100_000);
const DAY_MS = 24 * 60 * 60 * 1000;

function storeResult(store: Store, name: string, content: string, from?: StoredResult): StoredResult {
  const inputs = from ? { from: { digest: digestIn(from), extension: '.txt' } } : {};
  const result = { ...resultWith({ out: fileOutput(store, content) }, { name }, inputs), action: name };
  writeResult(store, result);
  return result;
}

const digestIn = ({ outputs }: StoredResult): Digest => outputs.out?.digest as Digest;

/** Flips a bit and leaves size and times as they were. */
function rot(path: string): void {
  const before = put(join(temporaryFolder(), 'times'), '');
  // Node sets times to the millisecond only.
  spawnSync('touch', ['-r', path, before]);
  const bytes = readFileSync(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  spawnSync('touch', ['-r', before, path]);
}

/** Sets a blob's time, and that in its result, so many days back. */
function age(store: Store, result: StoredResult, days: number): void {
  const path = store.blob(digestIn(result));
  const at = (Date.now() - days * DAY_MS) / 1000;
  utimesSync(path, at, at);
  lookUp(store, result.key);
}

const reopened = (store: Store): Store => {
  store.close();
  return temporaryStore(store.root);
};

test('lookUpHashed finds a small blob that rotted, and drops its result and all results made from it', async () => {
  const store = temporaryStore();
  const made = storeResult(store, 'make', 'small');
  const copy = storeResult(store, 'copy', 'copied', made);
  const list = storeResult(store, 'list', 'listed', copy);
  const other = storeResult(store, 'other', 'beside');
  expect(await lookUpHashed(store, made.key)).toMatchObject({ found: { key: made.key } });
  rot(store.blob(digestIn(made)));
  expect(lookUp(store, made.key)).toMatchObject({ found: { key: made.key } });
  const again = reopened(store);
  expect(await lookUpHashed(again, made.key)).toEqual({ lost: 'out' });
  expect(existsSync(store.blob(digestIn(made)))).toBe(false);
  for (const { key } of [copy, list]) expect(await lookUpHashed(again, key)).toEqual({ missing: true });
  expect(await lookUpHashed(again, other.key)).toMatchObject({ found: { key: other.key } });
});

test('lookUpHashed also hashes folders and files beside an output', async () => {
  const store = temporaryStore();
  const result = resultWith({
    folder: folderOutput(store, { a: 'a', 'sub/b': 'b' }),
    table: fileOutput(store, 'table', '.arrow', { '.csv': 'a,b' }),
  });
  writeResult(store, result);
  const { folder, table } = result.outputs;
  const csv = store.blob(table?.siblings[0]?.digest as Digest);
  rot(csv);
  expect(await lookUpHashed(store, result.key)).toEqual({ lost: 'table' });
  writeFileSync(csv, 'a,b');
  rot(join(store.blob(folder?.digest as Digest), 'sub/b'));
  expect(await lookUpHashed(reopened(store), result.key)).toEqual({ lost: 'folder' });
});

test('lookUpHashed hashes a large blob once a week, and stores the time', async () => {
  const store = temporaryStore();
  const made = storeResult(store, 'make', LARGE);
  const blob = store.blob(digestIn(made));
  const found = { found: { key: made.key } };
  rot(blob);
  expect(await lookUpHashed(store, made.key)).toMatchObject(found);
  rot(blob);
  age(store, made, 6);
  expect(existsSync(join(store.root, 'hashed.jsonl'))).toBe(false);
  expect(await lookUpHashed(store, made.key)).toMatchObject(found);
  expect(existsSync(join(store.root, 'hashed.jsonl'))).toBe(false);
  age(store, made, 8);
  expect(await lookUpHashed(store, made.key)).toMatchObject(found);
  const journal = readFileSync(join(store.root, 'hashed.jsonl'), 'utf8');
  expect(journal).toContain(digestIn(made));
  rot(blob);
  const again = reopened(store);
  expect(await lookUpHashed(again, made.key)).toMatchObject(found);
  // A line with a changed time is ignored.
  writeFileSync(join(store.root, 'hashed.jsonl'), journal.replace(/\d{13}/, '9999999999999'));
  expect(await lookUpHashed(again, made.key)).toEqual({ lost: 'out' });
  pruneHashed(again);
  expect(readFileSync(join(store.root, 'hashed.jsonl'), 'utf8')).toBe('');
});

test('lookUpHashed hashes a large blob whose time is in the future', async () => {
  const store = temporaryStore();
  const made = storeResult(store, 'make', LARGE);
  age(store, made, -3650);
  rot(store.blob(digestIn(made)));
  expect(await lookUpHashed(store, made.key)).toEqual({ lost: 'out' });
});
