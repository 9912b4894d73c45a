import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { blobSignature } from '../../src/files/signature.ts';
import { type BlobFile, checkFile, checkFolder, storeFile, storeFolder } from '../../src/store/blob.ts';
import type { Store } from '../../src/store/layout.ts';
import { digestOfSingleFile, digestOfTree, EMPTY_FOLDER } from '../../src/store/tree.ts';
import { put, temporaryStore } from './temporary.ts';

/** Tests read the mode bits, because root may write to read-only files. */
const mode = (path: string) => statSync(path).mode & 0o777;

function damage(path: string, content: string): void {
  chmodSync(path, 0o644);
  put(path, content);
}

describe('storeFile', () => {
  const storeSample = (store: Store, content: string): BlobFile =>
    storeFile(store, put(join(store.scratch, 'made'), content), digestOf(content));

  test('moves the file to its digest, makes it read-only, and describes it', () => {
    const store = temporaryStore();
    const stored = storeSample(store, 'abc');
    const path = store.blob(digestOf('abc'));
    expect(stored).toEqual({ path: '', digest: digestOf('abc'), size: 3, signature: blobSignature(path) });
    expect(readFileSync(path, 'utf8')).toBe('abc');
    expect(mode(path)).toBe(0o444);
    expect(existsSync(join(store.scratch, 'made'))).toBe(false);
  });

  test('leaves a blob that is already stored, so that its recorded signature stays true', () => {
    const store = temporaryStore();
    const first = storeSample(store, 'abc');
    expect(storeSample(store, 'abc')).toEqual(first);
    expect(checkFile(store, first.digest, first)).toBe('sound');
  });

  test.each(['abd', 'abcd', ''])('replaces a blob whose content was changed to %j', (content) => {
    const store = temporaryStore();
    const { digest } = storeSample(store, 'abc');
    damage(store.blob(digest), content);
    const again = storeSample(store, 'abc');
    expect(readFileSync(store.blob(digest), 'utf8')).toBe('abc');
    expect(checkFile(store, digest, again)).toBe('sound');
    expect(mode(store.blob(digest))).toBe(0o444);
  });
});

describe('storeFolder', () => {
  const files = { a: '1', 'sub/b': '2' };
  const listed = Object.entries(files).map(([path, content]) => ({ path, digest: digestOf(content) }));
  const storeSample = (store: Store) => {
    const folder = join(store.scratch, 'made');
    rmSync(folder, { recursive: true, force: true });
    for (const [path, content] of Object.entries(files)) put(join(folder, path), content);
    return storeFolder(store, folder, listed);
  };

  test('moves the folder to the digest of its tree, and makes its files read-only', () => {
    const store = temporaryStore();
    const stored = storeSample(store);
    expect(stored.digest).toBe(digestOfTree({ files: listed, emptyFolders: [] }));
    const at = (path: string) => join(store.blob(stored.digest), path);
    expect(stored.files).toEqual(listed.map((file) => ({ ...file, size: 1, signature: blobSignature(at(file.path)) })));
    expect(readFileSync(at('sub/b'), 'utf8')).toBe('2');
    expect(mode(at('sub/b'))).toBe(0o444);
  });

  test('leaves a blob that is already stored', () => {
    const store = temporaryStore();
    expect(storeSample(store)).toEqual(storeSample(store));
  });

  test.each([
    ['a file is changed', (folder: string) => damage(join(folder, 'sub/b'), '3')],
    ['a file is missing', (folder: string) => rmSync(join(folder, 'a'))],
    ['a file is added', (folder: string) => put(join(folder, 'more'), '')],
    [
      'a folder takes the place of a file',
      (folder: string) => {
        rmSync(join(folder, 'a'));
        mkdirSync(join(folder, 'a'));
      },
    ],
  ])('replaces a blob in which %s', (_, harm) => {
    const store = temporaryStore();
    const { digest } = storeSample(store);
    harm(store.blob(digest));
    const { files: stored } = storeSample(store);
    for (const file of stored) expect(checkFile(store, digest, file)).toBe('sound');
    expect(readdirSync(store.blob(digest)).sort()).toEqual(['a', 'sub']);
  });

  test('stores a folder without files', () => {
    const store = temporaryStore();
    for (let i = 0; i < 2; i++) {
      mkdirSync(join(store.scratch, `made${i}`));
      const stored = storeFolder(store, join(store.scratch, `made${i}`), []);
      expect(stored).toMatchObject({ digest: EMPTY_FOLDER, files: [], emptyFolders: [] });
      expect(readdirSync(store.blob(stored.digest))).toEqual([]);
    }
  });
});

