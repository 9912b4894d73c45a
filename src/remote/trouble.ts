import { fileSystemFailure } from '../base/failure.ts';
import type { Digest } from '../files/digest.ts';
import { BlobDamaged } from './checked-bytes.ts';
import { RedirectInTheClear } from './redirect.ts';

/** The ways in which a remote cache fails. The run goes on: it executes the actions whose results it cannot take. */
export type Trouble =
  /** No sensible answer: the cache is not used again in this run. */
  | { readonly trouble: 'remote'; readonly message: string }
  /** Slower than the work: no more results are taken, but they may still be sent. */
  | { readonly trouble: 'read'; readonly message: string }
  /** Refuses results: no more are sent, but they may still be taken. */
  | { readonly trouble: 'write'; readonly message: string }
  /** Concerns a single entry; others may be sound. */
  | { readonly trouble: 'entry'; readonly message: string }
  /** The content under a digest has another digest. */
  | { readonly trouble: 'content'; readonly digest: Digest; readonly message: string }
  /** The run was interrupted, or the cache is not used any more. */
  | { readonly trouble: 'interrupted' };

/** The trouble in an answer to GET or HEAD other than 404; undefined for status 200. */
export function readTrouble(status: number, location: string | undefined): Trouble | undefined {
  if (status === 200) return undefined;
  if (status === 401 || status === 403) return { trouble: 'remote', message: `it answers ${status}: ${CREDENTIALS}` };
  return { trouble: 'remote', message: `it answers ${status}${elsewhere(location)}` };
}

/** The trouble in an answer to PUT; undefined for a status of success. */
export function writeTrouble(status: number, location: string | undefined): Trouble | undefined {
  if (status >= 200 && status < 300) return undefined;
  const answers = `it takes no results: it answers ${status}`;
  if (status === 401 || status === 403) return { trouble: 'write', message: `${answers}; ${CREDENTIALS}` };
  if (status === 405) return { trouble: 'write', message: `${answers}; it can only be read` };
  if (status === 507) return { trouble: 'write', message: `${answers}; its disk is full` };
  // Leave out the entry's name: the limit concerns all entries, so a single line is enough.
  if (status === 413 || status === 400) {
    const message = `it refuses content with ${status}; it may have a limit of size (client_max_body_size in nginx)`;
    return { trouble: 'entry', message };
  }
  return { trouble: 'write', message: `${answers}${elsewhere(location)}` };
}

const CREDENTIALS = 'see GROUNDPROOF_REMOTE_TOKEN, or GROUNDPROOF_REMOTE_USER and GROUNDPROOF_REMOTE_PASSWORD';

const elsewhere = (location: string | undefined): string =>
  location === undefined ? '' : ' and sends elsewhere; give the address that it sends to';

/** The trouble in an exception; undefined for a bug. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof RedirectInTheClear) return { trouble: 'remote', message: error.message };
  if (error instanceof BlobDamaged) return { trouble: 'entry', message: error.message };
  const { code, message, syscall, cause } = error as NodeJS.ErrnoException;
  // Refused connections share some codes with file systems.
  if (syscall !== 'connect' && fileSystemFailure(error)) return { trouble: 'entry', message };
  if (typeof code !== 'string') return undefined;
  return {
    trouble: 'remote',
    message: `it gives no answer (${message || (cause instanceof Error && cause.message) || code})`,
  };
}
