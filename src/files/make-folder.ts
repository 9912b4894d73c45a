import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { shareFolder } from './group-access.ts';

/**
 * Makes a folder and those above it. Node's own `recursive` says that a path is missing (ENOENT) where the disk is
 * read-only or where a symbolic link leads nowhere, which are other things.
 */
export function makeFolder(path: string, attempts = 10): void {
  try {
    mkdirSync(path);
    shareFolder(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    if (code === 'EEXIST' && lstatSync(path, { throwIfNoEntry: false })) {
      throw refusal('ENOTDIR', `${path} is no folder, or a link to one that is not there; move it away`);
    }
    if ((code !== 'ENOENT' && code !== 'EEXIST') || dirname(path) === path) throw error;
    // Another process may have removed an empty folder just now; but in some places, such as /proc, none can be made.
    if (attempts === 0) throw refusal('ENOTSUP', `no folder can be made at ${path}`);
    makeFolder(dirname(path));
    makeFolder(path, attempts - 1);
  }
}

const refusal = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Makes a file, and its folder where that is missing: most often it is not, and to ask each time costs as much as the file. */
export function inFolder<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    return make();
  }
}
