import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readChecked } from '../../src/files/checked-json.ts';
import { type Digest, digestOf } from '../../src/files/digest.ts';
import { keyOf } from '../../src/store/key.ts';
import type { Store } from '../../src/store/layout.ts';
import { lookUp, readPreimage, type StoredOutput, writeResult } from '../../src/store/result.ts';
import { fileOutput, folderOutput, preimage, put, resultWith, temporaryStore } from './temporary.ts';

function stored() {
  const store = temporaryStore();
  const result = resultWith({
    table: fileOutput(store, 'arrow', '.arrow', { '.csv': 'a,b' }),
    folder: folderOutput(store, { a: '1', 'sub/b': '2' }),
    none: null,
  });
  writeResult(store, result);
  return { store, result };
}

/** The same bytes in another inode, as after the store was copied. */
function copied(path: string): void {
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
}

const blobOf = (store: Store, output: StoredOutput | null | undefined) => {
  if (!output) throw new Error('no output');
  return store.blob(output.digest);
};

test('lookUp returns missing for a key without a result', () => {
  const { store } = stored();
  const other = keyOf(preimage({ other: 1 }));
  expect(lookUp(store, other)).toEqual({ missing: true });
  expect(readPreimage(store, other)).toBeUndefined();
});

test('lookUp returns a result as it was written', () => {
  const { store, result } = stored();
  expect(lookUp(store, result.key)).toEqual({ found: result });
  expect(readPreimage(store, result.key)).toEqual(result.preimage);
});

test.each([
  ['table', (store: Store, { table }: { [port: string]: StoredOutput | null }) => rmSync(blobOf(store, table))],
  ['folder', (store, { folder }) => rmSync(join(blobOf(store, folder), 'sub/b'))],
  ['folder', (store, { folder }) => rmSync(blobOf(store, folder), { recursive: true })],
  ['table', (store) => rmSync(store.blob(digestOf('a,b')))],
] as [string, (store: Store, outputs: { [port: string]: StoredOutput | null }) => void][])(
  'lookUp returns the port of a missing blob (%s)',
  (port, remove) => {
    const { store, result } = stored();
    remove(store, result.outputs);
    expect(lookUp(store, result.key)).toEqual({ lost: port });
  },
);

test('lookUp returns the port of a blob that was edited to the same size', () => {
  const { store, result } = stored();
  const path = blobOf(store, result.outputs.table);
  chmodSync(path, 0o644);
  put(path, 'ARROW');
  expect(lookUp(store, result.key)).toEqual({ lost: 'table' });
});

test('lookUp finds a result whose blobs were copied, and records their new signatures', () => {
  const { store, result } = stored();
  const paths = [
    blobOf(store, result.outputs.table),
    store.blob(digestOf('a,b')),
    join(blobOf(store, result.outputs.folder), 'a'),
  ];
  paths.forEach(copied);
  const found = lookUp(store, result.key);
  if (!('found' in found)) throw new Error('not found');
  const { table, folder } = found.found.outputs;
  const signatures = [table?.files[0], table?.siblings[0]?.file, folder?.files[0]].map((file) => file?.signature);
  expect(signatures.map((signature) => signature?.split(':')[0])).toEqual(
    paths.map((path) => String(statSync(path, { bigint: true }).ino)),
  );
  expect(readChecked(store.result(result.key))).toEqual(found.found);
  // Only signatures changed.
  const text = (value: unknown) => JSON.stringify(value).replaceAll(/"signature":"[^"]+"/g, '');
  expect(text(found.found)).toBe(text(result));
  expect(found.found.outputs.folder?.files[1]).toEqual(result.outputs.folder?.files[1]);
});

test('lookUp reports a missing blob although another port has only new signatures', () => {
  const { store, result } = stored();
  copied(blobOf(store, result.outputs.table));
  rmSync(blobOf(store, result.outputs.folder), { recursive: true });
  expect(lookUp(store, result.key)).toEqual({ lost: 'folder' });
});

test('lookUp ignores a truncated result', () => {
  const { store, result } = stored();
  const path = store.result(result.key);
  const { size } = statSync(path);
  for (const length of [size - 1, size >> 1, 1, 0]) {
    truncateSync(path, length);
    expect(lookUp(store, result.key)).toEqual({ missing: true });
    expect(readPreimage(store, result.key)).toBeUndefined();
  }
  writeResult(store, result);
  expect(lookUp(store, result.key)).toEqual({ found: result });
});

test.each<[string, (output: StoredOutput) => StoredOutput]>([
  ['a digest that is a path', (output) => ({ ...output, digest: '../../../../etc/passwd' as Digest })],
  ['an extension that is a path', (output) => ({ ...output, extension: '/../../../evil' })],
  ['a file elsewhere', (output) => ({ ...output, files: output.files.map((file) => ({ ...file, path: '../evil' })) })],
])('lookUp ignores a forged result with %s', (_, forge) => {
  const { store, result } = stored();
  const { table, ...others } = result.outputs;
  if (!table) throw new Error('there is a table');
  writeResult(store, { ...result, outputs: { ...others, table: forge(table) } });
  expect(lookUp(store, result.key)).toEqual({ missing: true });
});

test('lookUp ignores a result under the wrong key', () => {
  const { store, result } = stored();
  const other = keyOf(preimage({ other: 1 }));
  put(store.result(other), readFileSync(store.result(result.key)));
  expect(lookUp(store, other)).toEqual({ missing: true });
});
