import { fileSystemFailure } from '../base/failure.ts';
import type { Digest } from '../files/digest.ts';
import { BlobDamaged } from './checked-bytes.ts';
import { RedirectInTheClear } from './redirect.ts';

/** Why a remote cache was of no use. Never a reason for a run to fail: what it does not give is made here. */
export type Trouble =
  /** It gives no answer, or none that makes sense: it is not asked again in this run. */
  | { readonly trouble: 'remote'; readonly message: string }
  /** It gives results more slowly than they are made: nothing more is taken from it, and it may still be written to. */
  | { readonly trouble: 'read'; readonly message: string }
  /** It takes nothing; it may still give. */
  | { readonly trouble: 'write'; readonly message: string }
  /** It is about one entry; others may be sound. */
  | { readonly trouble: 'entry'; readonly message: string }
  /** What it has under a digest is something else. */
  | { readonly trouble: 'content'; readonly digest: Digest; readonly message: string }
  /** The run was interrupted, or the cache is not used any more. */
  | { readonly trouble: 'interrupted' };

/** What an answer to a GET or HEAD, 404 apart, says; undefined for one with content. */
export function readTrouble(status: number, location: string | undefined): Trouble | undefined {
  if (status === 200) return undefined;
  if (status === 401 || status === 403) return { trouble: 'remote', message: `it answers ${status}: ${CREDENTIALS}` };
  return { trouble: 'remote', message: `it answers ${status}${elsewhere(location)}` };
}

/** The same for a PUT. */
export function writeTrouble(status: number, location: string | undefined): Trouble | undefined {
  if (status >= 200 && status < 300) return undefined;
  const answers = `it takes no results: it answers ${status}`;
  if (status === 401 || status === 403) return { trouble: 'write', message: `${answers}; ${CREDENTIALS}` };
  if (status === 405) return { trouble: 'write', message: `${answers}; it can only be read` };
  if (status === 507) return { trouble: 'write', message: `${answers}; its disk is full` };
  // Without the entry's name: the limit is the same for all of them, and one line about it enough.
  if (status === 413 || status === 400) {
    const message = `it refuses content with ${status}; it may have a limit of size (client_max_body_size in nginx)`;
    return { trouble: 'entry', message };
  }
  return { trouble: 'write', message: `${answers}${elsewhere(location)}` };
}

const CREDENTIALS = 'see GROUNDPROOF_REMOTE_TOKEN, or GROUNDPROOF_REMOTE_USER and GROUNDPROOF_REMOTE_PASSWORD';

const elsewhere = (location: string | undefined): string =>
  location === undefined ? '' : ' and sends elsewhere; give the address that it sends to';

/** Of an error that was thrown on the way; undefined where it is a bug. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof RedirectInTheClear) return { trouble: 'remote', message: error.message };
  if (error instanceof BlobDamaged) return { trouble: 'entry', message: error.message };
  const { code, message, syscall, cause } = error as NodeJS.ErrnoException;
  // A connection is refused with some of the codes of file systems.
  if (syscall !== 'connect' && fileSystemFailure(error)) return { trouble: 'entry', message };
  if (typeof code !== 'string') return undefined;
  return {
    trouble: 'remote',
    message: `it gives no answer (${message || (cause instanceof Error && cause.message) || code})`,
  };
}
