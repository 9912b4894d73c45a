import { appendFileSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { blobSignature, fileSignature } from '../../src/files/signature.ts';
import { readUpToDate, writeUpToDate } from '../../src/plan/up-to-date.ts';
import { storePaths } from '../../src/store/layout.ts';
import { put, temporaryFolder, temporaryStore } from '../store/temporary.ts';

function recorded() {
  const store = temporaryStore();
  const folder = temporaryFolder();
  const at = (path: string) => join(folder, path);
  put(at('data/a.txt'), 'input');
  put(at('out/step/a.txt'), 'output');
  symlinkSync('data', at('link'));
  const record = {
    run: '20000101T000000000Z-abcdef',
    pipeline: 'words',
    files: [at('data/a.txt'), String(fileSignature(at('data/a.txt'))), at('data'), String(fileSignature(at('data')))],
    results: [at('out/step/a.txt'), String(blobSignature(at('out/step/a.txt')))],
    places: [at('link'), at('data')],
    absent: [at('triggers.txt')],
    steps: [{ step: 'step', actions: 1, seconds: 0.5 }],
    actions: [],
    warnings: {},
    headline: null,
    alsoShown: null,
    report: null,
  };
  writeUpToDate(store, 'request', record);
  return { store, at, record, read: () => readUpToDate(store, 'request') };
}

test('reads a record that stands, and only under the name of its request', () => {
  const { store, record, read } = recorded();
  expect(read()).toMatchObject(record);
  expect(readUpToDate(store, 'another request')).toBeUndefined();
  expect(readUpToDate(storePaths(join(store.root, 'none')), 'request')).toBeUndefined();
});

/** Puts a file in the place of a folder. */
function replace(folder: string): void {
  rmSync(folder, { recursive: true });
  put(folder, '');
}

function relink(link: string, target: string): void {
  rmSync(link);
  symlinkSync(target, link);
}

test.each<[string, (at: (path: string) => string) => void]>([
  ['an input changed', (at) => appendFileSync(at('data/a.txt'), '.')],
  ['an input was touched', (at) => utimesSync(at('data/a.txt'), 1, 1)],
  ['an input is gone', (at) => rmSync(at('data/a.txt'))],
  ['an input folder is a file now', (at) => replace(at('data'))],
  ['a shown file changed', (at) => put(at('out/step/a.txt'), 'longer than it was')],
  ['a shown file is gone', (at) => rmSync(at('out/step/a.txt'))],
  ['out/ is gone', (at) => rmSync(at('out'), { recursive: true })],
  ['a file stands where a folder of out/ was', (at) => replace(at('out/step'))],
  ['a link leads elsewhere', (at) => relink(at('link'), 'out')],
  ['a link is gone', (at) => rmSync(at('link'))],
  ['an absent file appeared', (at) => put(at('triggers.txt'), '')],
])('ignores the record when %s', (_, change) => {
  const { at, read } = recorded();
  change(at);
  expect(read()).toBeUndefined();
});

test('ignores a record that is truncated or of another build of the engine', () => {
  const { store, read } = recorded();
  const path = store.upToDate(digestOf('request'));
  const text = readFileSync(path, 'utf8');
  for (const length of [text.length - 1, 10, 0]) {
    put(path, text.slice(0, length));
    expect(read()).toBeUndefined();
  }
  put(path, text.replace('"engine":"', '"engine":"other '));
  expect(read()).toBeUndefined();
  put(path, text);
  expect(read()).toBeDefined();
});
