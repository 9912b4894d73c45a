import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import * as digests from '../../src/files/digest.ts';
import * as fileSystems from '../../src/files/file-system.ts';
import { readJournal } from '../../src/files/journal.ts';
import { fileSignature } from '../../src/files/signature.ts';
import { openFileMemo } from '../../src/store/file-memo.ts';
import { digestOfTree } from '../../src/store/tree.ts';
import { put, temporaryFolder } from './temporary.ts';

vi.mock('../../src/files/digest.ts', async (original) => {
  const actual = await original<typeof digests>();
  return { ...actual, digestWhile: vi.fn(actual.digestWhile) };
});

vi.mock('../../src/files/file-system.ts', async (original) => {
  const actual = await original<typeof fileSystems>();
  return { ...actual, fileSystemOf: vi.fn(actual.fileSystemOf) };
});

const reads = vi.mocked(digests.digestWhile);
const { digestOf } = digests;

/** Lets every file be on this file system until the test ends. */
async function onFileSystem(fileSystem: fileSystems.FileSystem): Promise<void> {
  const actual = await vi.importActual<typeof fileSystems>('../../src/files/file-system.ts');
  const found = vi.mocked(fileSystems.fileSystemOf).mockReturnValue(fileSystem);
  onTestFinished(() => void found.mockImplementation(actual.fileSystemOf));
}

/** Makes it later, so that what the test has just written proves something. */
const later = (seconds = 1) => vi.setSystemTime(Date.now() + seconds * 1000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  later();
  reads.mockClear();
});
afterEach(() => void vi.useRealTimers());

const set = () => {
  const folder = temporaryFolder();
  return { folder, journal: join(folder, 'files.jsonl'), file: put(join(folder, 'file'), 'abc') };
};

describe('a file', () => {
  test('is read once, also by later memos, and known with its signature', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    const known = { digest: digestOf('abc'), signatures: [[file, fileSignature(file)]] };
    expect(await memo.digest(file)).toEqual(known);
    expect(await memo.digest(file)).toEqual(known);
    memo.save();
    const next = openFileMemo(journal);
    expect(await next.digest(file)).toEqual(known);
    expect(reads).toHaveBeenCalledTimes(1);
    next.save();
    memo.save();
    expect(readJournal(journal)).toHaveLength(1);
  });

  test('is read once when it is asked for many times at once', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    const all = await Promise.all(Array.from({ length: 10 }, () => memo.digest(file)));
    expect(new Set(all.map((known) => known?.digest))).toEqual(new Set([digestOf('abc')]));
    expect(reads).toHaveBeenCalledTimes(1);
  });

  test('is read again when its content changed, be its size and mtime what they were', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    const { mtime } = statSync(file);
    expect((await memo.digest(file))?.digest).toBe(digestOf('abc'));
    put(file, 'xyz');
    utimesSync(file, mtime, mtime);
    later();
    expect((await memo.digest(file))?.digest).toBe(digestOf('xyz'));
  });

  test('is known under another name', async () => {
    const { folder, journal, file } = set();
    const memo = openFileMemo(journal);
    await memo.digest(file);
    mkdirSync(join(folder, 'sub'));
    // Renaming changes ctime on most file systems: then it is read again, and right either way.
    renameSync(file, join(folder, 'sub/file'));
    expect((await memo.digest(join(folder, 'sub/file')))?.digest).toBe(digestOf('abc'));
    expect(await memo.digest(file)).toBeUndefined();
  });

  test('that is not there is nothing, until it is there', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    rmSync(file);
    expect(await memo.digest(file)).toBeUndefined();
    put(file, 'new');
    later();
    expect((await memo.digest(file))?.digest).toBe(digestOf('new'));
  });

  test('that changes while it is read is read again', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    const actual = await vi.importActual<typeof digests>('../../src/files/digest.ts');
    reads.mockImplementationOnce(async (path, stands) => {
      const digest = await actual.digestWhile(path, stands);
      put(file, 'longer than before');
      return digest;
    });
    expect((await memo.digest(file))?.digest).toBe(digestOf('longer than before'));
    expect(reads).toHaveBeenCalledTimes(2);
  });

  test('that changed just now is read once its signature proves something', async () => {
    const { journal, file } = set();
    vi.setSystemTime(statSync(file).ctime);
    const memo = openFileMemo(journal);
    expect(await memo.digest(file)).toEqual({ digest: digestOf('abc'), signatures: [[file, fileSignature(file)]] });
    await memo.digest(file);
    expect(reads).toHaveBeenCalledTimes(1);
    memo.save();
    expect(readJournal(journal)).toHaveLength(1);
  });

  test('whose file system tells of no change is read each time, and its signature proves nothing', async () => {
    const { journal, file } = set();
    await onFileSystem({ type: 0x65735546, medium: null });
    const memo = openFileMemo(journal);
    expect(await memo.digest(file)).toEqual({ digest: digestOf('abc'), signatures: [[file, null]] });
    await memo.digest(file);
    expect(reads).toHaveBeenCalledTimes(2);
    memo.save();
    expect(readJournal(journal)).toEqual([]);
  });

  test('that is written to for ever is a failure with a sentence, soon', async () => {
    const { journal, file } = set();
    const actual = await vi.importActual<typeof digests>('../../src/files/digest.ts');
    reads.mockImplementation(async (path, stands) => {
      appendFileSync(path, 'more');
      return actual.digestWhile(path, stands);
    });
    onTestFinished(() => void reads.mockImplementation(actual.digestWhile));
    await expect(openFileMemo(journal).digest(file)).rejects.toThrow(
      expect.objectContaining({ code: 'EBUSY', message: expect.stringContaining(`${file} is still being written`) }),
    );
  });

  test('is left in the middle when its reader is stopped', async () => {
    const { journal, file } = set();
    const large = put(file, Buffer.alloc(20 << 20));
    later();
    const stop = new AbortController();
    const actual = await vi.importActual<typeof digests>('../../src/files/digest.ts');
    let chunks = 0;
    reads.mockImplementationOnce((path, stands) =>
      actual.digestWhile(path, () => {
        if (chunks++ === 1) stop.abort();
        return stands();
      }),
    );
    const hashing = openFileMemo(journal, stop.signal).digest(large);
    await expect(hashing).rejects.toThrow(expect.objectContaining({ code: 'EINTR' }));
    expect(chunks).toBe(2);
  });
});

