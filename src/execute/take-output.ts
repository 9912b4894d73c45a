/**
 * Takes from the disk what an action made: plain files, and folders of plain files. Everything else is refused with a
 * sentence that says why, and never opened: what a link leads to is not the action's, and a pipe may never end.
 */
import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { below } from '../files/below.ts';
import { type Digest, digestOfFileSync } from '../files/digest.ts';
import { isUtf8Name } from '../files/file-names.ts';
import { blobSignature, isExecutable } from '../files/signature.ts';
import { digestOfOne, digestOfTree, treeFile } from '../store/tree.ts';
import type { MadeFile, MadeOutput } from './job.ts';

/** Throws unless the folder in which outputs are made is the one that it was when this was called first. */
export function stayingPut(port: string, scratch: string): () => void {
  const place = () => {
    const { dev, ino } = lstatSync(scratch);
    return `${dev}:${ino}:${realpathSync.native(scratch)}`;
  };
  const before = place();
  return () => {
    const isThere = lstatSync(scratch, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isThere && place() === before) return;
    throw new OutputInvalid(
      port,
      'the folder in which it was to be made was moved away or replaced; leave that folder in place',
    );
  };
}

/** Null when there is nothing; `known` is a digest that was found while the file was written. */
export function takeFile(port: string, path: string, extension: string, known?: Written): MadeOutput | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  if (found.isDirectory()) throw new OutputInvalid(port, 'it is a folder; write a file');
  requirePlain(port, found, '');
  if (known && known.ino !== found.ino) {
    throw new OutputInvalid(
      port,
      'another file took its place after it was written through write; use one way or the other',
    );
  }
  const file = { ...made('', path, isExecutable(found), known?.digest) };
  const digest = digestOfOne(file.digest, isExecutable(found));
  return { kind: 'file', path, digest, extension, files: [file], emptyFolders: [], siblings: [] };
}

interface Written {
  readonly digest: Digest;
  readonly ino: number;
}

export function takeFolder(port: string, path: string): MadeOutput {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) throw new OutputInvalid(port, 'its folder was removed; leave it, and write into it');
  if (!found.isDirectory()) {
    requirePlain(port, found, '');
    throw new OutputInvalid(port, 'it is a file; write into the folder that stands there');
  }
  const { files, emptyFolders, links, others } = below(path);
  const odd = [...files, ...emptyFolders, ...links, ...others].find((name) => !isUtf8Name(name));
  if (odd !== undefined) {
    throw new OutputInvalid(port, `the name of ${odd} in it is not UTF-8, and results keep names as text; rename it`);
  }
  const taken = [...links, ...others, ...files].map((file) => {
    const stat = lstatSync(join(path, file));
    requirePlain(port, stat, file);
    return made(file, join(path, file), isExecutable(stat));
  });
  const digest = digestOfTree({ files: taken, emptyFolders });
  return { kind: 'folder', path, digest, extension: '', files: taken, emptyFolders, siblings: [] };
}

/** The signature is from before the file was hashed, so that later writes are seen. */
function made(relative: string, path: string, executable: boolean, known?: Digest): MadeFile {
  const signature = blobSignature(path);
  return { ...treeFile(relative, known ?? digestOfFileSync(path, 'NOFOLLOW'), executable), signature };
}

/** `within` names a file of a folder; it is empty for the output itself. */
function requirePlain(port: string, found: Stats, within: string): void {
  if (found.isFile()) return;
  const what = within === '' ? 'it' : `${within} in it`;
  const message = found.isSymbolicLink()
    ? `${what} is a symbolic link, and what it leads to is not part of the result; copy that instead: cp -rL`
    : `${what} is a pipe, a socket or a device; write a regular file`;
  throw new OutputInvalid(port, message);
}

/** Thrown out of a task's `write` when what it writes is not what it declared; ends the action. */
export class OutputInvalid extends Error {
  override readonly name = 'OutputInvalid';
  readonly port: string;

  constructor(port: string, message: string) {
    super(message);
    this.port = port;
  }
}
