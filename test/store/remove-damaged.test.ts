import { existsSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { keyOf, type Preimage } from '../../src/store/key.ts';
import type { Store } from '../../src/store/layout.ts';
import { removeDamaged } from '../../src/store/remove-damaged.ts';
import { lookUp, type StoredResult, writeResult } from '../../src/store/result.ts';
import { fileOutput, preimage, resultWith, temporaryStore } from './temporary.ts';

/** Stores a result that was made from these inputs so many seconds ago. */
function storeResult(store: Store, name: string, inputs: Preimage['inputs'], secondsAgo: number): StoredResult {
  const own = { ...preimage({ name }), inputs };
  const result = { ...resultWith({ out: fileOutput(store, name) }), preimage: own, key: keyOf(own) };
  writeResult(store, result);
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(store.result(result.key), at, at);
  return result;
}

test('removeDamaged removes a blob and the results made from it after a time, but not the results made before', () => {
  const store = temporaryStore();
  const maker = storeResult(store, 'maker', {}, 1000);
  const { digest } = maker.outputs.out ?? { digest: digestOf('') };
  const content = { digest, extension: '.txt' };
  const gathered = {
    gathered: [
      { recording: 'a', absent: true as const },
      { recording: 'b', ...content },
    ],
  };
  const before = storeResult(store, 'before', { x: content }, 900);
  const since = storeResult(store, 'since', { x: content }, 10);
  const gathering = storeResult(store, 'gathering', { x: gathered }, 10);
  const other = storeResult(
    store,
    'other',
    { x: { digest: digestOf('other'), extension: '' }, y: { absent: true } },
    10,
  );
  removeDamaged(store, digest, Date.now() - 100_000);
  expect(existsSync(store.blob(digest))).toBe(false);
  const found = ({ key }: StoredResult) => Object.keys(lookUp(store, key));
  expect([maker, before, since, gathering, other].map(found)).toEqual([
    ['lost'],
    ['found'],
    ['missing'],
    ['missing'],
    ['found'],
  ]);
});

test('removeDamaged without a time removes only the blob, and leaves a read-only store as it is', () => {
  const store = temporaryStore();
  const maker = storeResult(store, 'maker', {}, 0);
  const { digest } = maker.outputs.out ?? { digest: digestOf('') };
  const taker = storeResult(store, 'taker', { x: { digest, extension: '.txt' } }, 0);
  removeDamaged({ ...store, refusal: new Error('read-only') }, digest, 0);
  expect(existsSync(store.blob(digest))).toBe(true);
  removeDamaged(store, digest);
  expect(existsSync(store.blob(digest))).toBe(false);
  expect(lookUp(store, taker.key)).toHaveProperty('found');
});
