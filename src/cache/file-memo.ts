/** Remembers the digests of users' files by signature, so that a 2 GB archive is hashed once. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfFile, digestOfPairs, filesBelow } from './digest.ts';
import { readJournal } from './journal.ts';
import { fileSignature, isRacy, type Signature } from './signature.ts';
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

  async function digestOne(file: string): Promise<Known | undefined> {
    const signature = fileSignature(file);
    if (signature === undefined) return undefined;
    const remembered = known.get(signature);
    if (remembered !== undefined) return { digest: remembered, signatures: [[file, signature]] };
    const racy = isRacy(file);
    const digest = await digestOfFile(file);
    // Changed while it was read: hash what is there now.
    if (fileSignature(file) !== signature) return digestOne(file);
    if (!racy) {
      known.set(signature, digest);
      learnt.push([signature, digest]);
    }
    return { digest, signatures: [[file, racy ? null : signature]] };
  }

  async function digestFolder(folder: string): Promise<Known> {
    const parts: { path: string; known: Known }[] = [];
    const folders: [string, Signature | null][] = [];
    const files = filesBelow(folder, (path) =>
      folders.push([path, isRacy(path) ? null : (fileSignature(path) ?? null)]),
    );
    for (const file of files) {
      const part = await digestOne(join(folder, file));
      if (part) parts.push({ path: file, known: part });
    }
    return {
      digest: digestOfPairs(parts.map(({ path, known: { digest } }) => ({ path, digest }))),
      signatures: [...folders, ...parts.flatMap((part) => part.known.signatures)],
    };
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
