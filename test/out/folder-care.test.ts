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
import { filesBelow } from '../../src/files/digest.ts';
import type { Place } from '../../src/out/folder.ts';
import { whyRefused } from '../../src/out/obstacles.ts';
import type { StoredResult } from '../../src/store/result.ts';
import { program, together } from '../store/processes.ts';
import { fileOutput, folderOutput, put, resultWith, temporaryFolder } from '../store/temporary.ts';
import { detectA, MANIFEST, open, project, summary } from './project.ts';

describe('removes only what it listed', () => {
  test('clear takes an action’s files and the folders that this left empty', async () => {
    const { out, result, files, path, reopened } = project();
    await out.show(detectA, result({ peaks: '1' }));
    await out.show({ step: 'detect', recording: 'b' }, result({ peaks: '2' }));
    await out.show(summary, result({ all: '3' }));
    out.clear(detectA);
    expect(files()).toEqual(['detect/b/peaks.txt', 'summary/all.txt']);
    expect(readdirSync(join(path, 'detect'))).toEqual(['b']);
    reopened().clear(detectA);
    reopened().clear(summary);
    expect(readdirSync(path).filter((name) => !name.startsWith('.'))).toEqual(['detect']);
  });

  test('a user’s own files and folders stay, also beside ours', async () => {
    const { out, result, files, at, read } = project();
    await out.show(detectA, result({ peaks: '1', noise: '1' }));
    put(at('notes.md'), 'mine');
    put(at('detect/a/peaks.png'), 'mine');
    put(at('detect/notes.md'), 'mine');
    mkdirSync(at('summary/empty'), { recursive: true });
    await out.show(detectA, result({ peaks: '2' }));
    await out.show(summary, result({ all: '3' }));
    out.clear(summary);
    out.clear(detectA);
    expect(files()).toEqual(['detect/a/peaks.png', 'detect/notes.md', 'notes.md']);
    expect(existsSync(at('summary/empty'))).toBe(true);
    for (const file of files()) expect(read(file)).toBe('mine');
  });

  test('what a user has put in the place of a listed file, or of its folder, stays', async () => {
    const { out, result, files, at } = project();
    await out.show(summary, result({ all: '1', rate: '1' }));
    await out.show(detectA, result({ peaks: '1' }));
    rmSync(at('summary/all.txt'));
    put(at('summary/all.txt/mine'), 'mine');
    rmSync(at('detect'), { recursive: true });
    put(at('detect'), 'mine');
    expect(await out.show(summary, result({ rate: '2' }))).toBe('shown');
    out.clear(detectA);
    expect(files()).toEqual(['detect', 'summary/all.txt/mine', 'summary/rate.txt']);
  });

  test('nothing outside, whatever a forged manifest lists', async () => {
    const { out, result, path, at, reopened, files } = project();
    await out.show(detectA, result({ peaks: '1' }));
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

  test('whatever is shown and cleared, in whatever order, by whatever process', async () => {
    const { store, path, at, read, files } = project();
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
    await fc.assert(
      fc.asyncProperty(moves, async (list) => {
        let out = open(path, store);
        const shown = new Map<Place, number>();
        for (const { place, result, reopen } of list) {
          if (reopen) {
            out.close();
            out = open(path, store);
          }
          const at = places[place] as Place;
          if (result === null) out.clear(at);
          else expect(await out.show(at, results[result] as StoredResult)).toBe('shown');
          if (result === null) shown.delete(at);
          else shown.set(at, result);
        }
        const wanted = [...shown].flatMap(([{ step, recording }, result]) =>
          (expected[result] ?? []).map((file) => join(step, recording ?? '', file)),
        );
        expect(files()).toEqual([...wanted, ...mine].sort());
        for (const file of mine) expect(read(file)).toBe(file);
        for (const place of places) out.clear(place);
        expect(files()).toEqual([...mine].sort());
      }),
      { numRuns: 40 },
    );
  });
});

describe('refuses', () => {
  test('a folder that holds something and was never its own, and touches nothing', async () => {
    const path = temporaryFolder();
    put(join(path, 'thesis.tex'), 'all of it');
    expect(whyRefused(path)).toEqual({ reason: 'out-refused', path });
    expect(readdirSync(path)).toEqual(['thesis.tex']);
  });

  test('a folder that groundwork wrote, the earlier name of groundproof', () => {
    const path = temporaryFolder();
    put(join(path, '.groundwork-out.jsonl'), '');
    expect(whyRefused(path)).toEqual({ reason: 'earlier-name', of: 'out', path });
  });

  test('a file', async () => {
    const path = put(join(temporaryFolder(), 'out'), 'mine');
    expect(whyRefused(path)).toEqual({ reason: 'out-refused', path });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('but takes an empty folder, and one that is not there', async () => {
    const path = temporaryFolder();
    expect(whyRefused(path)).toBeUndefined();
    expect(whyRefused(join(path, 'deep/out'))).toBeUndefined();
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
  ])('%s of the user’s that is in the way', async (_, file, make) => {
    const { out, result, at } = project();
    make(at(file));
    const identity = () => [lstatSync(at(file)).ino, lstatSync(at(file)).mtimeMs, lstatSync(at(file)).ctimeMs];
    const before = identity();
    const shown = await out.show(summary, result({ all: '1' }));
    expect(shown).toEqual({ inTheWay: [at(file)] });
    expect(identity()).toEqual(before);
    rmSync(at(file), { recursive: true });
    expect(await out.show(summary, result({ all: '1' }))).toBe('shown');
  });

  test('a folder that a user has put in the place of one of our files', async () => {
    const { out, result, at } = project();
    await out.show(summary, result({ all: '1' }));
    rmSync(at('summary/all.txt'));
    put(at('summary/all.txt/mine'), 'mine');
    expect(await out.show(summary, result({ all: '1' }))).toEqual({ inTheWay: [at('summary/all.txt')] });
    expect(readFileSync(at('summary/all.txt/mine'), 'utf8')).toBe('mine');
  });

  test('a link where a folder should be, and follows it neither to write nor to remove', async () => {
    const { out, result, at } = project();
    await out.show(detectA, result({ peaks: '1' }));
    const elsewhere = temporaryFolder();
    put(join(elsewhere, 'a/peaks.txt'), 'mine');
    rmSync(at('detect'), { recursive: true });
    symlinkSync(elsewhere, at('detect'));
    symlinkSync(elsewhere, at('summary'));
    expect(await out.show(summary, result({ all: '1' }))).toEqual({ inTheWay: [at('summary')] });
    expect(await out.show(detectA, result({ peaks: '2' }))).toEqual({ inTheWay: [at('detect')] });
    expect(await out.show(detectA, result({ rate: '2' }))).toEqual({ inTheWay: [at('detect')] });
    out.clear(detectA);
    expect(filesBelow(elsewhere)).toEqual(['a/peaks.txt']);
    expect(readFileSync(join(elsewhere, 'a/peaks.txt'), 'utf8')).toBe('mine');
  });

  test('nothing when out/ itself is a link to another disk', async () => {
    const { store, path, result } = project();
    const disk = temporaryFolder();
    rmSync(path, { recursive: true });
    symlinkSync(disk, path);
    expect(whyRefused(path)).toBeUndefined();
    expect(await open(path, store).show(summary, result({ all: '1' }))).toBe('shown');
    expect(readFileSync(join(disk, 'summary/all.txt'), 'utf8')).toBe('1');
  });

  test('all that is in the way at once, and shows what can be shown', async () => {
    const { out, result, at, read } = project();
    put(at('summary/all.txt'), 'mine');
    put(at('summary/rate.txt'), 'mine');
    const inTheWay = [at('summary/all.txt'), at('summary/rate.txt')];
    expect(await out.show(summary, result({ all: '1', rate: '2' }))).toEqual({ inTheWay });
    expect(await out.show(detectA, result({ peaks: '1' }))).toBe('shown');
    expect(read('summary/rate.txt')).toBe('mine');
  });

  test.each([MANIFEST, '.groundproof-out.lock', '.groundproof-out.tmp', 'RUN.json'])(
    'a link in the place of its own %s',
    (name) => {
      const { at, path } = project();
      rmSync(at(name), { recursive: true, force: true });
      symlinkSync(temporaryFolder(), at(name));
      expect(whyRefused(path)).toEqual({ reason: 'out-in-the-way', paths: [at(name)] });
    },
  );

  test('a RUN.json of the user’s', async () => {
    const { out, result, at, path } = project();
    await out.show(summary, result({ all: '1' }));
    put(at('RUN.json'), '{"mine":true}');
    expect(whyRefused(path)).toEqual({ reason: 'out-in-the-way', paths: [at('RUN.json')] });
  });
});

describe('the manifest', () => {
  test('is passed over where it is garbled', async () => {
    const { out, result, reopened, at, files } = project();
    await out.show(detectA, result({ peaks: '1' }));
    appendFileSync(at(MANIFEST), 'garbage\n["summary",{"summary/x');
    const again = reopened();
    expect(await again.show(summary, result({ all: '1' }))).toBe('shown');
    again.clear(detectA);
    expect(files()).toEqual(['summary/all.txt']);
  });

  test('is written anew when it has become long, and says the same', async () => {
    const { out, result, reopened, at, files } = project();
    const [one, other] = [result({ peaks: '1' }), result({ peaks: '2' })];
    for (let i = 0; i < 30; i++) {
      await out.show(detectA, one);
      await out.show(detectA, other);
    }
    await out.show(summary, one);
    const entries = () => readFileSync(at(MANIFEST), 'utf8').split('\n').filter(Boolean).length;
    expect(entries()).toBeGreaterThan(100);
    out.close();
    const again = reopened();
    expect(entries()).toBe(2);
    expect(await again.show(detectA, one)).toBe('shown');
    again.clear(summary);
    expect(files()).toEqual(['detect/a/peaks.txt']);
  });

  test('counts for others that have the folder open: their files are in nobody’s way', async () => {
    const { store, path, out, result, files } = project();
    const other = open(path, store);
    expect(await other.show(detectA, result({ peaks: '1' }))).toBe('shown');
    expect(await out.show(detectA, result({ peaks: '1' }))).toBe('shown');
    other.close();
    await out.show(detectA, result({ peaks: '2' }));
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
    import { dirname, join } from 'node:path';
    import { openOutFolder } from './out/folder.ts';
    import { lockOut } from './out/lock.ts';
    import { openStore } from './store/open.ts';
    const [, , , root, path, plan] = process.argv;
    const store = openStore(root!);
    if (!store.ok) throw new Error('store');
    const lock = await lockOut(path!, new AbortController().signal, () => {});
    if (!lock) throw new Error('no lock');
    const pipeline = join(dirname(path!), 'pipeline.yaml');
    const out = openOutFolder({ root: path!, store: store.value, pipeline, run: 'run', ...lock });
    for (const { place, result } of JSON.parse(readFileSync(plan!, 'utf8'))) {
      const shown = await out.show(place, result, false);
      if (shown !== 'shown') throw new Error(JSON.stringify(shown));
    }
    out.close();
    lock.release();
    store.value.close();
  `);
  await together(3, shower, store.root, path, plan);
  expect(files()).toHaveLength(20);
  const out = reopened();
  for (const { place } of all) out.clear(place);
  expect(files()).toEqual([]);
});
