import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeChecked } from '../../src/files/checked-json.ts';
import { digestOf } from '../../src/files/digest.ts';
import { isStore } from '../../src/store/format.ts';
import { openStore } from '../../src/store/open.ts';
import { thisProcess } from '../../src/store/process.ts';
import { lookUp, writeResult } from '../../src/store/result.ts';
import { node3, openedOn } from './other-machine.ts';
import { program, together } from './processes.ts';
import { fileOutput, put, resultWith, temporaryFolder, temporaryStore } from './temporary.ts';

const reopen = (root: string) => {
  const opened = openStore(root);
  return opened.ok ? 'opened' : opened.error;
};

describe('openStore makes a store', () => {
  test('in a missing folder, and opens it again', () => {
    const root = join(temporaryFolder(), 'deep/cache');
    expect(reopen(root)).toBe('opened');
    expect(readFileSync(join(root, 'format'), 'utf8')).toBe('groundproof 1\n');
    expect(reopen(root)).toBe('opened');
  });

  test('in a folder with only a README and dot files', () => {
    const root = temporaryFolder();
    put(join(root, 'README.md'), '');
    put(join(root, '.gitignore'), '*');
    expect(reopen(root)).toBe('opened');
    expect(existsSync(join(root, '.gitignore'))).toBe(true);
  });

  test('in a folder in which a process was killed before it had written the format', () => {
    const root = temporaryFolder();
    put(join(root, 'format.123-abcd.tmp'), '');
    expect(reopen(root)).toBe('opened');
  });

  test('but refuses a folder with any other file, and leaves the file', () => {
    const root = temporaryFolder();
    put(join(root, 'holiday.jpg'), 'us');
    expect(reopen(root)).toEqual({ reason: 'store-refused', path: root });
    expect(readdirSync(root)).toEqual(['holiday.jpg']);
  });

  test('in several processes at once', async () => {
    const opener = program(`
      import { openStore } from './store/open.ts';
      const [, , , root] = process.argv;
      for (let i = 0; i < 50; i++) {
        const opened = openStore(root + '/' + i);
        if (!opened.ok) throw new Error(opened.error.reason);
        opened.value.close();
      }
    `);
    await together(4, opener, temporaryFolder());
  });
});

describe('a store whose format is lost', () => {
  const filled = () => {
    const store = temporaryStore();
    const result = resultWith({ out: fileOutput(store, 'made') });
    writeResult(store, result);
    store.close();
    return { root: store.root, result };
  };
  const format = (root: string) => join(root, 'format');

  test.each<[string, (path: string) => void]>([
    ['gone', rmSync],
    ['empty', (path) => writeFileSync(path, '')],
    ['garbled', (path) => writeFileSync(path, '\u0001\n')],
    ['a pipe', (path) => void spawnSync('sh', ['-c', 'rm "$0"; mkfifo "$0"', path])],
    ['a folder', (path) => void spawnSync('sh', ['-c', 'rm "$0"; mkdir "$0"', path])],
  ])('because it is %s is recognised by its other files and repaired', (_, damage) => {
    const { root, result } = filled();
    damage(format(root));
    expect(isStore(root)).toBe(true);
    const again = temporaryStore(root);
    expect(readFileSync(format(root), 'utf8')).toBe('groundproof 1\n');
    expect(lookUp(again, result.key)).toMatchObject({ found: { key: result.key } });
  });

  test('is recognised if it has only the record of a run, or only empty folders', () => {
    const { root } = filled();
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    mkdirSync(join(root, 'claims'));
    expect(reopen(root)).toBe('opened');
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    writeChecked(join(root, 'runs/1.json'), { run: '1' });
    expect(reopen(root)).toBe('opened');
  });

  test('is not confused with a user\u2019s folder that has names like those of a store', () => {
    const root = temporaryFolder();
    const own = ['code/main.py', 'results/42.json', 'runs/first/log.txt', 'blobs/ab/abstract.pdf', 'tmp/notes'];
    for (const path of own) put(join(root, path), 'mine');
    for (const text of [undefined, '', 'A4']) {
      if (text !== undefined) put(format(root), text);
      expect(isStore(root)).toBe(false);
      expect(reopen(root)).toEqual({ reason: 'store-refused', path: root });
    }
    for (const path of own) expect(readFileSync(join(root, path), 'utf8')).toBe('mine');
    expect(readFileSync(format(root), 'utf8')).toBe('A4');
  });
});

test('openStore refuses a store with a link in place of a folder, and leaves the target of the link', () => {
  const { root } = temporaryStore();
  const mine = temporaryFolder();
  put(join(mine, '1-1-0/letter'), 'mine');
  rmSync(join(root, 'tmp'), { recursive: true });
  symlinkSync(mine, join(root, 'tmp'));
  expect(reopen(root)).toEqual({ reason: 'store-linked', path: join(root, 'tmp') });
  expect(readFileSync(join(mine, '1-1-0/letter'), 'utf8')).toBe('mine');
});

