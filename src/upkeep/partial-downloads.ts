/**
 * Downloads that network actions keep between attempts. A file that is also part of an output is a hard link to a blob: it
 * takes no extra space, and stays as long as the blob.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { bytesOf, spreadPaths } from '../store/inventory.ts';
import { FOLDERS } from '../store/layout.ts';

/** The kept files of an action. */
interface DownloadFolder {
  readonly path: string;
  /** Bytes that only its removal frees, not the removal of blobs. */
  readonly size: number;
}

/** Unfinished downloads: folders that share no file with a blob. */
export const unfinishedDownloads = (root: string): DownloadFolder[] => classify(root, new Set()).unfinished;

/** Folders that share files with these blobs, and with no other blob. */
export const downloadsOf = (root: string, blobs: ReadonlySet<string>): DownloadFolder[] =>
  classify(root, blobs).ofBlobs;

function classify(root: string, droppedBlobs: ReadonlySet<string>) {
  const folders = entriesIn(join(root, FOLDERS.downloads)).map(({ name }) => join(root, FOLDERS.downloads, name));
  const ofBlobs: DownloadFolder[] = [];
  const unfinished: DownloadFolder[] = [];
  if (folders.length === 0) return { ofBlobs, unfinished };
  const [dropped, staying] = [new Set<number>(), new Set<number>()];
  for (const blob of spreadPaths(root, FOLDERS.blobs)) {
    const inodes = droppedBlobs.has(blob) ? dropped : staying;
    inodes.add(lstatSync(blob).ino);
  }
  for (const path of folders) {
    const inodes = filesBelow(path).map((file) => lstatSync(join(path, file)).ino);
    if (inodes.some((inode) => staying.has(inode))) continue;
    if (inodes.some((inode) => dropped.has(inode))) ofBlobs.push({ path, size: 0 });
    else unfinished.push({ path, size: bytesOf(path) });
  }
  return { ofBlobs, unfinished };
}
