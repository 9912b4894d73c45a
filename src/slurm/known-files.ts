/**
 * The digests of users' files travel with a submission: a node that never saw a 2 GB archive need not hash it to know
 * its key. They hold as long as the files look the same from there, whatever number their disk has on that node.
 */
import { resolve } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { fileSignature, type Signature } from '../files/signature.ts';
import type { Graph } from '../pipeline/graph.ts';
import type { FileMemo } from '../store/file-memo.ts';

export interface KnownFile {
  readonly path: string;
  readonly digest: Digest;
  /** What it rests on, the device left out. */
  readonly signatures: readonly (readonly [path: string, signature: string])[];
}

/** All files of users that the actions take and that are there. */
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
    // Changed so recently that its signature proves nothing: each node hashes it itself.
    if (signatures.length < found.signatures.length) continue;
    known.push({ path, digest: found.digest, signatures });
  }
  return known;
}

/** A memo that knows these from the start. */
export function withKnown(memo: FileMemo, files: readonly KnownFile[]): FileMemo {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    ...memo,
    async digest(path) {
      const known = byPath.get(path);
      if (!known) return memo.digest(path);
      const now = known.signatures.map(([file]) => [file, fileSignature(file)] as const);
      const stands = now.every(
        ([, signature], i) => signature !== undefined && withoutDevice(signature) === known.signatures[i]?.[1],
      );
      return stands ? { digest: known.digest, signatures: now as (readonly [string, Signature])[] } : memo.digest(path);
    },
  };
}

const withoutDevice = (signature: Signature): string => signature.slice(signature.indexOf(':') + 1);
