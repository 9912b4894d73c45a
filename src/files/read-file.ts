/** Reads files of the store, of which a disk or a person may have made anything. */

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { againIfStale } from './nfs.ts';

/**
 * The bytes of a file; undefined when there is none. Never waits: a pipe would, and a device never ends. Each error
 * names the file.
 */
export function readStored(path: string): Buffer | undefined {
  try {
    return againIfStale(() => {
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

/** The same error with the file in its message: Node leaves it out where a read fails. */
function naming(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.message.includes(path)) return error;
  return Object.assign(new Error(`${error.message} '${path}'`, { cause: error }), {
    code: errorCode(error),
    path,
  });
}

const DAMAGE = new Set(['EIO', 'EISDIR', 'ELOOP', 'ENXIO', 'ENOTSUP', 'ENODEV']);

/** Whether an error says that what lies at a path is damaged: a sector that cannot be read, or no file at all. */
export const isDamage = (error: unknown): boolean => DAMAGE.has(errorCode(error));

/** The same bytes; undefined also where they are damaged, for what can be made again. */
export function readStoredIfSound(path: string): Buffer | undefined {
  try {
    return readStored(path);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
