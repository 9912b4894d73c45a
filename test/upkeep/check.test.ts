import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeChecked } from '../../src/files/checked-json.ts';
import { digestOf } from '../../src/files/digest.ts';
import type { Store } from '../../src/store/layout.ts';
import { lookUp, type StoredResult, writeResult } from '../../src/store/result.ts';
import { checkStore } from '../../src/upkeep/check.ts';
import { fileOutput, folderOutput, put, resultWith, temporaryFolder, temporaryStore } from '../store/temporary.ts';

function filled() {
  const store = temporaryStore();
  const [one, two] = [1, 2].map((n) => {
    const result = resultWith(
      {
        table: fileOutput(store, `table ${n}`, '.arrow', { '.csv': `a,${n}` }),
        folder: folderOutput(store, { a: `${n}`, 'sub/b': 'shared' }),
        empty: folderOutput(store, {}),
        none: null,
      },
      { n },
    );
    writeResult(store, result);
    return result;
  }) as [StoredResult, StoredResult];
  return { store, one, two };
}

const digestIn = ({ outputs }: StoredResult, port: string) => outputs[port]?.digest ?? digestOf('');
const blobOf = (store: Store, result: StoredResult, port: string) => store.blob(digestIn(result, port));

/** Flips a bit, and keeps the size and times of the file. */
function flipBit(path: string): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}

test('checkStore finds nothing in a sound store', async () => {
  const { store } = filled();
  const done: number[] = [];
  const checked = await checkStore(store, (bytes, all) => done.push(bytes / all));
  expect(checked).toMatchObject({ results: 2, damage: [], unreferenced: { count: 0 }, inUse: null });
  expect(checked.blobs).toBe(2 * 3 + 1);
  expect(done.at(-1)).toBe(1);
});

test('checkStore finds a flipped bit with unchanged size and times, in a file, a folder and a sibling of a table', async () => {
  const { store, one, two } = filled();
  const csv = one.outputs.table?.siblings[0]?.digest ?? digestOf('');
  flipBit(blobOf(store, one, 'table'));
  flipBit(join(blobOf(store, one, 'folder'), 'sub/b'));
  flipBit(store.blob(csv));
  const checked = await checkStore(store);
  const damaged = 'blob';
  expect(checked.damage).toEqual(
    expect.arrayContaining([
      { damaged, digest: digestIn(one, 'table'), actions: ['step'] },
      { damaged, digest: digestIn(one, 'folder'), actions: ['step'] },
      { damaged, digest: csv, actions: ['step'] },
    ]),
  );
  expect(checked.damage).toHaveLength(3);
  expect(lookUp(store, one.key)).toEqual({ missing: true });
  expect(lookUp(store, two.key)).toMatchObject({ found: { key: two.key } });
  for (const port of ['table', 'folder']) expect(existsSync(blobOf(store, one, port))).toBe(false);
  expect((await checkStore(store)).damage).toEqual([]);
});

test('checkStore finds blobs that are missing, cut off, too long or misplaced', async () => {
  const { store, one, two } = filled();
  rmSync(blobOf(store, one, 'table'));
  put(join(blobOf(store, two, 'folder'), 'extra'), 'not listed');
  const code = put(store.code(digestOf('code')), 'other code');
  const half = store.result(digestOf('half') as string as StoredResult['key']);
  put(half, readFileSync(store.result(one.key)).subarray(0, 100));
  const others = [
    store.run('1'),
    store.checkedPipeline(digestOf('')),
    store.upToDate(digestOf('')),
    store.last(digestOf('')),
  ];
  for (const path of others) {
    writeChecked(path, { some: 'record' });
    truncateSync(path, 10);
  }
  writeChecked(store.run('2'), { some: 'record' });
  const { damage } = await checkStore(store);
  expect(damage).toEqual(
    expect.arrayContaining([
      ...others.map((path) => ({ damaged: 'record', path })),
      { damaged: 'missing', digest: digestIn(one, 'table'), actions: ['step'] },
      { damaged: 'blob', digest: digestIn(two, 'folder'), actions: ['step'] },
      { damaged: 'code', path: code },
      { damaged: 'record', path: half },
    ]),
  );
  expect(damage).toHaveLength(4 + others.length);
  expect(existsSync(store.run('2'))).toBe(true);
  for (const { key } of [one, two]) expect(lookUp(store, key)).toEqual({ missing: true });
  expect(existsSync(half)).toBe(false);
  expect((await checkStore(store)).damage).toEqual([]);
});

test('checkStore ignores a missing empty folder, which lookUp makes again', async () => {
  const { store, one } = filled();
  rmSync(blobOf(store, one, 'empty'), { recursive: true });
  expect((await checkStore(store)).damage).toEqual([]);
  expect(lookUp(store, one.key)).toMatchObject({ found: { key: one.key } });
});

test('checkStore drops unreferenced and half-made files, which are no damage', async () => {
  const { store, one } = filled();
  fileOutput(store, 'made by an action that was killed');
  const rest = [
    `${store.result(one.key)}.1-ab.tmp`,
    join(store.root, 'files.jsonl.1-ab.tmp'),
    `${store.checkedPipeline(digestOf(''))}.1-ab.tmp`,
    store.claim(one.key),
    `${store.claim(one.key)}.0123`,
  ];
  for (const path of rest) put(path, '{');
  const { damage, unreferenced } = await checkStore(store);
  expect(damage).toEqual([]);
  expect(unreferenced.count).toBe(1 + rest.length);
  for (const path of rest) expect(existsSync(path)).toBe(false);
  expect((await checkStore(store)).unreferenced.count).toBe(0);
});