describe('a folder', () => {
  const folderSet = () => {
    const { folder, journal } = set();
    put(join(folder, 'in/a'), '1');
    put(join(folder, 'in/sub/b'), '2');
    mkdirSync(join(folder, 'in/empty'));
    return { journal, input: join(folder, 'in') };
  };

  test('has the digest of its files, each read once', async () => {
    const { journal, input } = folderSet();
    const memo = openFileMemo(journal);
    const files = [
      { path: 'a', digest: digestOf('1') },
      { path: 'sub/b', digest: digestOf('2') },
    ];
    const expected = digestOfTree({ files, emptyFolders: ['empty'] });
    expect((await memo.digest(input))?.digest).toBe(expected);
    memo.save();
    expect((await openFileMemo(journal).digest(input))?.digest).toBe(expected);
    expect(reads).toHaveBeenCalledTimes(2);
    put(join(input, 'sub/b'), '3');
    later();
    expect((await memo.digest(input))?.digest).not.toBe(expected);
    expect(reads).toHaveBeenCalledTimes(3);
  });

  test.each(['new', 'sub/new', 'empty/new'])('%s in it: some signature tells', async (name) => {
    const { journal, input } = folderSet();
    const known = await openFileMemo(journal).digest(input);
    const stand = () => known?.signatures.every(([path, signature]) => fileSignature(path) === signature);
    expect(stand()).toBe(true);
    // Past the tick in which the folder was made.
    vi.useRealTimers();
    const { ctimeNs } = statSync(join(input, name, '..'), { bigint: true });
    do put(join(input, name), '');
    while (statSync(join(input, name)).ctimeMs * 1e6 === Number(ctimeNs));
    expect(stand()).toBe(false);
  });

  test('that changed just now is read once its signatures prove something', async () => {
    const { journal, input } = folderSet();
    vi.setSystemTime(statSync(join(input, 'empty')).ctime);
    const known = await openFileMemo(journal).digest(input);
    expect(known?.signatures).toContainEqual([join(input, 'empty'), fileSignature(join(input, 'empty'))]);
    expect(known?.signatures.filter(([, signature]) => signature === null)).toEqual([]);
  });

  test('whose file system tells of no change proves nothing', async () => {
    const { journal, input } = folderSet();
    await onFileSystem({ type: 0x65735546, medium: null });
    const known = await openFileMemo(journal).digest(input);
    expect(known?.signatures.every(([, signature]) => signature === null)).toBe(true);
  });
});

test('what two memos learn at the same time is kept by both', async () => {
  const { journal, file } = set();
  const other = put(`${file}2`, 'other');
  later();
  const [one, two] = [openFileMemo(journal), openFileMemo(journal)];
  await one.digest(file);
  await two.digest(other);
  one.save();
  two.save();
  const next = openFileMemo(journal);
  await next.digest(file);
  await next.digest(other);
  expect(reads).toHaveBeenCalledTimes(2);
});

test('a journal that says everything many times over is written anew, and nothing is forgotten', async () => {
  const { journal, file } = set();
  const memo = openFileMemo(journal);
  await memo.digest(file);
  memo.save();
  const line = readFileSync(journal, 'utf8').trim();
  put(journal, `garbage\n${`${line}\n3\n["one"]\n`.repeat(400)}`);
  const next = openFileMemo(journal);
  const other = put(`${file}2`, 'other');
  later();
  await next.digest(other);
  next.save();
  const added = [expect.any(String), fileSignature(other), digestOf('other'), other, expect.any(Number)];
  expect(readJournal(journal)).toEqual([JSON.parse(line), added]);
  await openFileMemo(journal).digest(file);
  expect(reads).toHaveBeenCalledTimes(2);
});
