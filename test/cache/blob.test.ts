import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type BlobFile, checkFile, keepFile, keepFolder } from '../../src/cache/blob.ts';
import { digestOf } from '../../src/cache/digest.ts';
import { blobSignature } from '../../src/cache/signature.ts';
import type { Store } from '../../src/cache/store.ts';
import { digestOfTree, EMPTY_FOLDER } from '../../src/cache/tree.ts';
import { put, temporaryStore } from './temporary.ts';

/** As root nothing is read-only, so the bits are looked at. */
const mode = (path: string) => statSync(path).mode & 0o777;

function damage(path: string, content: string): void {
  chmodSync(path, 0o644);
  put(path, content);
}

describe('a file', () => {
  const keep = (store: Store, content: string): BlobFile =>
    keepFile(store, put(join(store.scratch, 'made'), content), digestOf(content));

  test('is moved under its digest, read-only, and described', () => {
    const store = temporaryStore();
    const kept = keep(store, 'abc');
    const path = store.blob(digestOf('abc'));
    expect(kept).toEqual({ path: '', digest: digestOf('abc'), size: 3, signature: blobSignature(path) });
    expect(readFileSync(path, 'utf8')).toBe('abc');
    expect(mode(path)).toBe(0o444);
    expect(existsSync(join(store.scratch, 'made'))).toBe(false);
  });

  test('that is there already stays as it is, so that what was recorded of it stays true', () => {
    const store = temporaryStore();
    const first = keep(store, 'abc');
    expect(keep(store, 'abc')).toEqual(first);
    expect(checkFile(store, first.digest, first)).toBe('sound');
  });

  test.each(['abd', 'abcd', ''])('that is there damaged (%j) is replaced', (content) => {
    const store = temporaryStore();
    const { digest } = keep(store, 'abc');
    damage(store.blob(digest), content);
    const again = keep(store, 'abc');
    expect(readFileSync(store.blob(digest), 'utf8')).toBe('abc');
    expect(checkFile(store, digest, again)).toBe('sound');
    expect(mode(store.blob(digest))).toBe(0o444);
  });
});

describe('a folder', () => {
  const files = { a: '1', 'sub/b': '2' };
  const listed = Object.entries(files).map(([path, content]) => ({ path, digest: digestOf(content) }));
  const keep = (store: Store) => {
    const folder = join(store.scratch, 'made');
    rmSync(folder, { recursive: true, force: true });
    for (const [path, content] of Object.entries(files)) put(join(folder, path), content);
    return keepFolder(store, folder, listed);
  };

  test('is moved whole under the digest of its pairs, its files read-only', () => {
    const store = temporaryStore();
    const kept = keep(store);
    expect(kept.digest).toBe(digestOfTree({ files: listed, emptyFolders: [] }));
    const at = (path: string) => join(store.blob(kept.digest), path);
    expect(kept.files).toEqual(listed.map((file) => ({ ...file, size: 1, signature: blobSignature(at(file.path)) })));
    expect(readFileSync(at('sub/b'), 'utf8')).toBe('2');
    expect(mode(at('sub/b'))).toBe(0o444);
  });

  test('that is there already stays as it is', () => {
    const store = temporaryStore();
    expect(keep(store)).toEqual(keep(store));
  });

  test.each([
    ['a file of it is changed', (folder: string) => damage(join(folder, 'sub/b'), '3')],
    ['a file of it is gone', (folder: string) => rmSync(join(folder, 'a'))],
    ['there is one more in it', (folder: string) => put(join(folder, 'more'), '')],
    [
      'a folder has taken the place of a file',
      (folder: string) => {
        rmSync(join(folder, 'a'));
        mkdirSync(join(folder, 'a'));
      },
    ],
  ])('is replaced when %s', (_, harm) => {
    const store = temporaryStore();
    const { digest } = keep(store);
    harm(store.blob(digest));
    const { files: kept } = keep(store);
    for (const file of kept) expect(checkFile(store, digest, file)).toBe('sound');
    expect(readdirSync(store.blob(digest)).sort()).toEqual(['a', 'sub']);
  });

  test('without files is one too', () => {
    const store = temporaryStore();
    for (let i = 0; i < 2; i++) {
      mkdirSync(join(store.scratch, `made${i}`));
      const kept = keepFolder(store, join(store.scratch, `made${i}`), []);
      expect(kept).toMatchObject({ digest: EMPTY_FOLDER, files: [], emptyFolders: [] });
      expect(readdirSync(store.blob(kept.digest))).toEqual([]);
    }
  });
});

describe('a check against the record', () => {
  const kept = () => {
    const store = temporaryStore();
    const file = keepFile(store, put(join(store.scratch, 'made'), 'abc'), digestOf('abc'));
    return { store, file, path: store.blob(file.digest), check: () => checkFile(store, file.digest, file) };
  };

  test('sound: nothing happened', () => expect(kept().check()).toBe('sound'));

  test('damaged: it is gone', () => {
    const { path, check } = kept();
    rmSync(path);
    expect(check()).toBe('damaged');
  });

  test('damaged: another content of the same size; it is removed', () => {
    const { path, check } = kept();
    damage(path, 'abd');
    expect(check()).toBe('damaged');
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('damaged: a folder stands there; it is removed', () => {
    const { path, check } = kept();
    rmSync(path);
    put(join(path, 'file'), 'abc');
    expect(check()).toBe('damaged');
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('changed: the same content in another file, with a signature to record', () => {
    const { store, path, file, check } = kept();
    rmSync(path);
    put(join(store.root, 'between'), '');
    put(path, 'abc');
    const signature = blobSignature(path);
    expect(signature).not.toBe(file.signature);
    expect(check()).toEqual({ changed: { ...file, signature } });
  });
});
