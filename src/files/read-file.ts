/** Reads files of the store, which a bad disk or a person may have damaged or replaced. */

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { retryIfStale } from './nfs.ts';

/** The bytes of a file; undefined if it is missing. Throws at once for a pipe or a device. Each error names the file. */
export function readStored(path: string): Buffer | undefined {
  try {
    return retryIfStale(() => {
      const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        if (!fstatSync(fd).isFile()) throw irregular(path);
        return readFileSync(fd);
      } finally {
        closeSync(fd);
      }
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw naming(path, error);
  }
}

const irregular = (path: string): Error =>
  Object.assign(new Error(`${path} is a folder, a pipe or a device where a file of the store belongs`), {
    code: 'EISDIR',
    path,
  });

/** Adds the file to the error's message: Node leaves it out if a read fails. */
function naming(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.message.includes(path)) return error;
  return Object.assign(new Error(`${error.message} '${path}'`, { cause: error }), {
    code: errorCode(error),
    path,
  });
}

const DAMAGE = new Set(['EIO', 'EISDIR', 'ELOOP', 'ENXIO', 'ENOTSUP', 'ENODEV']);

/** Whether an error means that the file is damaged: a sector cannot be read, or the path is not a regular file. */
export const isDamage = (error: unknown): boolean => DAMAGE.has(errorCode(error));

/** Like `readStored`, but undefined for a damaged file. For files that can be made again. */
export function readStoredIfSound(path: string): Buffer | undefined {
  try {
    return readStored(path);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
