import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filesBelow } from '../../src/cache/digest.ts';
import { openOutFolder, type Place } from '../../src/cache/out-folder.ts';
import { blobSignature } from '../../src/cache/signature.ts';
import type { Store } from '../../src/cache/store.ts';
import type { StoredResult } from '../../src/cache/stored-result.ts';
import { program, together } from './processes.ts';
import { fileOutput, folderOutput, put, resultWith, temporaryFolder, temporaryStore } from './temporary.ts';

const MANIFEST = '.groundwork-out.jsonl';
const detectA: Place = { step: 'detect', recording: 'a' };
const summary: Place = { step: 'summary', recording: null };

function open(path: string, store: Store) {
  const opened = openOutFolder(path, store);
  if (!opened.ok) throw new Error(opened.error.reason);
  return opened.value;
}

function project() {
  const store = temporaryStore();
  const path = join(temporaryFolder(), 'out');
  return {
    store,
    path,
    out: open(path, store),
    reopened: () => open(path, store),
    at: (file: string) => join(path, file),
    read: (file: string) => readFileSync(join(path, file), 'utf8'),
    files: () => (existsSync(path) ? filesBelow(path).filter((file) => file !== MANIFEST) : []),
    result: (outputs: { [port: string]: string }) =>
      resultWith(Object.fromEntries(Object.entries(outputs).map(([port, text]) => [port, fileOutput(store, text)]))),
  };
}

describe('shows', () => {
  test('files, folders and what stands beside a file, under step and recording', () => {
    const { store, out, files, read } = project();
    const outputs = {
      peaks: fileOutput(store, 'arrow', '.arrow', { '.csv': 'csv' }),
      traces: folderOutput(store, { a: '1', 'sub/b': '2' }),
      none: null,
    };
    expect(out.show(detectA, resultWith(outputs)).ok).toBe(true);
    expect(out.show(summary, resultWith(outputs)).ok).toBe(true);
    const names = ['peaks.arrow', 'peaks.csv', 'traces/a', 'traces/sub/b'];
    expect(files()).toEqual([...names.map((name) => `detect/a/${name}`), ...names.map((name) => `summary/${name}`)]);
    expect(read('summary/peaks.csv')).toBe('csv');
    expect(read('detect/a/traces/sub/b')).toBe('2');
  });

  test('the next result, and removes what is not part of it', () => {
    const { out, result, files, read } = project();
    out.show(detectA, result({ peaks: '1', noise: '2' }));
    out.show(detectA, result({ peaks: '3', rate: '4' }));
    expect(files()).toEqual(['detect/a/peaks.txt', 'detect/a/rate.txt']);
    expect(read('detect/a/peaks.txt')).toBe('3');
  });

  test('a file where a folder was, and a folder where a file was', () => {
    const { store, out, files, reopened } = project();
    const one = resultWith({ port: folderOutput(store, { 'a/b': '1', c: '2' }) });
    const other = resultWith({ port: folderOutput(store, { a: '1', 'c/d': '2' }) });
    expect(out.show(summary, one).ok).toBe(true);
    expect(out.show(summary, other)).toEqual({ ok: true, value: undefined });
    expect(files()).toEqual(['summary/port/a', 'summary/port/c/d']);
    expect(reopened().show(summary, one).ok).toBe(true);
    expect(files()).toEqual(['summary/port/a/b', 'summary/port/c']);
  });

  test('files under 16 MB as copies that can be edited, larger ones as links to the read-only blob', () => {
    const { store, out, at } = project();
    const limit = 16 << 20;
    for (const [size, isCopy] of [
      [limit - 1, true],
      [limit, false],
    ] as const) {
      const output = fileOutput(store, Buffer.alloc(size), '.raw');
      expect(out.show(summary, resultWith({ raw: output })).ok).toBe(true);
      const shown = lstatSync(at('summary/raw.raw'));
      const blob = statSync(store.blob(output.digest));
      expect(shown.size).toBe(size);
      expect(shown.mode & 0o777).toBe(isCopy ? 0o644 : 0o444);
      expect(shown.ino === blob.ino).toBe(!isCopy);
    }
  });

  test('nothing twice: what stands is not written again', () => {
    const { out, result, at, reopened } = project();
    const one = result({ peaks: '1' });
    out.show(detectA, one);
    const before = [blobSignature(at('detect/a/peaks.txt')), readFileSync(at(MANIFEST), 'utf8')];
    out.show(detectA, one);
    reopened().show(detectA, one);
    expect([blobSignature(at('detect/a/peaks.txt')), readFileSync(at(MANIFEST), 'utf8')]).toEqual(before);
  });

  test('signatures of all its files', () => {
    const { store, out, at, reopened } = project();
    out.show(detectA, resultWith({ peaks: fileOutput(store, '1', '.arrow', { '.csv': '2' }) }));
    const expected = ['detect/a/peaks.arrow', 'detect/a/peaks.csv'].map((file) => [at(file), blobSignature(at(file))]);
    expect(out.signatures(detectA)).toEqual(expected);
    expect(reopened().signatures(detectA)).toEqual(expected);
    expect(out.signatures(summary)).toEqual([]);
  });
});

