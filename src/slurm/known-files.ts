/**
 * Sends the digests of users' files with a submission, so that a node need not hash a 2 GB archive to know its key. A
 * digest holds while the file's signature is the same on that node, except for the number of the device.
 */
import { resolve } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { fileSignature, type Signature } from '../files/signature.ts';
import type { Graph } from '../pipeline/graph.ts';
import type { FileMemo } from '../store/file-memo.ts';

export interface KnownFile {
  readonly path: string;
  readonly digest: Digest;
  /** The signatures of the file and of the links on its path, without the device. */
  readonly signatures: readonly (readonly [path: string, signature: string])[];
}

/** The existing users' files that the actions take. */
export async function knownFiles({ actions }: Graph, folder: string, memo: FileMemo): Promise<readonly KnownFile[]> {
  const paths = new Set(
    actions.flatMap(({ inputs }) =>
      Object.values(inputs).flatMap((input) => (input.kind === 'file' ? [resolve(folder, input.path)] : [])),
    ),
  );
  const known: KnownFile[] = [];
  for (const path of paths) {
    const found = await memo.digest(path);
    if (!found) continue;
    const signatures = found.signatures.flatMap(([file, signature]) =>
      signature === null ? [] : [[file, withoutDevice(signature)] as const],
    );
    // The file was changed so recently that its signature proves nothing; each node hashes it itself.
    if (signatures.length < found.signatures.length) continue;
    known.push({ path, digest: found.digest, signatures });
  }
  return known;
}

/** A memo that knows these files from the start. */
export function withKnown(memo: FileMemo, files: readonly KnownFile[]): FileMemo {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    ...memo,
    async digest(path) {
      const known = byPath.get(path);
      if (!known) return memo.digest(path);
      const now = known.signatures.map(([file]) => [file, fileSignature(file)] as const);
      const isUnchanged = now.every(
        ([, signature], i) => signature !== undefined && withoutDevice(signature) === known.signatures[i]?.[1],
      );
      return isUnchanged
        ? { digest: known.digest, signatures: now as (readonly [string, Signature])[] }
        : memo.digest(path);
    },
  };
}

const withoutDevice = (signature: Signature): string => signature.slice(signature.indexOf(':') + 1);
