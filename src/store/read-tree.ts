/** Computes the digests of blobs from the disk. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfFile, digestOfFileSync } from '../files/digest.ts';
import { isUtf8Name } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';
import { isExecutable } from '../files/signature.ts';
import { digestOfSingleFile, digestOfTree, type TreeFile, treeFile } from './tree.ts';

/** The digest of a blob's present content; null if no result can be like it: a link or a pipe, or a folder with either. */
export async function digestAt(path: string): Promise<Digest | null> {
  const found = lstatSync(path);
  if (found.isFile()) return digestOfSingleFile({ digest: await digestOfFile(path), executable: isExecutable(found) });
  const listed = found.isDirectory() ? plainBelow(path) : undefined;
  if (!listed) return null;
  const files: TreeFile[] = [];
  for (const file of listed.files) files.push(fileAt(path, file, await digestOfFile(join(path, file))));
  return digestOfTree({ ...listed, files });
}

/** Like `digestAt`, but synchronous. */
export function digestAtSync(path: string): Digest | null {
  const found = lstatSync(path);
  if (found.isFile()) return digestOfSingleFile({ digest: digestOfFileSync(path), executable: isExecutable(found) });
  const listed = found.isDirectory() ? plainBelow(path) : undefined;
  if (!listed) return null;
  const files = listed.files.map((file) => fileAt(path, file, digestOfFileSync(join(path, file))));
  return digestOfTree({ ...listed, files });
}

/** Lists a folder; undefined if it has entries that no result can have. */
function plainBelow(folder: string) {
  const { files, emptyFolders, links, others } = listBelow(folder);
  const isPlain = links.length === 0 && others.length === 0 && [...files, ...emptyFolders].every(isUtf8Name);
  return isPlain ? { files, emptyFolders } : undefined;
}

const fileAt = (folder: string, path: string, digest: Digest): TreeFile =>
  treeFile({ path, digest, executable: isExecutable(lstatSync(join(folder, path))) });
