import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionParts } from '../../src/base/action-name.ts';
import type { StoredResult } from '../../src/store/result.ts';
import { program, together } from '../store/processes.ts';
import { fileOutput, folderOutput, put, resultWith } from '../store/temporary.ts';
import { detectA, MANIFEST, open, project, summary } from './project.ts';

describe('out/ removes only listed files', () => {
  test('clear removes an action’s files and the folders that this leaves empty', async () => {
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

  test('and leaves a user’s files and folders', async () => {
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

  test('and leaves a file or folder that a user put in place of a listed file or its folder', async () => {
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

  test('and no file outside out/, even if a forged manifest lists it', async () => {
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

  test('for any sequence of showing, clearing and reopening', async () => {
    const { store, path, at, read, files } = project();
    const mine = ['notes.md', 'one/mine', 'one/r/mine', 'two/p/mine'];
    for (const file of mine) put(at(file), file);
    const places: ActionParts[] = [
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
        const shown = new Map<ActionParts, number>();
        for (const { place, result, reopen } of list) {
          if (reopen) {
            out.close();
            out = open(path, store);
          }
          const at = places[place] as ActionParts;
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

test('several processes can begin to show files in out/ at the same time', async () => {
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
      const shown = await out.show(place, result, { isFresh: false });
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