test('openStore removes claims of killed processes, but not of live processes', () => {
  const { root } = temporaryStore();
  const { pid } = spawnSync(process.execPath, ['--version']);
  const claims = join(root, 'claims');
  put(join(claims, 'dead'), JSON.stringify({ opening: `${pid}-123-0`, nonce: 'a' }));
  put(join(claims, 'alive'), JSON.stringify({ opening: `${process.pid}-${thisProcess().started}-99`, nonce: 'b' }));
  temporaryStore(root);
  expect(readdirSync(claims)).toEqual(['alive']);
});

test('closing a store that was removed while it was open restores its format, if it has files again', () => {
  const store = temporaryStore();
  rmSync(store.root, { recursive: true });
  put(store.fileMemo, '');
  store.close();
  expect(readFileSync(join(store.root, 'format'), 'utf8')).toBe('groundproof 1\n');
  rmSync(store.root, { recursive: true });
  const other = temporaryStore(store.root);
  rmSync(store.root, { recursive: true });
  other.close();
  expect(existsSync(store.root)).toBe(false);
});

test('openStore refuses a store of groundwork, the earlier name, and leaves it', () => {
  const root = temporaryFolder();
  put(join(root, 'format'), '1\n');
  expect(reopen(root)).toEqual({ reason: 'earlier-name', of: 'store', path: root });
  expect(isStore(root)).toBe(true);
  expect(readFileSync(join(root, 'format'), 'utf8')).toBe('1\n');
});

test('openStore refuses a store of a newer format, and leaves it', () => {
  const root = temporaryFolder();
  put(join(root, 'format'), '2\n');
  expect(reopen(root)).toEqual({ reason: 'store-newer', path: root, found: '2', known: '1' });
  expect(readdirSync(root)).toEqual(['format']);
});

test('openStore removes unfinished files of killed processes, but not of live processes', () => {
  const root = temporaryStore().root;
  const { pid } = spawnSync(process.execPath, ['--version']);
  put(join(root, `tmp/${pid}-123-0/deep/half`), 'made');
  put(join(root, `tmp/${process.pid}-1-0/half`), 'of an earlier process with this number');
  put(join(root, 'tmp/what is this'), '');
  const live = `${process.pid}-${thisProcess().started}-99`;
  put(join(root, 'tmp', live, 'half'), 'made');
  const again = temporaryStore(root);
  const names = readdirSync(join(root, 'tmp'));
  expect(names).toContain(live);
  expect(names.filter((name) => name !== live).every((name) => existsSync(join(root, 'tmp', name)))).toBe(true);
  expect(names).not.toContain(`${pid}-123-0`);
  expect(names).not.toContain('what is this');
  if (thisProcess().started !== '') expect(names).not.toContain(`${process.pid}-1-0`);
  expect(existsSync(again.scratch)).toBe(true);
});

test('openStore leaves a claim that a live process is about to make', () => {
  const root = temporaryStore().root;
  // Empty until that process writes into them, so they look like claims whose text a crash lost.
  const begun = [join(root, 'claims/key.0123456789abcdef.new'), join(root, 'claims/0123456789abcdef.tmp')];
  for (const path of begun) put(path, '');
  temporaryStore(root);
  expect(begun.filter(existsSync)).toEqual(begun);
});

test('openStore leaves unfinished files of another machine until its lease is a day old', () => {
  const { root } = temporaryStore();
  const folder = openedOn(node3, root, 3600);
  temporaryStore(root);
  expect(existsSync(folder)).toBe(true);
  openedOn(node3, root, 2 * 24 * 3600);
  temporaryStore(root);
  expect(existsSync(folder)).toBe(false);
});

test('each opening has its own scratch folder, which is removed when it closes', () => {
  const one = temporaryStore();
  const other = temporaryStore(one.root);
  put(join(other.scratch, 'half'), '');
  expect(other.scratch).not.toBe(one.scratch);
  one.close();
  expect(existsSync(one.scratch)).toBe(false);
  expect(existsSync(join(other.scratch, 'half'))).toBe(true);
  other.close();
  expect(readdirSync(join(one.root, 'tmp'))).toEqual([]);
});

test('all paths of a store are different and below its root', () => {
  const store = temporaryStore();
  const digest = digestOf('');
  const key = digest as string as Parameters<typeof store.result>[0];
  const places = [
    store.blob(digest),
    store.result(key),
    store.claim(key),
    store.code(digest),
    store.checkedPipeline(digest),
    store.run(digest),
    store.last(digest),
    store.upToDate(digest),
    store.fileMemo,
    store.scratch,
  ];
  expect(new Set(places).size).toBe(places.length);
  for (const place of places) expect(place.startsWith(`${store.root}/`)).toBe(true);
  mkdirSync(join(store.root, 'blobs'));
  expect(reopen(store.root)).toBe('opened');
});
