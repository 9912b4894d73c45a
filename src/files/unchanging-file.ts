/** Hashes a file only while it does not change. */

import { setTimeout } from 'node:timers/promises';
import { errorCode } from '../base/error-code.ts';
import { type Digest, digestWhile } from './digest.ts';
import { fileSignature, type Signature } from './signature.ts';

/** Code of the error for a file that keeps changing while it is hashed. */
export const STILL_WRITTEN = 'EBUSY';

export const stillWritten = (file: string): Error =>
  Object.assign(new Error(`${file} is still being written; wait until it is complete, then run again`), {
    code: STILL_WRITTEN,
  });

/** Undefined if the file changed while it was read. Throws when `signal` aborts. */
export async function digestIfUnchanged(
  file: string,
  signature: Signature,
  signal?: AbortSignal,
): Promise<Digest | undefined> {
  const isUnchanged = () => {
    throwIfStopped(signal);
    return fileSignature(file) === signature;
  };
  try {
    const digest = await digestWhile(file, isUnchanged);
    return isUnchanged() ? digest : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms > 0) await setTimeout(ms, undefined, signal && { signal }).catch(() => {});
  throwIfStopped(signal);
}

function throwIfStopped(signal?: AbortSignal): void {
  if (signal?.aborted) throw Object.assign(new Error('it was interrupted'), { code: 'EINTR' });
}
