/**
 * What actions that use the network keep between attempts. What an output shares with it is a hard link to a blob:
 * it takes no room and stays as long as the blob does.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { bytesOf, spreadPaths } from '../store/inventory.ts';
import { FOLDERS } from '../store/layout.ts';

interface Kept {
  readonly path: string;
  /** What removing it frees, besides what removing the blobs does. */
  readonly size: number;
}

/** What goes when these blobs go; and what no blob shares, if `halfMade` may go too. */
export function keptToDrop(root: string, goingBlobs: ReadonlySet<string>, halfMade: boolean): Kept[] {
  const folders = entriesIn(join(root, FOLDERS.downloads)).map(({ name }) => join(root, FOLDERS.downloads, name));
  if (folders.length === 0) return [];
  const [going, staying] = [new Set<number>(), new Set<number>()];
  for (const blob of spreadPaths(root, FOLDERS.blobs))
    (goingBlobs.has(blob) ? going : staying).add(lstatSync(blob).ino);
  return folders.flatMap((path) => {
    const inodes = filesBelow(path).map((file) => lstatSync(join(path, file)).ino);
    if (inodes.some((inode) => staying.has(inode))) return [];
    if (inodes.some((inode) => going.has(inode))) return [{ path, size: 0 }];
    return halfMade ? [{ path, size: bytesOf(path) }] : [];
  });
}