describe('restores', () => {
  test.each([
    ['deleted', (path: string) => rmSync(path, { recursive: true })],
    ['emptied', (path: string) => readdirSync(path).forEach((name) => rmSync(join(path, name), { recursive: true }))],
    ['with a file gone', (path: string) => rmSync(join(path, 'detect/a/peaks.txt'))],
    ['with a file edited', (path: string) => appendFileSync(join(path, 'detect/a/peaks.txt'), 'more')],
    ['with a file edited to the same size', (path: string) => writeFileSync(join(path, 'detect/a/peaks.txt'), 'X')],
  ])('an out folder that was %s', (_, harm) => {
    const { out, result, reopened, path, read } = project();
    const one = result({ peaks: '1' });
    out.show(detectA, one);
    out.close();
    harm(path);
    expect(reopened().show(detectA, one).ok).toBe(true);
    expect(read('detect/a/peaks.txt')).toBe('1');
  });

  test('a large file whose link was replaced', () => {
    const { store, out, at } = project();
    const big = resultWith({ raw: fileOutput(store, Buffer.alloc(16 << 20, 7), '.raw') });
    out.show(summary, big);
    rmSync(at('summary/raw.raw'));
    put(at('summary/raw.raw'), 'mine');
    expect(out.show(summary, big).ok).toBe(true);
    expect(statSync(at('summary/raw.raw')).size).toBe(16 << 20);
  });

  test('after a kill at any instant: nothing is in the way', () => {
    const { store, out, result, path, at, read } = project();
    const before = result({ peaks: '1', noise: '1' });
    const after = result({ peaks: '2', rate: '2' });
    out.show(detectA, before);
    const earlier = readFileSync(at(MANIFEST)).length;
    out.show(detectA, after);
    const whole = readFileSync(at(MANIFEST));
    const listing = whole.indexOf(0x0a, earlier + 1) + 1;
    // Killed while the files were made (they are listed), and while the last line was written.
    for (const length of [listing, listing + 10, whole.length - 2]) {
      writeFileSync(at(MANIFEST), whole);
      truncateSync(at(MANIFEST), length);
      const again = open(path, store);
      expect(again.show(detectA, after).ok).toBe(true);
      expect(again.show(detectA, before).ok).toBe(true);
      expect(read('detect/a/noise.txt')).toBe('1');
      expect(existsSync(at('detect/a/rate.txt'))).toBe(false);
      expect(again.show(detectA, after).ok).toBe(true);
    }
  });
});

