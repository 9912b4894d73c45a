import { existsSync, linkSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { type RunRecord, readLastRun, recordRun, recordUnlistedRun } from '../../src/history/run-record.ts';
import { requestOf } from '../../src/load/request.ts';
import type { Key } from '../../src/store/key.ts';
import type { Store } from '../../src/store/layout.ts';
import { lookUp, type StoredResult, writeResult } from '../../src/store/result.ts';
import { checkStore } from '../../src/upkeep/check.ts';
import { gc, keepBounded } from '../../src/upkeep/gc.ts';
import { statsOf } from '../../src/upkeep/stats.ts';
import { fileOutput, put, resultWith, temporaryFolder, temporaryStore } from '../store/temporary.ts';

function project() {
  const store = temporaryStore();
  const folder = temporaryFolder();
  const pipeline = put(join(folder, 'pipeline.yaml'), '');
  let runs = 0;
  const nextRun = () => `20000101T000000${String(runs++).padStart(3, '0')}Z-abcdef`;
  return {
    store,
    folder,
    pipeline,
    /** A result with an output of this many bytes. */
    result(name: string, bytes = 10): StoredResult {
      const result = resultWith({ out: fileOutput(store, name.padEnd(bytes, '.')) }, { name });
      writeResult(store, result);
      return result;
    },
    run(results: readonly StoredResult[], of = pipeline): string {
      const run = nextRun();
      const keys: { [action: string]: Key } = {};
      for (const [i, { key }] of results.entries()) keys[`step@${i}`] = key;
      const request = requestOf({ pipeline: of });
      recordRun(store, { run, began: '', request, keys, actions: [], previous: null } as unknown as RunRecord);
      return run;
    },
    again(sameAs: string): string {
      const run = nextRun();
      recordRun(store, { run, began: '', request: requestOf({ pipeline }), sameAs });
      return run;
    },
    /** A run of a sweep. */
    swept(results: readonly StoredResult[]): string {
      const keys = Object.fromEntries(results.map(({ key }, i) => [`step@${i}`, key]));
      const about = { run: nextRun(), began: '', request: requestOf({ pipeline }), actions: [], previous: null };
      recordUnlistedRun(store, { ...about, keys, aside: true } as unknown as RunRecord);
      return about.run;
    },
    has: ({ key }: StoredResult) => 'found' in lookUp(store, key),
  };
}

function collect(store: Store, asked: Partial<Parameters<typeof gc>[0]> = {}) {
  store.close();
  const freed = gc({ store: store.root, keepRuns: 20, maxSize: null, dryRun: false, ...asked });
  if (!freed.ok) throw new Error(freed.error.reason);
  return freed.value;
}

const runsIn = (store: Store) => readdirSync(join(store.root, 'runs')).map((name) => name.replace('.json', ''));

describe('gc keeps', () => {
  test('only the results of the last runs of each pipeline', () => {
    const { store, folder, result, run, has } = project();
    const [a, b, c, other, never] = ['a', 'b', 'c', 'other', 'never'].map((name) => result(name)) as [
      StoredResult,
      StoredResult,
      StoredResult,
      StoredResult,
      StoredResult,
    ];
    run([a, c], put(join(folder, 'other.yaml'), ''));
    run([a]);
    const second = run([b]);
    const third = run([b, c]);
    const freed = collect(store, { keepRuns: 2 });
    expect([a, b, c, other, never].map(has)).toEqual([true, true, true, false, false]);
    expect(freed).toMatchObject({ results: 2, blobs: 2, runs: 1, kept: { forRuns: 3, forLocks: 0, recent: 0 } });
    expect(runsIn(store).slice(1)).toEqual([second, third]);
    expect(collect(store, { keepRuns: 2 })).toMatchObject({ results: 0, blobs: 0, runs: 0, bytes: 0 });
  });

  test('downloads that share a file with a result, and with a limit unfinished downloads too', () => {
    const { store, result, run, has } = project();
    const [used, idle] = [result('used', 100), result('idle', 100)];
    run([used]);
    const kept = (name: string) => store.download(digestOf(name));
    const blobOf = ({ outputs }: StoredResult) => store.blob(outputs.out?.digest ?? digestOf(''));
    for (const one of [used, idle]) {
      put(join(kept(one === used ? 'used' : 'idle'), 'log'), '');
      linkSync(blobOf(one), join(kept(one === used ? 'used' : 'idle'), 'whole'));
    }
    put(join(kept('half'), 'part'), 'x'.repeat(50));
    const there = () => ['used', 'idle', 'half'].map((name) => existsSync(kept(name)));

    expect(statsOf(store).halfMade).toBe(50);
    expect(collect(store, { keepRuns: 1, dryRun: true }).blobs).toBe(1);
    expect(there()).toEqual([true, true, true]);
    const { bytes } = collect(store, { keepRuns: 1, maxSize: 1 });
    expect([used, idle].map(has)).toEqual([true, false]);
    expect(there()).toEqual([true, false, true]);
    expect(bytes).toBeGreaterThan(100);
    expect(collect(store, { keepRuns: 1 }).bytes).toBe(50);
    expect(there()).toEqual([true, false, false]);
  });

  test('a reused run as a recent run, and does not count a hundred runs with nothing to do', () => {
    const { store, pipeline, result, run, again, has } = project();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => result(name)) as [StoredResult, StoredResult, StoredResult];
    const first = run([a]);
    run([b]);
    const third = run([c]);
    for (let i = 0; i < 30; i++) again(third);
    again(first);
    collect(store, { keepRuns: 2 });
    expect([a, b, c].map(has)).toEqual([true, false, true]);
    expect(runsIn(store)).toHaveLength(4);
    expect(readLastRun(store, pipeline)?.run).toBe(first);
  });

  test('the runs that were recorded last, even if the name of another run lies in the future', () => {
    const { store, pipeline, result, run, has } = project();
    const all = ['first', 'future', 'later', 'last'].map((name) => result(name));
    const [first, future, later, last] = all as [StoredResult, StoredResult, StoredResult, StoredResult];
    run([first]);
    const id = '20350101T000000000Z-abcdef';
    const about = { run: id, began: '', request: requestOf({ pipeline }), actions: [], previous: null };
    recordRun(store, { ...about, keys: { 'step@0': future.key } } as unknown as RunRecord);
    run([later]);
    const latest = run([last]);
    collect(store, { keepRuns: 2 });
    expect([first, future, later, last].map(has)).toEqual([false, false, true, true]);
    collect(store, { keepRuns: 1 });
    expect([first, future, later, last].map(has)).toEqual([false, false, false, true]);
    expect(readLastRun(store, pipeline)?.run).toBe(latest);
  });

  test('the last run after a sweep of more values than kept runs', () => {
    const { store, result, run, swept, has } = project();
    const [own, first, last] = ['own', 'first', 'last'].map((name) => result(name)) as [
      StoredResult,
      StoredResult,
      StoredResult,
    ];
    const ran = run([own]);
    swept([first]);
    const latest = swept([last]);
    collect(store, { keepRuns: 1 });
    expect([own, first, last].map(has)).toEqual([true, false, true]);
    expect(runsIn(store).sort()).toEqual([ran, latest]);
  });

  test('every output in a lock, and its blob even without its result', async () => {
    const { store, folder, result, run, has } = project();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => result(name)) as [StoredResult, StoredResult, StoredResult];
    const alone = fileOutput(store, 'alone').digest;
    run([a]);
    run([c]);
    put(
      join(folder, 'pipeline.lock'),
      `# groundproof lock 1\nstep@0 none=- out=${a.outputs.out?.digest}\nx out=${alone}\n`,
    );
    const freed = collect(store, { keepRuns: 1 });
    expect([a, b, c].map(has)).toEqual([true, false, true]);
    expect(existsSync(store.blob(alone))).toBe(true);
    expect(freed).toMatchObject({ locks: [join(folder, 'pipeline.lock')], kept: { forRuns: 1, forLocks: 1 } });
  });

  test('a blob that another result needs', async () => {
    const { store, result, run, has } = project();
    const a = result('a');
    const twin = resultWith({ out: fileOutput(store, 'a'.padEnd(10, '.')) }, { name: 'twin' });
    writeResult(store, twin);
    run([twin]);
    expect(collect(store)).toMatchObject({ results: 1, blobs: 0 });
    expect([a, twin].map(has)).toEqual([false, true]);
    expect(await checkStore(temporaryStore(store.root))).toMatchObject({ damage: [] });
  });
});

