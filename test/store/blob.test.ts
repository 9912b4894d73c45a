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

/** As root nothing is read-only, so the bits are looked at. */
const mode = (path: string) => statSync(path).mode & 0o777;

function damage(path: string, content: string): void {
  chmodSync(path, 0o644);
  put(path, content);
}

describe('a file', () => {
  const keep = (store: Store, content: string): BlobFile =>
    storeFile(store, put(join(store.scratch, 'made'), content), digestOf(content));

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
    return storeFolder(store, folder, listed);
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
      const kept = storeFolder(store, join(store.scratch, `made${i}`), []);
      expect(kept).toMatchObject({ digest: EMPTY_FOLDER, files: [], emptyFolders: [] });
      expect(readdirSync(store.blob(kept.digest))).toEqual([]);
    }
  });
});

describe('a check against the record', () => {
  const kept = () => {
    const store = temporaryStore();
    const file = storeFile(store, put(join(store.scratch, 'made'), 'abc'), digestOf('abc'));
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

describe('modes of blobs', () => {
  const tree = {
    files: [
      { path: 'run.sh', digest: digestOf('r'), executable: true as const },
      { path: 'sub/plain', digest: digestOf('p') },
    ],
    emptyFolders: ['sub/none'],
  };
  const keepTree = (store: Store) => {
    const folder = join(store.scratch, 'made');
    chmodSync(put(join(folder, 'run.sh'), 'r'), 0o700);
    put(join(folder, 'sub/plain'), 'p');
    mkdirSync(join(folder, 'sub/none'));
    return storeFolder(store, folder, tree.files, tree.emptyFolders);
  };

  test('a stored folder is read-only at every level, and its executable files can be executed', () => {
    const store = temporaryStore();
    const { digest } = keepTree(store);
    expect(digest).toBe(digestOfTree(tree));
    const blob = store.blob(digest);
    for (const path of ['', 'sub', 'sub/none', 'run.sh']) expect(mode(join(blob, path)), path).toBe(0o555);
    expect(mode(join(blob, 'sub/plain'))).toBe(0o444);
  });

  test('an executable file has a blob of its own, beside the plain one of the same content', () => {
    const store = temporaryStore();
    const keep = (executable: boolean) =>
      storeFile(store, put(join(store.scratch, 'made'), 'abc'), digestOf('abc'), { executable });
    const [plain, script] = [keep(false), keep(true)];
    const own = digestOfSingleFile({ digest: digestOf('abc'), executable: true });
    expect(mode(store.blob(digestOf('abc')))).toBe(0o444);
    expect(mode(store.blob(own))).toBe(0o555);
    expect(checkFile(store, digestOf('abc'), plain)).toBe('sound');
    expect(checkFile(store, own, script)).toBe('sound');
  });

  test('a mode that was changed is put right, and the blob stays', () => {
    const store = temporaryStore();
    const { digest, files } = keepTree(store);
    const blob = store.blob(digest);
    chmodSync(join(blob, 'run.sh'), 0o444);
    chmodSync(join(blob, 'sub/plain'), 0o755);
    for (const file of files) expect(checkFile(store, digest, file)).toBe('sound');
    expect(mode(join(blob, 'run.sh'))).toBe(0o555);
    expect(mode(join(blob, 'sub/plain'))).toBe(0o444);
  });

  test('a mode is not changed of a file that has another name: the blob is damaged instead', () => {
    const store = temporaryStore();
    const { digest, files } = keepTree(store);
    const other = join(store.root, '../mine');
    chmodSync(join(store.blob(digest), 'sub/plain'), 0o755);
    linkSync(join(store.blob(digest), 'sub/plain'), other);
    expect(files.map((file) => checkFile(store, digest, file))).toContain('damaged');
    expect(mode(other)).toBe(0o755);
    expect(existsSync(store.blob(digest))).toBe(false);
  });

  test('a name that came, or went, in a folder of a blob is damage, which the folder tells', () => {
    for (const harm of [
      (blob: string) => put(join(blob, 'sub/none/new'), ''),
      (blob: string) => rmSync(join(blob, 'sub/none'), { recursive: true }),
      (blob: string) => symlinkSync('plain', join(blob, 'sub/link')),
    ]) {
      const store = temporaryStore();
      const kept = keepTree(store);
      expect(kept.folders.map((folder) => checkFolder(store, kept, folder))).toEqual(['sound', 'sound', 'sound']);
      harm(store.blob(kept.digest));
      expect(kept.folders.map((folder) => checkFolder(store, kept, folder))).toContain('damaged');
      expect(existsSync(store.blob(kept.digest))).toBe(false);
    }
  });

  test('a blob whose folder is a link is removed as a link, and what it leads to stays', () => {
    const store = temporaryStore();
    const kept = keepTree(store);
    const mine = join(store.root, '../mine');
    chmodSync(store.blob(kept.digest), 0o755);
    renameSync(store.blob(kept.digest), mine);
    symlinkSync(mine, store.blob(kept.digest));
    expect(kept.folders.map((folder) => checkFolder(store, kept, folder))).toContain('damaged');
    expect(lstatSync(store.blob(kept.digest), { throwIfNoEntry: false })).toBeUndefined();
    expect(readFileSync(join(mine, 'sub/plain'), 'utf8')).toBe('p');
    expect(mode(join(mine, 'sub/plain'))).toBe(0o444);
  });

  test('nothing is stored through a link to a folder of somebody else', () => {
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
