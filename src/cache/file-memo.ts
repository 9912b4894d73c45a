/** Remembers the digests of users' files by signature, so that a 2 GB archive is hashed once. */
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { below } from './below.ts';
import { type Digest, digestOfFile, notSupported } from './digest.ts';
import { systemPath } from './file-names.ts';
import { readJournal } from './journal.ts';
import { fileSignature, fileState, isRacy, type Signature } from './signature.ts';
import { digestOfOne, digestOfTree, treeFile } from './tree.ts';
import { writeAside } from './write-aside.ts';

export interface FileMemo {
  /**
   * Digest of a file or folder and the signatures that it rests on (of a folder: its files and folders, whose
   * times tell of new names); undefined when there is nothing there. A signature is null where the file
   * changed so recently that it proves nothing.
   */
  digest(path: string): Promise<Known | undefined>;
  /** Keeps what was learnt. */
  save(): void;
}

export interface Known {
  readonly digest: Digest;
  readonly signatures: readonly (readonly [path: string, signature: Signature | null])[];
}

interface Read {
  readonly content: Digest;
  readonly executable: boolean;
  readonly signature: readonly [path: string, signature: Signature | null];
}

/** A file that is gone again is no part of its folder. A link that leads nowhere is there, and stands for no content. */
function requireNoLink(path: string): void {
  if (!lstatSync(systemPath(path), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw notSupported(
    `${path} is a link to ${readlinkSync(systemPath(path))}, which is not there; mend or remove the link`,
  );
}

function readKnown(path: string): Map<Signature, Digest> {
  const known = new Map<Signature, Digest>();
  for (const entry of readJournal(path)) {
    if (Array.isArray(entry) && entry.length === 2) known.set(entry[0] as Signature, entry[1] as Digest);
  }
  return known;
}

export function openFileMemo(path: string): FileMemo {
  const known = readKnown(path);
  const learnt: [Signature, Digest][] = [];
  const underway = new Map<string, Promise<Known | undefined>>();

  async function readOne(file: string): Promise<Read | undefined> {
    const state = fileState(file);
    if (state === undefined) return undefined;
    const { signature, executable } = state;
    const remembered = known.get(signature);
    if (remembered !== undefined) return { content: remembered, executable, signature: [file, signature] };
    const racy = isRacy(file);
    const content = await digestOfFile(file);
    // It changed while it was read: hash what is there now.
    if (fileSignature(file) !== signature) return readOne(file);
    if (!racy) {
      known.set(signature, content);
      learnt.push([signature, content]);
    }
    return { content, executable, signature: [file, racy ? null : signature] };
  }

  async function digestOne(file: string): Promise<Known | undefined> {
    const read = await readOne(file);
    return read && { digest: digestOfOne(read.content, read.executable), signatures: [read.signature] };
  }

  async function digestFolder(folder: string): Promise<Known> {
    const signatures: (readonly [string, Signature | null])[] = [];
    const { files, emptyFolders, links, others } = below(folder, (path) =>
      signatures.push([path, isRacy(path) ? null : (fileSignature(path) ?? null)]),
    );
    const parts = [];
    // A pipe or a device is refused when its digest is asked for.
    for (const path of [...files, ...links, ...others]) {
      const read = await readOne(join(folder, path));
      if (read) {
        parts.push(treeFile(path, read.content, read.executable));
        signatures.push(read.signature);
      } else requireNoLink(join(folder, path));
    }
    return { digest: digestOfTree({ files: parts, emptyFolders }), signatures };
  }

  return {
    digest(file) {
      let result = underway.get(file);
      if (!result) {
        const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
        result = (isFolder ? digestFolder(file) : digestOne(file)).finally(() => underway.delete(file));
        underway.set(file, result);
      }
      return result;
    },
    save() {
      if (learnt.length === 0) return;
      // Replaced whole: what two machines append to one file on NFS may overwrite each other. What others learnt since
      // stays; of two that replace it at the same instant one learns again.
      const all = new Map([...readKnown(path), ...learnt]);
      writeAside(path, [...all].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      learnt.length = 0;
    },
  };
}