describe('gc with a maximum size', () => {
  test('drops the results unused for longest, no more than necessary, and no needed result', () => {
    const { store, result, run, again, has } = project();
    const all = ['forgotten', 'old', 'used again', 'newer', 'kept'].map((name) => result(name, 100_000));
    const [forgotten, old, usedAgain, newer, kept] = all as [
      StoredResult,
      StoredResult,
      StoredResult,
      StoredResult,
      StoredResult,
    ];
    const first = run([usedAgain]);
    run([old]);
    run([newer]);
    again(first);
    run([kept]);
    const sizes = { keepRuns: 1, maxSize: 350_000 };
    expect(collect(store, { ...sizes, maxSize: 1e9 })).toMatchObject({ results: 0, runs: 0, kept: { recent: 4 } });
    expect(collect(store, sizes)).toMatchObject({ results: 2, kept: { forRuns: 1, recent: 2 } });
    expect([forgotten, old, usedAgain, newer, kept].map(has)).toEqual([false, false, true, true, true]);
    collect(store, { ...sizes, maxSize: 250_000 });
    expect(all.map(has)).toEqual([false, false, true, false, true]);
    const least = collect(store, { ...sizes, maxSize: 0 });
    expect(all.map(has)).toEqual([false, false, false, false, true]);
    expect(least.kept.bytes).toBeGreaterThan(100_000);
  });

  test('runs by itself after a run, once the store exceeds its size', () => {
    const { store, result, run, has } = project();
    const [a, b] = ['a', 'b'].map((name) => result(name, 1000)) as [StoredResult, StoredResult];
    run([b]);
    expect(keepBounded(store, 1e6)).toBeUndefined();
    const other = temporaryStore(store.root);
    expect(keepBounded(store, 2500)).toBeUndefined();
    other.close();
    expect(has(a)).toBe(true);
    expect(keepBounded(store, 2500)).toMatchObject({ results: 1 });
    expect([a, b].map(has)).toEqual([false, true]);
    // The needed results alone exceed the size, so it drops nothing and says nothing.
    expect(keepBounded(store, 100)).toBeUndefined();
  });
});

