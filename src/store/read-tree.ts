/** Reads trees of the store from the disk. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfFile, digestOfFileSync } from '../files/digest.ts';
import { isUtf8Name } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';
import { isExecutable } from '../files/signature.ts';
import { digestOfOne, digestOfTree, type TreeFile, treeFile } from './tree.ts';

/** Digest of a blob as it lies there; null for what no result can be: a link or a pipe, or a folder that holds one. */
export async function digestAt(path: string): Promise<Digest | null> {
  const found = lstatSync(path);
  if (found.isFile()) return digestOfOne(await digestOfFile(path), isExecutable(found));
  const listed = found.isDirectory() ? plainBelow(path) : undefined;
  if (!listed) return null;
  const files: TreeFile[] = [];
  for (const file of listed.files) files.push(fileAt(path, file, await digestOfFile(join(path, file))));
  return digestOfTree({ ...listed, files });
}

/** The same, in one go. */
export function digestAtSync(path: string): Digest | null {
  const found = lstatSync(path);
  if (found.isFile()) return digestOfOne(digestOfFileSync(path), isExecutable(found));
  const listed = found.isDirectory() ? plainBelow(path) : undefined;
  if (!listed) return null;
  const files = listed.files.map((file) => fileAt(path, file, digestOfFileSync(join(path, file))));
  return digestOfTree({ ...listed, files });
}

/** Lists the entries below a folder, if a result can hold all of them. */
function plainBelow(folder: string) {
  const { files, emptyFolders, links, others } = listBelow(folder);
  const isPlain = links.length === 0 && others.length === 0 && [...files, ...emptyFolders].every(isUtf8Name);
  return isPlain ? { files, emptyFolders } : undefined;
}

const fileAt = (folder: string, path: string, digest: Digest): TreeFile =>
  treeFile(path, digest, isExecutable(lstatSync(join(folder, path))));
