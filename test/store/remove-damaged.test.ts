import { existsSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { keyOf, type Preimage } from '../../src/store/key.ts';
import type { Store } from '../../src/store/layout.ts';
import { removeDamaged } from '../../src/store/remove-damaged.ts';
import { lookUp, type StoredResult, writeResult } from '../../src/store/result.ts';
import { fileOutput, preimage, resultWith, temporaryStore } from './temporary.ts';

/** A result that was made from these inputs, and recorded so many seconds ago. */
function keep(store: Store, name: string, inputs: Preimage['inputs'], secondsAgo: number): StoredResult {
  const own = { ...preimage({ name }), inputs };
  const result = { ...resultWith({ out: fileOutput(store, name) }), preimage: own, key: keyOf(own) };
  writeResult(store, result);
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(store.result(result.key), at, at);
  return result;
}

test('a damaged blob goes, with its result and with what was made from it since; what was made before stays', () => {
  const store = temporaryStore();
  const maker = keep(store, 'maker', {}, 1000);
  const { digest } = maker.outputs.out ?? { digest: digestOf('') };
  const content = { digest, extension: '.txt' };
  const gathered = {
    gathered: [
      { recording: 'a', absent: true as const },
      { recording: 'b', ...content },
    ],
  };
  const before = keep(store, 'before', { x: content }, 900);
  const since = keep(store, 'since', { x: content }, 10);
  const gathering = keep(store, 'gathering', { x: gathered }, 10);
  const other = keep(store, 'other', { x: { digest: digestOf('other'), extension: '' }, y: { absent: true } }, 10);
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

test('without a time only the blob goes, and nothing from a store that can only be read', () => {
  const store = temporaryStore();
  const maker = keep(store, 'maker', {}, 0);
  const { digest } = maker.outputs.out ?? { digest: digestOf('') };
  const taker = keep(store, 'taker', { x: { digest, extension: '.txt' } }, 0);
  removeDamaged({ ...store, refusal: new Error('read-only') }, digest, 0);
  expect(existsSync(store.blob(digest))).toBe(true);
  removeDamaged(store, digest);
  expect(existsSync(store.blob(digest))).toBe(false);
  expect(lookUp(store, taker.key)).toHaveProperty('found');
});
