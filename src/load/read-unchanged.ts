/** Reads a file of a pipeline, which a person may be saving. */
import { readFileSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { fileSignature } from '../files/signature.ts';
import { stillWritten } from '../files/unchanging-file.ts';
import type { FileDigest, FileMemo } from '../store/file-memo.ts';

/** For a pipeline with all included files. The parser needs some 100 bytes of memory for each byte; 100,000 steps have 10 MB. */
export const MOST_BYTES = 16_000_000;

interface UnchangedFile {
  readonly text: string;
  readonly known: FileDigest;
}

/** A file may be saved this often while it is read. */
const MOST_TRIES = 10;

/** Reads a file, and the signatures that it had while it held that text; undefined if there is no file. */
export async function readUnchanged(path: string, memo: FileMemo): Promise<UnchangedFile | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const known = await memo.digest(path);
    if (!known) return undefined;
    const text = readIfPresent(path);
    const isSame = known.signatures.every(([at, signature]) => signature === null || fileSignature(at) === signature);
    if (text !== undefined && isSame) return { text, known };
  }
  throw stillWritten(path);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
