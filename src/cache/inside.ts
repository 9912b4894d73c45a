import { isAbsolute } from 'node:path';

/** Whether a relative path, from a file that somebody else may have written, stays below the folder it is joined to. */
export const isInside = (path: string): boolean => !isAbsolute(path) && !path.split('/').includes('..');
