/**
 * Collects an output from the disk: a plain file, or a folder of plain files. Refuses everything else with a reason, and
 * never opens it: a link may lead to files that are not the action's, and a pipe may never end.
 */
import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfFileSync } from '../files/digest.ts';
import { isUtf8Name } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';
import { blobSignature, isExecutable } from '../files/signature.ts';
import { digestOfSingleFile, digestOfTree, treeFile } from '../store/tree.ts';
import type { OutputFile, TaskOutput } from './job.ts';

/** Returns a check that throws if the folder for outputs was moved away or replaced since this call. */
export function placeCheck(port: string, scratch: string): () => void {
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

/** Null if there is no file. Does not read the file when `written` has its digest. */
export function takeFile(port: string, path: string, extension: string, written?: Written): TaskOutput | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  if (found.isDirectory()) throw new OutputInvalid(port, 'it is a folder; write a file');
  requirePlain(port, found, '');
  if (written && written.ino !== found.ino) {
    throw new OutputInvalid(
      port,
      'another file took its place after it was written through write; use one way or the other',
    );
  }
  const file = hashedFile('', path, { isExecutable: isExecutable(found), digest: written?.digest });
  const digest = digestOfSingleFile({ digest: file.digest, executable: isExecutable(found) });
  return { kind: 'file', path, digest, extension, files: [file], emptyFolders: [], siblings: [] };
}

/** A file that was hashed while it was written. */
interface Written {
  readonly digest: Digest;
  readonly ino: number;
}

export function takeFolder(port: string, path: string): TaskOutput {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) throw new OutputInvalid(port, 'its folder was removed; leave it, and write into it');
  if (!found.isDirectory()) {
    requirePlain(port, found, '');
    throw new OutputInvalid(port, 'it is a file; write into the folder that stands there');
  }
  const { files, emptyFolders, links, others } = listBelow(path);
  const odd = [...files, ...emptyFolders, ...links, ...others].find((name) => !isUtf8Name(name));
  if (odd !== undefined) {
    throw new OutputInvalid(port, `the name of ${odd} in it is not UTF-8, and results keep names as text; rename it`);
  }
  const taken = [...links, ...others, ...files].map((file) => {
    const stat = lstatSync(join(path, file));
    requirePlain(port, stat, file);
    return hashedFile(file, join(path, file), { isExecutable: isExecutable(stat), digest: undefined });
  });
  const digest = digestOfTree({ files: taken, emptyFolders });
  return { kind: 'folder', path, digest, extension: '', files: taken, emptyFolders, siblings: [] };
}

/** Takes the signature before hashing, so that later writes are detected. */
function hashedFile(
  relative: string,
  path: string,
  known: { readonly isExecutable: boolean; readonly digest: Digest | undefined },
): OutputFile {
  const signature = blobSignature(path);
  const digest = known.digest ?? digestOfFileSync(path, 'NOFOLLOW');
  return { ...treeFile({ path: relative, digest, executable: known.isExecutable }), signature };
}

/** `within` names a file of a folder; it is empty for the output itself. */
export function requirePlain(port: string, found: Stats, within: string): void {
  if (found.isFile()) return;
  const name = within === '' ? 'it' : `${within} in it`;
  const message = found.isSymbolicLink()
    ? `${name} is a symbolic link, and its target is not part of the result; copy the target instead: cp -rL`
    : `${name} is a pipe, a socket or a device; write a regular file`;
  throw new OutputInvalid(port, message);
}

/** Thrown when an output is not as declared; ends the action. */
export class OutputInvalid extends Error {
  override readonly name = 'OutputInvalid';
  readonly port: string;

  constructor(port: string, message: string) {
    super(message);
    this.port = port;
  }
}
