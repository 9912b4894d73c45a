/**
 * Refuses links inside a store. The target of a link does not belong to the store, so the store follows none to write, to
 * remove or to change modes. The store's root itself may be a link.
 */
import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { notSupported } from './digest.ts';

/** Paths of a store are `<root>/<kind>/<name>`, or `<root>/<kind>/<two digits>/<name>` for kinds with many files. */
const SPREAD = /^[0-9a-f]{2}$/;

/** Throws if a folder that contains a path of a store is a link. A missing folder is allowed: it can still be made. */
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
