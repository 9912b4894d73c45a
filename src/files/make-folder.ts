import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { shareFolder } from './group-access.ts';

/**
 * Makes a folder and its missing parents. Node's own `recursive` reports a misleading ENOENT on a read-only disk and for
 * dangling links.
 */
export function makeFolder(path: string, attempts = 10): void {
  try {
    mkdirSync(path);
    shareFolder(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    if (code === 'EEXIST' && lstatSync(path, { throwIfNoEntry: false })) {
      throw refusal('ENOTDIR', `${path} is not a folder, or is a link to a missing folder; move it away`);
    }
    if ((code !== 'ENOENT' && code !== 'EEXIST') || dirname(path) === path) throw error;
    // Try again, since another process may have removed an empty parent just now. Under /proc, each attempt fails.
    if (attempts === 0) throw refusal('ENOTSUP', `no folder can be made at ${path}`);
    makeFolder(dirname(path));
    makeFolder(path, attempts - 1);
  }
}

const refusal = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Makes a file; if its folder is missing, makes that and tries again. Checking first would cost as much as making the file. */
export function inFolder<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    return make();
  }
}