test('checkStore reports damage but drops nothing while another process has the store open', async () => {
  const { store, one } = filled();
  const other = temporaryStore(store.root);
  truncateSync(blobOf(store, one, 'table'), 0);
  fileOutput(other, 'made, and its result is about to be written');
  const { damage, unreferenced, inUse } = await checkStore(store);
  expect(damage).toEqual([{ damaged: 'blob', digest: digestIn(one, 'table'), actions: ['step'] }]);
  expect(unreferenced.count).toBe(0);
  expect(inUse).toEqual([{ pid: process.pid, host: null }]);
  expect(existsSync(store.result(one.key))).toBe(true);
  expect(existsSync(other.blob(digestOf('made, and its result is about to be written')))).toBe(true);
});

test('checkStore drops results that depend on damaged content, and keeps blobs that a sound result also made', async () => {
  const store = temporaryStore();
  const made = (action: string, content: string, ...from: StoredResult[]) => {
    const gathered = from.map((one, i) => ({ recording: String(i), digest: digestIn(one, 'out'), extension: '.txt' }));
    const result = { ...resultWith({ out: fileOutput(store, content) }, { action }, { all: { gathered } }), action };
    writeResult(store, result);
    return result;
  };
  const root = made('root', 'root');
  const beside = made('beside', 'beside');
  const split = made('split', 'split', beside, root);
  const list = made('list', 'list', split);
  const twin = made('twin', 'twin', root);
  const sameAsTwin = made('other', 'twin', beside);
  const ofTwin = made('of-twin', 'of twin', twin);
  flipBit(blobOf(store, root, 'out'));
  const { damage, madeFrom, unreferenced } = await checkStore(store);
  expect(damage).toEqual([{ damaged: 'blob', digest: digestIn(root, 'out'), actions: ['root'] }]);
  expect(madeFrom).toEqual(['list', 'split', 'twin']);
  expect(unreferenced.count).toBe(0);
  const there = (one: StoredResult) => 'found' in lookUp(store, one.key);
  expect([root, split, list, twin].map(there)).toEqual([false, false, false, false]);
  expect([beside, sameAsTwin, ofTwin].map(there)).toEqual([true, true, true]);
  expect(existsSync(blobOf(store, list, 'out'))).toBe(false);
  expect(await checkStore(store)).toMatchObject({ damage: [], madeFrom: [], unreferenced: { count: 0 } });
});

test('checkStore finds a record under the name of another record, and accepts records of an older version', async () => {
  const { store, one, two } = filled();
  const old = '{"run":"1"}';
  put(store.run('1'), `${old}\n${digestOf(old)}\n`);
  const plans = [digestOf('a'), digestOf('b')].map((name) => store.checkedPipeline(name)) as [string, string];
  for (const [i, path] of plans.entries()) writeChecked(path, { i });
  const texts = plans.map((path) => readFileSync(path));
  for (const [i, path] of plans.entries()) writeFileSync(path, texts[1 - i] ?? '');
  writeFileSync(store.result(one.key), readFileSync(store.result(two.key)));
  const { damage } = await checkStore(store);
  const paths = damage.flatMap((item) => ('path' in item ? [item.path] : []));
  expect(paths.sort()).toEqual([...plans, store.result(one.key)].sort());
  expect(lookUp(store, two.key)).toMatchObject({ found: { key: two.key } });
});

test('checkStore drops a folder, pipe, link or device in place of a file without waiting, and keeps the targets of links', async () => {
  const { store, one, two } = filled();
  const outside = put(join(temporaryFolder(), 'mine'), 'mine');
  const places = [
    store.result(one.key),
    blobOf(store, two, 'table'),
    store.run('1'),
    store.last(digestOf('')),
    store.checkedPipeline(digestOf('')),
    store.upToDate(digestOf('')),
    store.code(digestOf('')),
    store.fileMemo,
  ];
  const instead: ((path: string) => void)[] = [
    (path) => mkdirSync(path),
    (path) => void execFileSync('mkfifo', [path]),
    (path) => symlinkSync(outside, path),
    (path) => symlinkSync('/dev/zero', path),
    (path) => symlinkSync(path, path),
  ];
  for (const put of instead) {
    writeResult(store, one);
    writeResult(store, two);
    for (const path of places) {
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { recursive: true, force: true });
      put(path);
    }
    expect((await checkStore(store)).damage.length).toBeGreaterThanOrEqual(places.length - 1);
    for (const path of places.slice(1))
      expect({ path, there: lstatSync(path, { throwIfNoEntry: false }) }).toEqual({ path });
  }
  expect(readFileSync(outside, 'utf8')).toBe('mine');
});

test('checkStore removes a link in place of a folder of blobs, and keeps its target', async () => {
  const { store, one } = filled();
  const mine = temporaryFolder();
  const outside = put(join(mine, digestIn(one, 'table')), 'mine');
  put(join(mine, 'letter'), 'mine');
  const folder = dirname(blobOf(store, one, 'table'));
  rmSync(folder, { recursive: true });
  symlinkSync(mine, folder);
  await checkStore(store);
  expect(lstatSync(folder, { throwIfNoEntry: false })).toBeUndefined();
  for (const path of [outside, join(mine, 'letter')]) expect(readFileSync(path, 'utf8')).toBe('mine');
});
