import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow } from '../../src/files/digest.ts';
import { whyRefused } from '../../src/out/obstacles.ts';
import { put, temporaryFolder } from '../store/temporary.ts';
import { detectA, MANIFEST, open, project, summary } from './project.ts';

describe('out/ refuses', () => {
  test('a folder with other files, and leaves them', async () => {
    const path = temporaryFolder();
    put(join(path, 'thesis.tex'), 'all of it');
    expect(whyRefused(path)).toEqual({ reason: 'out-refused', path });
    expect(readdirSync(path)).toEqual(['thesis.tex']);
  });

  test('a folder of groundwork, the earlier name of groundproof', () => {
    const path = temporaryFolder();
    put(join(path, '.groundwork-out.jsonl'), '');
    expect(whyRefused(path)).toEqual({ reason: 'earlier-name', of: 'out', path });
  });

  test('a file in place of the folder', async () => {
    const path = put(join(temporaryFolder(), 'out'), 'mine');
    expect(whyRefused(path)).toEqual({ reason: 'out-refused', path });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('neither an empty folder nor a missing folder', async () => {
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
    ['a file in place of a parent folder', 'summary', (path: string) => put(path, 'mine')],
  ])('to replace %s of the user', async (_, file, make) => {
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

  test('to replace a folder that a user put in place of a file', async () => {
    const { out, result, at } = project();
    await out.show(summary, result({ all: '1' }));
    rmSync(at('summary/all.txt'));
    put(at('summary/all.txt/mine'), 'mine');
    expect(await out.show(summary, result({ all: '1' }))).toEqual({ inTheWay: [at('summary/all.txt')] });
    expect(readFileSync(at('summary/all.txt/mine'), 'utf8')).toBe('mine');
  });

  test('to follow a link in place of a folder, to write or to remove', async () => {
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

  test('no out/ that is itself a link to another disk', async () => {
    const { store, path, result } = project();
    const disk = temporaryFolder();
    rmSync(path, { recursive: true });
    symlinkSync(disk, path);
    expect(whyRefused(path)).toBeUndefined();
    expect(await open(path, store).show(summary, result({ all: '1' }))).toBe('shown');
    expect(readFileSync(join(disk, 'summary/all.txt'), 'utf8')).toBe('1');
  });

  test('to replace several files, reports all of them, and shows the other actions', async () => {
    const { out, result, at, read } = project();
    put(at('summary/all.txt'), 'mine');
    put(at('summary/rate.txt'), 'mine');
    const inTheWay = [at('summary/all.txt'), at('summary/rate.txt')];
    expect(await out.show(summary, result({ all: '1', rate: '2' }))).toEqual({ inTheWay });
    expect(await out.show(detectA, result({ peaks: '1' }))).toBe('shown');
    expect(read('summary/rate.txt')).toBe('mine');
  });

  test.each([MANIFEST, '.groundproof-out.lock', '.groundproof-out.tmp', 'RUN.json'])(
    'a link in place of its own file %s',
    (name) => {
      const { at, path } = project();
      rmSync(at(name), { recursive: true, force: true });
      symlinkSync(temporaryFolder(), at(name));
      expect(whyRefused(path)).toEqual({ reason: 'out-in-the-way', paths: [at(name)] });
    },
  );

  test('a folder with a RUN.json of the user', async () => {
    const { out, result, at, path } = project();
    await out.show(summary, result({ all: '1' }));
    put(at('RUN.json'), '{"mine":true}');
    expect(whyRefused(path)).toEqual({ reason: 'out-in-the-way', paths: [at('RUN.json')] });
  });
});