describe('removes only what it listed', () => {
  test('clear takes an action’s files and the folders that this left empty', () => {
    const { out, result, files, path, reopened } = project();
    out.show(detectA, result({ peaks: '1' }));
    out.show({ step: 'detect', recording: 'b' }, result({ peaks: '2' }));
    out.show(summary, result({ all: '3' }));
    out.clear(detectA);
    expect(files()).toEqual(['detect/b/peaks.txt', 'summary/all.txt']);
    expect(readdirSync(join(path, 'detect'))).toEqual(['b']);
    reopened().clear(detectA);
    reopened().clear(summary);
    expect(readdirSync(path).sort()).toEqual([MANIFEST, 'detect']);
  });

  test('a user’s own files and folders stay, also beside ours', () => {
    const { out, result, files, at, read } = project();
    out.show(detectA, result({ peaks: '1', noise: '1' }));
    put(at('notes.md'), 'mine');
    put(at('detect/a/peaks.png'), 'mine');
    put(at('detect/notes.md'), 'mine');
    mkdirSync(at('summary/empty'), { recursive: true });
    out.show(detectA, result({ peaks: '2' }));
    out.show(summary, result({ all: '3' }));
    out.clear(summary);
    out.clear(detectA);
    expect(files()).toEqual(['detect/a/peaks.png', 'detect/notes.md', 'notes.md']);
    expect(existsSync(at('summary/empty'))).toBe(true);
    for (const file of files()) expect(read(file)).toBe('mine');
  });

  test('whatever is shown and cleared, in whatever order, by whatever process', () => {
    const { store, path, at, read } = project();
    const mine = ['notes.md', 'one/mine', 'one/r/mine', 'two/p/mine'];
    for (const file of mine) put(at(file), file);
    const places: Place[] = [
      { step: 'one', recording: 'r' },
      { step: 'one', recording: 's' },
      { step: 'two', recording: null },
    ];
    const results: StoredResult[] = [
      resultWith({ p: fileOutput(store, '1'), q: fileOutput(store, '2') }),
      resultWith({ p: folderOutput(store, { x: '1', 'sub/y': '2' }) }),
      resultWith({ p: folderOutput(store, { sub: '1', 'x/y': '2' }), q: null }),
    ];
    const expected = [['p.txt', 'q.txt'], ['p/sub/y', 'p/x'], ['p/sub', 'p/x/y']];
    const moves = fc.array(
      fc.record({ place: fc.nat(2), result: fc.option(fc.nat(2)), reopen: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(moves, (list) => {
        let out = open(path, store);
        const shown = new Map<Place, number>();
        for (const { place, result, reopen } of list) {
          if (reopen) {
            out.close();
            out = open(path, store);
          }
          const at = places[place] as Place;
          if (result === null) out.clear(at);
          else expect(out.show(at, results[result] as StoredResult)).toEqual({ ok: true, value: undefined });
          if (result === null) shown.delete(at);
          else shown.set(at, result);
        }
        const wanted = [...shown].flatMap(([{ step, recording }, result]) =>
          (expected[result] ?? []).map((file) => join(step, recording ?? '', file)),
        );
        expect(filesBelow(path)).toEqual([...wanted, ...mine, MANIFEST].sort());
        for (const file of mine) expect(read(file)).toBe(file);
        for (const place of places) out.clear(place);
        expect(filesBelow(path)).toEqual([...mine, MANIFEST].sort());
      }),
      { numRuns: 40 },
    );
  });
});

describe('refuses', () => {
  test('a folder that holds something and was never its own, and touches nothing', () => {
    const store = temporaryStore();
    const path = temporaryFolder();
    put(join(path, 'thesis.tex'), 'all of it');
    expect(openOutFolder(path, store)).toEqual({ ok: false, error: { reason: 'out-refused', path } });
    expect(readdirSync(path)).toEqual(['thesis.tex']);
  });

  test('a file', () => {
    const path = put(join(temporaryFolder(), 'out'), 'mine');
    expect(openOutFolder(path, temporaryStore())).toEqual({ ok: false, error: { reason: 'out-refused', path } });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('but takes an empty folder, and one that is not there', () => {
    const store = temporaryStore();
    const path = temporaryFolder();
    expect(openOutFolder(path, store).ok).toBe(true);
    expect(openOutFolder(join(path, 'deep/out'), store).ok).toBe(true);
  });

  test.each([
    ['a file', 'summary/all.txt', (path: string) => put(path, 'mine')],
    ['a folder', 'summary/all.txt', (path: string) => mkdirSync(path, { recursive: true })],
    ['a dangling link', 'summary/all.txt', (path: string) => {
      mkdirSync(join(path, '..'));
      symlinkSync('nowhere', path);
    }],
    ['a file on the way', 'summary', (path: string) => put(path, 'mine')],
  ])('%s of the user’s that is in the way', (_, file, make) => {
    const { out, result, at } = project();
    make(at(file));
    const before = lstatSync(at(file));
    const shown = out.show(summary, result({ all: '1' }));
    expect(shown).toEqual({ ok: false, error: { reason: 'out-in-the-way', path: at(file) } });
    expect(lstatSync(at(file))).toEqual(before);
    rmSync(at(file), { recursive: true });
    expect(out.show(summary, result({ all: '1' })).ok).toBe(true);
  });

  test('a folder that a user has put in the place of one of our files', () => {
    const { out, result, at } = project();
    out.show(summary, result({ all: '1' }));
    rmSync(at('summary/all.txt'));
    put(at('summary/all.txt/mine'), 'mine');
    expect(out.show(summary, result({ all: '1' }))).toMatchObject({ ok: false, error: { path: at('summary/all.txt') } });
    expect(readFileSync(at('summary/all.txt/mine'), 'utf8')).toBe('mine');
  });

  test('nothing when a folder on the way is a link to a folder', () => {
    const { out, result, at } = project();
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, at('summary'));
    expect(out.show(summary, result({ all: '1' })).ok).toBe(true);
    expect(readdirSync(elsewhere)).toEqual(['all.txt']);
  });
});

describe('the manifest', () => {
  test('is passed over where it is garbled', () => {
    const { out, result, reopened, at, files } = project();
    out.show(detectA, result({ peaks: '1' }));
    appendFileSync(at(MANIFEST), 'garbage\n["summary",{"summary/x');
    const again = reopened();
    expect(again.show(summary, result({ all: '1' })).ok).toBe(true);
    again.clear(detectA);
    expect(files()).toEqual(['summary/all.txt']);
  });

  test('is written anew when it has become long, and says the same', () => {
    const { out, result, reopened, at, files } = project();
    const [one, other] = [result({ peaks: '1' }), result({ peaks: '2' })];
    for (let i = 0; i < 30; i++) {
      out.show(detectA, one);
      out.show(detectA, other);
    }
    out.show(summary, one);
    const long = readFileSync(at(MANIFEST), 'utf8').split('\n').filter(Boolean).length;
    expect(long).toBeGreaterThan(100);
    out.close();
    expect(readFileSync(at(MANIFEST), 'utf8').split('\n').filter(Boolean)).toHaveLength(2);
    const again = reopened();
    expect(again.show(detectA, one).ok).toBe(true);
    again.clear(summary);
    expect(files()).toEqual(['detect/a/peaks.txt']);
  });

  test('counts for others that have the folder open: their files are in nobody’s way', () => {
    const { store, path, out, result, files } = project();
    const other = open(path, store);
    expect(other.show(detectA, result({ peaks: '1' })).ok).toBe(true);
    expect(out.show(detectA, result({ peaks: '1' })).ok).toBe(true);
    other.close();
    out.show(detectA, result({ peaks: '2' }));
    expect(files()).toEqual(['detect/a/peaks.txt']);
  });
});

test('several processes may begin to show things at once', async () => {
  const { store, path, result, files, reopened } = project();
  rmSync(path, { recursive: true });
  const all = Array.from({ length: 20 }, (_, i) => ({
    place: { step: 'step', recording: String(i) },
    result: result({ port: String(i) }),
  }));
  const plan = put(join(store.scratch, 'plan.json'), JSON.stringify(all));
  const shower = program(`
    import { readFileSync } from 'node:fs';
    import { openOutFolder } from './cache/out-folder.ts';
    import { openStore } from './cache/store.ts';
    const [, , , root, path, plan] = process.argv;
    const store = openStore(root!);
    if (!store.ok) throw new Error('store');
    const out = openOutFolder(path!, store.value);
    if (!out.ok) throw new Error(JSON.stringify(out.error));
    for (const { place, result } of JSON.parse(readFileSync(plan!, 'utf8'))) {
      const shown = out.value.show(place, result);
      if (!shown.ok) throw new Error(JSON.stringify(shown.error));
    }
    out.value.close();
    store.value.close();
  `);
  await together(3, shower, store.root, path, plan);
  expect(files()).toHaveLength(20);
  const out = reopened();
  for (const { place } of all) out.clear(place);
  expect(files()).toEqual([]);
});
