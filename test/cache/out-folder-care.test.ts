import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filesBelow } from '../../src/cache/digest.ts';
import { openOutFolder, type Place } from '../../src/cache/out-folder.ts';
import type { StoredResult } from '../../src/cache/stored-result.ts';
import { detectA, MANIFEST, open, project, summary } from './out-project.ts';
import { program, together } from './processes.ts';
import { fileOutput, folderOutput, put, resultWith, temporaryFolder, temporaryStore } from './temporary.ts';

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

  test('what a user has put in the place of a listed file, or of its folder, stays', () => {
    const { out, result, files, at } = project();
    out.show(summary, result({ all: '1', rate: '1' }));
    out.show(detectA, result({ peaks: '1' }));
    rmSync(at('summary/all.txt'));
    put(at('summary/all.txt/mine'), 'mine');
    rmSync(at('detect'), { recursive: true });
    put(at('detect'), 'mine');
    expect(out.show(summary, result({ rate: '2' })).ok).toBe(true);
    out.clear(detectA);
    expect(files()).toEqual(['detect', 'summary/all.txt/mine', 'summary/rate.txt']);
  });

  test('nothing outside, whatever a forged manifest lists', () => {
    const { out, result, path, at, reopened, files } = project();
    out.show(detectA, result({ peaks: '1' }));
    const outside = put(join(path, '../mine'), 'mine');
    for (const line of [
      null,
      5,
      'x',
      ['x'],
      ['x', null],
      ['x', { a: null }],
      ['detect@a', { '../mine': {} }],
      ['detect@a', { [outside]: {} }],
    ]) {
      appendFileSync(at(MANIFEST), `${JSON.stringify(line)}\n`);
    }
    reopened().clear(detectA);
    expect(readdirSync(join(path, '..'))).toContain('mine');
    expect(files()).toEqual([]);
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
    const expected = [
      ['p.txt', 'q.txt'],
      ['p/sub/y', 'p/x'],
      ['p/sub', 'p/x/y'],
    ];
    const moves = fc.array(fc.record({ place: fc.nat(2), result: fc.option(fc.nat(2)), reopen: fc.boolean() }), {
      maxLength: 12,
    });
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
    [
      'a dangling link',
      'summary/all.txt',
      (path: string) => {
        mkdirSync(join(path, '..'));
        symlinkSync('nowhere', path);
      },
    ],
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
    expect(out.show(summary, result({ all: '1' }))).toMatchObject({
      ok: false,
      error: { path: at('summary/all.txt') },
    });
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

  test('is written anew when it has become long and nobody else may append to it, and says the same', () => {
    const { store, out, result, reopened, at, files } = project();
    const [one, other] = [result({ peaks: '1' }), result({ peaks: '2' })];
    for (let i = 0; i < 30; i++) {
      out.show(detectA, one);
      out.show(detectA, other);
    }
    out.show(summary, one);
    const entries = () => readFileSync(at(MANIFEST), 'utf8').split('\n').filter(Boolean).length;
    const long = entries();
    expect(long).toBeGreaterThan(100);
    const user = temporaryStore(store.root);
    out.close();
    expect(entries()).toBe(long);
    user.close();
    out.close();
    expect(entries()).toBe(2);
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
