/** What a run does about a remote cache's troubles: each is said once, and what is of no use is not used any more. */
import type { Digest } from '../files/digest.ts';
import type { Trouble } from './trouble.ts';

export interface Troubles {
  /** Aborted when the cache is not asked any more, for anything. */
  readonly all: AbortSignal;
  /** Aborted when no more results are taken. */
  readonly reading: AbortSignal;
  /** Aborted when nothing more is sent. */
  readonly writing: AbortSignal;
  /** Content that the server has, and has wrong. */
  readonly damaged: Set<Digest>;
  /** `entry` makes a line of what is wrong with one entry. */
  hear(trouble: Trouble, entry: (message: string) => string): void;
}

export function openTroubles(warn: (message: string) => void, interrupt: AbortSignal): Troubles {
  const [off, unread, full] = [new AbortController(), new AbortController(), new AbortController()];
  const all = AbortSignal.any([interrupt, off.signal]);
  const warned = new Set<string>();
  const damaged = new Set<Digest>();
  return {
    all,
    reading: AbortSignal.any([all, unread.signal]),
    writing: AbortSignal.any([all, full.signal]),
    damaged,
    hear(trouble, entry) {
      if (trouble.trouble === 'interrupted') return;
      if (trouble.trouble === 'remote') off.abort();
      if (trouble.trouble === 'read') unread.abort();
      if (trouble.trouble === 'write') full.abort();
      if (trouble.trouble === 'content') damaged.add(trouble.digest);
      const isOfEntry = trouble.trouble === 'entry' || trouble.trouble === 'content';
      const message = isOfEntry ? entry(trouble.message) : trouble.message;
      if (!warned.has(message)) warn(message);
      warned.add(message);
    },
  };
}
