import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { digestOfSingleFile, digestOfTree, foldersOf, namesIn, type Tree, treeFile } from '../../src/store/tree.ts';

const folder = (files: { readonly [path: string]: string }, ...emptyFolders: string[]): Tree => ({
  files: Object.entries(files).map(([path, content]) => treeFile({ path, digest: digestOf(content) })),
  emptyFolders,
});

test('digestOfTree returns the same digest for plain files as earlier versions', () => {
  expect(digestOfTree(folder({ a: '1' }))).toBe('5608670a8488e486246fc1799c274def881acde55fffb770e62d2b8aa3cfd36b');
  expect(digestOfTree(folder({}))).toBe(digestOf('[]'));
});

test('the digest of a plain file is that of its content, and that of an executable file is different', () => {
  expect(digestOfSingleFile({ digest: digestOf('abc') })).toBe(digestOf('abc'));
  expect(digestOfSingleFile({ digest: digestOf('abc'), executable: true })).toBe(
    '996a8cd4c27c21c30ddeb3bbbd0d1d77f08d644f2151bf63fd30e84a3ae7c0ca',
  );
});

test('no file has the digest of an executable file by containing the text that is hashed', () => {
  const text = JSON.stringify([{ path: '', digest: digestOf('abc'), executable: true }]);
  expect(digestOf(text)).not.toBe(digestOfSingleFile({ digest: digestOf('abc'), executable: true }));
});

const NAMES = ['a', 'b', 'A', 'é', 'e\u0301', '\udce9', 'a"', 'folder', '\\'];
const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

/** Entries by path: null for an empty folder, or a file with a content and a mode. */
const entries = fc.dictionary(
  path,
  fc.oneof(fc.constant(null), fc.record({ content: fc.constantFrom('', '1', '2'), executable: fc.boolean() })),
  { maxKeys: 5 },
);
type Entries = typeof entries extends fc.Arbitrary<infer E> ? E : never;

const treeOf = (all: Entries): Tree => ({
  files: Object.entries(all).flatMap(([at, entry]) =>
    entry ? [treeFile({ path: at, digest: digestOf(entry.content), executable: entry.executable })] : [],
  ),
  emptyFolders: Object.keys(all).filter((at) => all[at] === null),
});

/** Text of everything that counts, in a fixed order. */
const canonical = (all: Entries): string =>
  JSON.stringify(
    Object.entries(all)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([at, entry]) => [at, entry]),
  );

test('two trees have the same digest only if they have the same content', () => {
  fc.assert(
    fc.property(entries, entries, (one, other) => {
      expect(digestOfTree(treeOf(one)) === digestOfTree(treeOf(other))).toBe(canonical(one) === canonical(other));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a name', folder({ b: '1' })],
  ['a content', folder({ a: '2' })],
  ['an additional file', folder({ a: '1', b: '1' })],
  ['an additional empty folder', folder({ a: '1' }, 'b')],
  [
    'the executable bit',
    { ...folder({ a: '1' }), files: [treeFile({ path: 'a', digest: digestOf('1'), executable: true })] },
  ],
])('%s changes the digest of a folder', (_, other) => {
  expect(digestOfTree(other)).not.toBe(digestOfTree(folder({ a: '1' })));
});

test('a small change anywhere in a tree changes its digest', () => {
  fc.assert(
    fc.property(entries, path, fc.boolean(), (all, at, executable) => {
      const other = { ...all, [at]: all[at] === null ? { content: '' as const, executable } : null };
      expect(digestOfTree(treeOf(other))).not.toBe(digestOfTree(treeOf(all)));
    }),
  );
});

test('digestOfTree does not depend on the order of files and folders', () => {
  fc.assert(
    fc.property(entries, (all) => {
      const { files, emptyFolders } = treeOf(all);
      const turned = { files: [...files].reverse(), emptyFolders: [...emptyFolders].reverse() };
      expect(digestOfTree(turned)).toBe(digestOfTree({ files, emptyFolders }));
    }),
  );
});

test('foldersOf lists the folders of a tree, and namesIn the names in each', () => {
  const tree = folder({ 'a/b/c': '', 'a/d': '', ab: '' }, 'a/e', 'f/g');
  expect(foldersOf(tree)).toEqual(['', 'a', 'a/b', 'a/e', 'f', 'f/g']);
  expect([...namesIn(tree, '')].sort()).toEqual(['a', 'ab', 'f']);
  expect([...namesIn(tree, 'a')].sort()).toEqual(['b', 'd', 'e']);
  expect([...namesIn(tree, 'f')]).toEqual(['g']);
  expect([...namesIn(tree, 'f/g')]).toEqual([]);
});
