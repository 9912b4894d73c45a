import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blobSignature, fileSignature } from '../../src/files/signature.ts';
import { fileOutput, folderOutput, put, resultWith } from '../store/temporary.ts';
import { detectA, MANIFEST, open, project, summary } from './project.ts';

describe('out/ shows', () => {
  test('files, folders and siblings of files under step and recording', async () => {
    const { store, out, files, read } = project();
    const outputs = {
      peaks: fileOutput(store, 'arrow', '.arrow', { '.csv': 'csv' }),
      traces: folderOutput(store, { a: '1', 'sub/b': '2' }),
      none: null,
    };
    expect(await out.show(detectA, resultWith(outputs))).toBe('shown');
    expect(await out.show(summary, resultWith(outputs))).toBe('shown');
    const names = ['peaks.arrow', 'peaks.csv', 'traces/a', 'traces/sub/b'];
    expect(files()).toEqual([...names.map((name) => `detect/a/${name}`), ...names.map((name) => `summary/${name}`)]);
    expect(read('summary/peaks.csv')).toBe('csv');
    expect(read('detect/a/traces/sub/b')).toBe('2');
  });

  test.each([
    ['copied', 'x'],
    ['linked', 'x'.repeat(16 << 20)],
  ])('no file if its blob, which would be %s, was removed by another action', async (_how, text) => {
    const { store, out, files } = project();
    const output = fileOutput(store, text, '.txt');
    const result = resultWith({ output });
    rmSync(store.blob(output.digest));
    expect(await out.show(detectA, result)).toBe('damaged');
    expect(files()).toEqual([]);
  });

  test('no file if the stored file was changed after it was hashed', async () => {
    const { store, out, files } = project();
    const output = fileOutput(store, '1', '.txt');
    store.hashed.add(output.digest);
    chmodSync(store.blob(output.digest), 0o644);
    writeFileSync(store.blob(output.digest), '2');
    expect(await out.show(summary, resultWith({ port: output }), { isFresh: true })).toBe('damaged');
    expect(files()).toEqual([]);
    expect(existsSync(store.blob(output.digest))).toBe(false);
  });

  test('the next result, and removes files that are not part of it', async () => {
    const { out, result, files, read } = project();
    await out.show(detectA, result({ peaks: '1', noise: '2' }));
    await out.show(detectA, result({ peaks: '3', rate: '4' }));
    expect(files()).toEqual(['detect/a/peaks.txt', 'detect/a/rate.txt']);
    expect(read('detect/a/peaks.txt')).toBe('3');
  });

  test('a file in place of a folder, and a folder in place of a file', async () => {
    const { store, out, files, reopened } = project();
    const one = resultWith({ port: folderOutput(store, { 'a/b': '1', c: '2' }) });
    const other = resultWith({ port: folderOutput(store, { a: '1', 'c/d': '2' }) });
    expect(await out.show(summary, one)).toBe('shown');
    expect(await out.show(summary, other)).toBe('shown');
    expect(files()).toEqual(['summary/port/a', 'summary/port/c/d']);
    expect(await reopened().show(summary, one)).toBe('shown');
    expect(files()).toEqual(['summary/port/a/b', 'summary/port/c']);
  });

  test('files under 16 MB as copies that can be edited, larger ones as links to the read-only blob', async () => {
    const { store, out, at } = project();
    const limit = 16 << 20;
    for (const [size, isCopy] of [
      [limit - 1, true],
      [limit, false],
    ] as const) {
      const output = fileOutput(store, Buffer.alloc(size), '.raw');
      expect(await out.show(summary, resultWith({ raw: output }))).toBe('shown');
      const shown = lstatSync(at('summary/raw.raw'));
      const blob = statSync(store.blob(output.digest));
      expect(shown.size).toBe(size);
      expect(shown.mode & 0o777).toBe(isCopy ? 0o644 : 0o444);
      expect(shown.ino === blob.ino).toBe(!isCopy);
    }
  });

  test('unchanged files without writing them again', async () => {
    const { out, result, at, reopened } = project();
    const one = result({ peaks: '1' });
    await out.show(detectA, one);
    const before = [blobSignature(at('detect/a/peaks.txt')), readFileSync(at(MANIFEST), 'utf8')];
    await out.show(detectA, one);
    await reopened().show(detectA, one);
    expect([blobSignature(at('detect/a/peaks.txt')), readFileSync(at(MANIFEST), 'utf8')]).toEqual(before);
  });

  test('files whose signatures it returns', async () => {
    const { store, out, at, reopened } = project();
    await out.show(detectA, resultWith({ peaks: fileOutput(store, '1', '.arrow', { '.csv': '2' }) }));
    const expected = ['detect/a/peaks.arrow', 'detect/a/peaks.csv'].map((file) => [at(file), fileSignature(at(file))]);
    expect(out.signatures(detectA)).toEqual(expected);
    expect(reopened().signatures(detectA)).toEqual(expected);
    expect(out.signatures(summary)).toEqual([]);
  });
});

describe('out/ restores', () => {
  test.each([
    ['that was deleted', (path: string) => rmSync(path, { recursive: true })],
    [
      'that was emptied',
      (path: string) => {
        for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
      },
    ],
    ['with a file gone', (path: string) => rmSync(join(path, 'detect/a/peaks.txt'))],
    ['with a file edited', (path: string) => appendFileSync(join(path, 'detect/a/peaks.txt'), 'more')],
    ['with a file edited to the same size', (path: string) => writeFileSync(join(path, 'detect/a/peaks.txt'), 'X')],
  ])('files of a folder %s', async (_, harm) => {
    const { out, result, reopened, path, read } = project();
    const one = result({ peaks: '1' });
    await out.show(detectA, one);
    out.close();
    harm(path);
    expect(await reopened().show(detectA, one)).toBe('shown');
    expect(read('detect/a/peaks.txt')).toBe('1');
  });

  test('a large file whose link was replaced', async () => {
    const { store, out, at } = project();
    const big = resultWith({ raw: fileOutput(store, Buffer.alloc(16 << 20, 7), '.raw') });
    await out.show(summary, big);
    rmSync(at('summary/raw.raw'));
    put(at('summary/raw.raw'), 'mine');
    expect(await out.show(summary, big)).toBe('shown');
    expect(statSync(at('summary/raw.raw')).size).toBe(16 << 20);
  });

  test('files after a kill at any instant, and nothing is in the way', async () => {
    const { store, out, result, path, at, read } = project();
    const before = result({ peaks: '1', noise: '1' });
    const after = result({ peaks: '2', rate: '2' });
    await out.show(detectA, before);
    const earlier = readFileSync(at(MANIFEST)).length;
    await out.show(detectA, after);
    const whole = readFileSync(at(MANIFEST));
    const listing = whole.indexOf(0x0a, earlier + 1) + 1;
    // Killed after the files were listed, and while the last line was written.
    for (const length of [listing, listing + 10, whole.length - 2]) {
      writeFileSync(at(MANIFEST), whole);
      truncateSync(at(MANIFEST), length);
      const again = open(path, store);
      expect(await again.show(detectA, after)).toBe('shown');
      expect(await again.show(detectA, before)).toBe('shown');
      expect(read('detect/a/noise.txt')).toBe('1');
      expect(existsSync(at('detect/a/rate.txt'))).toBe(false);
      expect(await again.show(detectA, after)).toBe('shown');
    }
  });
});
