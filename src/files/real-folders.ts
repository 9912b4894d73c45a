/**
 * No path of a store is followed through a link below the store's root: not for writing, not for changing modes, not for
 * removal. What a link leads to is not the store's. The root itself may be a link.
 */
import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { notSupported } from './digest.ts';

/** Paths of a store are `<root>/<kind>/<name>`, or `<root>/<kind>/<two digits>/<name>` for what there is much of. */
const SPREAD = /^[0-9a-f]{2}$/;

/** Throws when a folder on the way to a path of a store is a link; one that is not there yet can still be made. */
export function requireRealFolders(path: string): void {
  const parent = dirname(path);
  requireRealFolder(parent);
  if (SPREAD.test(basename(parent))) requireRealFolder(dirname(parent));
}

function requireRealFolder(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.isDirectory()) return;
  throw notSupported(
    `${path} is a link or a file, and belongs to a store, which is not followed through links; put the folder itself there, or make the whole store a link`,
  );
}
