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

/** Simulates this file system for every file until the test ends. */
async function onFileSystem(fileSystem: fileSystems.FileSystem): Promise<void> {
  const actual = await vi.importActual<typeof fileSystems>('../../src/files/file-system.ts');
  const found = vi.mocked(fileSystems.fileSystemOf).mockReturnValue(fileSystem);
  onTestFinished(() => void found.mockImplementation(actual.fileSystemOf));
}

/** Advances the clock, so that the signatures of files that the test has just written prove their content. */
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

describe('the memo of a file', () => {
  test('reads the file once, also for later memos, and returns its signature', async () => {
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

  test('reads the file once for many requests at the same time', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    const all = await Promise.all(Array.from({ length: 10 }, () => memo.digest(file)));
    expect(new Set(all.map((known) => known?.digest))).toEqual(new Set([digestOf('abc')]));
    expect(reads).toHaveBeenCalledTimes(1);
  });

  test('reads the file again if its content changed but not its size and mtime', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    const { mtime } = statSync(file);
    expect((await memo.digest(file))?.digest).toBe(digestOf('abc'));
    put(file, 'xyz');
    utimesSync(file, mtime, mtime);
    later();
    expect((await memo.digest(file))?.digest).toBe(digestOf('xyz'));
  });

  test('returns the right digest after the file was renamed', async () => {
    const { folder, journal, file } = set();
    const memo = openFileMemo(journal);
    await memo.digest(file);
    mkdirSync(join(folder, 'sub'));
    // Renaming changes ctime on most file systems. Then the file is read again, which is also correct.
    renameSync(file, join(folder, 'sub/file'));
    expect((await memo.digest(join(folder, 'sub/file')))?.digest).toBe(digestOf('abc'));
    expect(await memo.digest(file)).toBeUndefined();
  });

  test('returns undefined for a missing file, and a digest after it was made', async () => {
    const { journal, file } = set();
    const memo = openFileMemo(journal);
    rmSync(file);
    expect(await memo.digest(file)).toBeUndefined();
    put(file, 'new');
    later();
    expect((await memo.digest(file))?.digest).toBe(digestOf('new'));
  });

  test('reads the file again if it changes while it is read', async () => {
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

  test('waits until the signature of a new file proves its content', async () => {
    const { journal, file } = set();
    vi.setSystemTime(statSync(file).ctime);
    const memo = openFileMemo(journal);
    expect(await memo.digest(file)).toEqual({ digest: digestOf('abc'), signatures: [[file, fileSignature(file)]] });
    await memo.digest(file);
    expect(reads).toHaveBeenCalledTimes(1);
    memo.save();
    expect(readJournal(journal)).toHaveLength(1);
  });

  test('reads the file each time on a file system without reliable times, and returns no signature', async () => {
    const { journal, file } = set();
    await onFileSystem({ type: 0x65735546, medium: null });
    const memo = openFileMemo(journal);
    expect(await memo.digest(file)).toEqual({ digest: digestOf('abc'), signatures: [[file, null]] });
    await memo.digest(file);
    expect(reads).toHaveBeenCalledTimes(2);
    memo.save();
    expect(readJournal(journal)).toEqual([]);
  });

  test('fails soon for a file that is written all the time', async () => {
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

  test('stops in the middle of a file when its signal aborts', async () => {
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

describe('the memo of a folder', () => {
  const folderSet = () => {
    const { folder, journal } = set();
    put(join(folder, 'in/a'), '1');
    put(join(folder, 'in/sub/b'), '2');
    mkdirSync(join(folder, 'in/empty'));
    return { journal, input: join(folder, 'in') };
  };

  test('returns the digest of the tree, and reads each file once', async () => {
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

  test.each(['new', 'sub/new', 'empty/new'])('returns a signature that changes when %s is made', async (name) => {
    const { journal, input } = folderSet();
    const known = await openFileMemo(journal).digest(input);
    const stand = () => known?.signatures.every(([path, signature]) => fileSignature(path) === signature);
    expect(stand()).toBe(true);
    // Until after the clock tick in which the folder was made.
    vi.useRealTimers();
    const { ctimeNs } = statSync(join(input, name, '..'), { bigint: true });
    do put(join(input, name), '');
    while (statSync(join(input, name)).ctimeMs * 1e6 === Number(ctimeNs));
    expect(stand()).toBe(false);
  });

  test('waits until the signatures of a new folder prove its content', async () => {
    const { journal, input } = folderSet();
    vi.setSystemTime(statSync(join(input, 'empty')).ctime);
    const known = await openFileMemo(journal).digest(input);
    expect(known?.signatures).toContainEqual([join(input, 'empty'), fileSignature(join(input, 'empty'))]);
    expect(known?.signatures.filter(([, signature]) => signature === null)).toEqual([]);
  });

  test('returns no signatures on a file system without reliable times', async () => {
    const { journal, input } = folderSet();
    await onFileSystem({ type: 0x65735546, medium: null });
    const known = await openFileMemo(journal).digest(input);
    expect(known?.signatures.every(([, signature]) => signature === null)).toBe(true);
  });
});

test('the digests of two memos that save at the same time are both stored', async () => {
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

test('saving drops repeated lines and garbage from the journal, and no digest', async () => {
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
