/** Says how the file system refused, and how to fix it. */
import type { FileSystemFailure } from '../base/failure.ts';

const ADVICE: { readonly [code: string]: string } = {
  ENOSPC: 'the disk is full; free space and run again: what is done is kept',
  EDQUOT: 'the disk quota is used up; free space and run again: what is done is kept',
  EROFS: 'the file system is read-only; use another store or out folder (--store, --out)',
  EMFILE: 'too many files are open; run with fewer --jobs',
  ENFILE: 'too many files are open; run with fewer --jobs',
  ELOOP: 'a symbolic link leads back to itself; mend it',
  EIO: 'the disk does not read or write; check it',
  ESTALE: 'the file server no longer knows the file; run again',
};

const REFUSALS = new Set(['EACCES', 'EPERM']);

export function fileSystemText({ code, message }: FileSystemFailure): string {
  const [, path] = /, \w+ '([^']+)'/.exec(message) ?? [];
  if (REFUSALS.has(code)) {
    return `there is no permission for ${path ?? 'a file'}; change its owner or mode, or, if it is in the store or in out/, use another one with --store or --out (${message})`;
  }
  const advice = ADVICE[code];
  return advice === undefined ? message : `${advice} (${message})`;
}
