import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { canMatchBelow, fixedFolder, listMatching } from '../../src/files/file-pattern.ts';
import { temporaryFolder } from '../tasks/temporary-folder.ts';

function folderOf(...files: string[]): string {
  const root = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

const FILES = ['src/a.ts', 'src/a.test.ts', 'src/b/c.ts', 'src/b/d/e.js', 'src/.hidden.ts', 'src/.cache/f.ts', 'g.ts'];

test.each([
  ['src/*.ts', [], ['src/a.test.ts', 'src/a.ts']],
  ['./src//*.ts', [], ['src/a.test.ts', 'src/a.ts']],
  ['src/**/*.ts', [], ['src/a.test.ts', 'src/a.ts', 'src/b/c.ts']],
  ['src/**/*.ts', ['**/*.test.ts'], ['src/a.ts', 'src/b/c.ts']],
  ['src/**', ['src/b'], ['src/a.test.ts', 'src/a.ts']],
  ['src/**', ['src/b/**', '**/*.test.ts'], ['src/a.ts']],
  ['src/**/*.{js,json}', [], ['src/b/d/e.js']],
  ['**/[a-d].ts', [], ['src/a.ts', 'src/b/c.ts']],
  ['?.ts', [], ['g.ts']],
  ['src/.*.ts', [], ['src/.hidden.ts']],
  ['src/a.ts', [], ['src/a.ts']],
  ['src/**/*.ts', ['src'], []],
  ['src/b', [], []],
  ['lib/**', [], []],
])('the pattern %s except %j lists the files that match', (pattern, except, expected) => {
  expect(listMatching(folderOf(...FILES), { pattern, except }).files).toEqual(expected);
});

test('a pattern enters only folders that can hold a match', () => {
  const root = folderOf(...FILES, 'src/node_modules/x/y.ts');
  const { folders } = listMatching(root, { pattern: 'src/*/c.ts', except: ['**/node_modules'] });
  expect([...folders.keys()]).toEqual([join(root, 'src'), join(root, 'src/b')]);
  expect(canMatchBelow({ pattern: '**/*.ts', except: [] }, 'out')).toBe(true);
  expect(canMatchBelow({ pattern: '**/*.ts', except: ['out/**'] }, 'out')).toBe(false);
  expect(canMatchBelow({ pattern: 'src/**', except: [] }, 'out')).toBe(false);
  expect(canMatchBelow({ pattern: '*.ts', except: [] }, 'out')).toBe(false);
});

test('a link to a file counts, and a link to a folder is not followed', () => {
  const root = folderOf('src/a.ts', 'other/b.ts');
  symlinkSync('../other/b.ts', join(root, 'src/b.ts'));
  symlinkSync('../other', join(root, 'src/other'));
  symlinkSync('nowhere', join(root, 'src/lost.ts'));
  const found = listMatching(root, { pattern: 'src/**', except: [] });
  expect(found.files).toEqual(['src/a.ts', 'src/b.ts', 'src/lost.ts']);
  expect(found.links).toEqual(['src/b.ts', 'src/lost.ts']);
});

test('the names before the first wildcard are the fixed folder of a pattern', () => {
  expect(['src/a/*.ts', '**/x', 'src/a.ts', 'a/b{c,d}/e'].map(fixedFolder)).toEqual(['src/a', '', 'src', 'a']);
});
