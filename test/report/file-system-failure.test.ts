import { expect, test } from 'vitest';
import { fileSystemFailure } from '../../src/base/failure.ts';
import { fileSystemText } from '../../src/report/file-system-failure.ts';

test('fileSystemText says how the file system refused and how to fix it', () => {
  const codes = ['EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE', 'EIO', 'EFBIG', 'ENAMETOOLONG'];
  const text = (code: string) => fileSystemText({ reason: 'file-system', code, message: `${code}: open 'x'` });
  expect(`\n${codes.map(text).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    the disk quota is used up; free space and run again: what is done is kept (EDQUOT: open 'x')
    there is no permission for a file; change its owner or mode, or, if it is in the store or in out/, use another one with --store or --out (EACCES: open 'x')
    there is no permission for a file; change its owner or mode, or, if it is in the store or in out/, use another one with --store or --out (EPERM: open 'x')
    the file system is read-only; use another store or out folder (--store, --out) (EROFS: open 'x')
    too many files are open; run with fewer --jobs (EMFILE: open 'x')
    too many files are open; run with fewer --jobs (ENFILE: open 'x')
    the disk does not read or write; check it (EIO: open 'x')
    EFBIG: open 'x'
    ENAMETOOLONG: open 'x'
    "
  `);
});

test('fileSystemFailure accepts errors of the file system and no other errors', () => {
  const error = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(fileSystemFailure(error)).toEqual({ reason: 'file-system', code: 'EACCES', message: error.message });
  for (const bug of [new Error('x'), Object.assign(new Error('x'), { code: 'ERR_ASSERTION' }), 'EACCES', null]) {
    expect(fileSystemFailure(bug)).toBeUndefined();
  }
});