test('gc as a dry run reports the same and removes nothing, while the store is in use too', () => {
  const { store, result, run, has } = project();
  const [a, b] = ['a', 'b'].map((name) => result(name)) as [StoredResult, StoredResult];
  run([a]);
  run([b]);
  put(`${store.result(a.key)}.1-a.tmp`, 'half');
  const asked = { store: store.root, keepRuns: 1, maxSize: null };
  const planned = gc({ ...asked, dryRun: true });
  expect([a, b].map(has)).toEqual([true, true]);
  expect(gc({ ...asked, dryRun: false })).toEqual({
    ok: false,
    error: { reason: 'store-in-use', path: store.root, processes: [{ pid: process.pid, host: null }] },
  });
  expect([a, b].map(has)).toEqual([true, true]);
  const { dryRun: _, ...freed } = collect(store, { keepRuns: 1 });
  expect(planned).toMatchObject({ ok: true, value: freed });
  expect([a, b].map(has)).toEqual([false, true]);
});

test('gc never makes a store', () => {
  const root = join(temporaryFolder(), 'cache');
  expect(gc({ store: root, keepRuns: 1, maxSize: null, dryRun: false })).toEqual({
    ok: false,
    error: { reason: 'store-missing', path: root },
  });
  expect(existsSync(root)).toBe(false);
});

test('gc keeps exactly the needs of the last runs, for any history', async () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(names, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      async (history, keepRuns) => {
        const { store, result, run, has } = project();
        const results = new Map(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, result(name)]));
        const of = (name: string) => results.get(name) as StoredResult;
        for (const one of history) run(one.map(of));
        collect(store, { keepRuns });
        const needed = new Set<string>(history.slice(-keepRuns).flat());
        expect([...results.keys()].filter((name) => has(of(name)))).toEqual(
          [...results.keys()].filter((name) => needed.has(name)),
        );
        expect(await checkStore(temporaryStore(store.root))).toMatchObject({ damage: [], unreferenced: { count: 0 } });
        expect(runsIn(store)).toHaveLength(Math.min(history.length, keepRuns));
        store.close();
      },
    ),
    { numRuns: 20 },
  );
});

test('gc reads a digest in a lock regardless of the characters after it', () => {
  const { store, folder, result, run, has } = project();
  const a = result('a');
  run([result('b')]);
  put(join(folder, 'pipeline.lock'), `step a=${digestOf('x')} out=${a.outputs.out?.digest}`);
  collect(store);
  expect(has(a)).toBe(true);
});
