/** Reports each trouble of a remote cache once, and stops the use of the cache that the trouble concerns. */
import type { Digest } from '../files/digest.ts';
import type { Trouble } from './trouble.ts';

export interface Troubles {
  /** Aborted when the cache is not used any more. */
  readonly all: AbortSignal;
  /** Aborted when no more results are taken. */
  readonly reading: AbortSignal;
  /** Aborted when no more results are sent. */
  readonly writing: AbortSignal;
  /** The digests whose content is damaged on the server. */
  readonly damaged: Set<Digest>;
  /** `entryText` turns the trouble of an entry into a line. */
  report(trouble: Trouble, entryText: (message: string) => string): void;
}

export function openTroubles(warn: (message: string) => void, interrupt: AbortSignal): Troubles {
  const [unused, unread, unwritten] = [new AbortController(), new AbortController(), new AbortController()];
  const all = AbortSignal.any([interrupt, unused.signal]);
  const warned = new Set<string>();
  const damaged = new Set<Digest>();
  return {
    all,
    reading: AbortSignal.any([all, unread.signal]),
    writing: AbortSignal.any([all, unwritten.signal]),
    damaged,
    report(trouble, entryText) {
      if (trouble.trouble === 'interrupted') return;
      if (trouble.trouble === 'remote') unused.abort();
      if (trouble.trouble === 'read') unread.abort();
      if (trouble.trouble === 'write') unwritten.abort();
      if (trouble.trouble === 'content') damaged.add(trouble.digest);
      const isOfEntry = trouble.trouble === 'entry' || trouble.trouble === 'content';
      const message = isOfEntry ? entryText(trouble.message) : trouble.message;
      if (!warned.has(message)) warn(message);
      warned.add(message);
    },
  };
}