describe('checkFile', () => {
  const stored = () => {
    const store = temporaryStore();
    const file = storeFile(store, put(join(store.scratch, 'made'), 'abc'), digestOf('abc'));
    return { store, file, path: store.blob(file.digest), check: () => checkFile(store, file.digest, file) };
  };

  test('returns sound for an unchanged file', () => expect(stored().check()).toBe('sound'));

  test('returns damaged for a missing file', () => {
    const { path, check } = stored();
    rmSync(path);
    expect(check()).toBe('damaged');
  });

  test('returns damaged for another content of the same size, and removes the blob', () => {
    const { path, check } = stored();
    damage(path, 'abd');
    expect(check()).toBe('damaged');
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('returns damaged for a folder in place of a file, and removes it', () => {
    const { path, check } = stored();
    rmSync(path);
    put(join(path, 'file'), 'abc');
    expect(check()).toBe('damaged');
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('returns the new signature for the same content in another file', () => {
    const { store, path, file, check } = stored();
    rmSync(path);
    put(join(store.root, 'between'), '');
    put(path, 'abc');
    const signature = blobSignature(path);
    expect(signature).not.toBe(file.signature);
    expect(check()).toEqual({ changed: { ...file, signature } });
  });
});

describe('modes of blobs', () => {
  const tree = {
    files: [
      { path: 'run.sh', digest: digestOf('r'), executable: true as const },
      { path: 'sub/plain', digest: digestOf('p') },
    ],
    emptyFolders: ['sub/none'],
  };
  const storeTree = (store: Store) => {
    const folder = join(store.scratch, 'made');
    chmodSync(put(join(folder, 'run.sh'), 'r'), 0o700);
    put(join(folder, 'sub/plain'), 'p');
    mkdirSync(join(folder, 'sub/none'));
    return storeFolder(store, folder, tree.files, tree.emptyFolders);
  };

  test('a stored folder is read-only at every level, and executable files stay executable', () => {
    const store = temporaryStore();
    const { digest } = storeTree(store);
    expect(digest).toBe(digestOfTree(tree));
    const blob = store.blob(digest);
    for (const path of ['', 'sub', 'sub/none', 'run.sh']) expect(mode(join(blob, path)), path).toBe(0o555);
    expect(mode(join(blob, 'sub/plain'))).toBe(0o444);
  });

  test('an executable and a plain file of the same content have different blobs', () => {
    const store = temporaryStore();
    const storeSample = (executable: boolean) =>
      storeFile(store, put(join(store.scratch, 'made'), 'abc'), digestOf('abc'), { executable });
    const [plain, script] = [storeSample(false), storeSample(true)];
    const own = digestOfSingleFile({ digest: digestOf('abc'), executable: true });
    expect(mode(store.blob(digestOf('abc')))).toBe(0o444);
    expect(mode(store.blob(own))).toBe(0o555);
    expect(checkFile(store, digestOf('abc'), plain)).toBe('sound');
    expect(checkFile(store, own, script)).toBe('sound');
  });

  test('checkFile restores a mode that was changed', () => {
    const store = temporaryStore();
    const { digest, files } = storeTree(store);
    const blob = store.blob(digest);
    chmodSync(join(blob, 'run.sh'), 0o444);
    chmodSync(join(blob, 'sub/plain'), 0o755);
    for (const file of files) expect(checkFile(store, digest, file)).toBe('sound');
    expect(mode(join(blob, 'run.sh'))).toBe(0o555);
    expect(mode(join(blob, 'sub/plain'))).toBe(0o444);
  });

  test('checkFile reports a changed mode as damage if the file has another hard link, whose mode stays', () => {
    const store = temporaryStore();
    const { digest, files } = storeTree(store);
    const other = join(store.root, '../mine');
    chmodSync(join(store.blob(digest), 'sub/plain'), 0o755);
    linkSync(join(store.blob(digest), 'sub/plain'), other);
    expect(files.map((file) => checkFile(store, digest, file))).toContain('damaged');
    expect(mode(other)).toBe(0o755);
    expect(existsSync(store.blob(digest))).toBe(false);
  });

  test('checkFolder reports added and removed names as damage', () => {
    for (const harm of [
      (blob: string) => put(join(blob, 'sub/none/new'), ''),
      (blob: string) => rmSync(join(blob, 'sub/none'), { recursive: true }),
      (blob: string) => symlinkSync('plain', join(blob, 'sub/link')),
    ]) {
      const store = temporaryStore();
      const stored = storeTree(store);
      expect(stored.folders.map((folder) => checkFolder(store, stored, folder))).toEqual(['sound', 'sound', 'sound']);
      harm(store.blob(stored.digest));
      expect(stored.folders.map((folder) => checkFolder(store, stored, folder))).toContain('damaged');
      expect(existsSync(store.blob(stored.digest))).toBe(false);
    }
  });

  test('checkFolder removes a link in place of a blob, and leaves the target of the link', () => {
    const store = temporaryStore();
    const stored = storeTree(store);
    const mine = join(store.root, '../mine');
    chmodSync(store.blob(stored.digest), 0o755);
    renameSync(store.blob(stored.digest), mine);
    symlinkSync(mine, store.blob(stored.digest));
    expect(stored.folders.map((folder) => checkFolder(store, stored, folder))).toContain('damaged');
    expect(lstatSync(store.blob(stored.digest), { throwIfNoEntry: false })).toBeUndefined();
    expect(readFileSync(join(mine, 'sub/plain'), 'utf8')).toBe('p');
    expect(mode(join(mine, 'sub/plain'))).toBe(0o444);
  });

  test('storeFile refuses to write through a link to a folder outside the store', () => {
    const store = temporaryStore();
    const mine = join(store.root, '../mine');
    mkdirSync(mine);
    mkdirSync(join(store.root, 'blobs'));
    symlinkSync(mine, join(store.blob(digestOf('abc')), '..'));
    const from = put(join(store.scratch, 'made'), 'abc');
    expect(() => storeFile(store, from, digestOf('abc'))).toThrow(/is not followed through links/);
    expect(readdirSync(mine)).toEqual([]);
  });
});
