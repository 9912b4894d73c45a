/**
 * Sole use of a store, for gc. Step 10 of the protocol in `claim.ts`. A run with nothing to do does not open the store, so
 * gc does not see it: it reads no results, it only compares signatures.
 *
 * If gc's process is stopped for longer than its lease, it loses its claim, and a run may open the store. So gc checks
 * the claim before each removal, and removes no more once the claim is lost.
 */
import { join } from 'node:path';
import type { StoreUser } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { entriesIn } from '../files/list-folder.ts';
import { freshen } from '../files/nfs.ts';
import { type Claim, isClaimed, tryClaim } from './claim.ts';
import { FOLDERS, gcClaim, type Store } from './layout.ts';
import { renewFromNow } from './lease.ts';
import { hasEnded, type Opening, ownerOf } from './opening.ts';

export const isInSoleUse = (root: string, opening: Opening): boolean => isClaimed(gcClaim(root), opening);

/** Why there was no sole use: these processes use the store (none: another gc), or the claim was lost during `work`. */
export type NotAlone = readonly StoreUser[] | 'taken over';

/**
 * Does `work`, which must be synchronous, while no other process has the store open. `work` must call `isOurs` before
 * each removal, and remove no more once it returns false.
 */
export function withSoleUse<T>(store: Store, work: (isOurs: () => boolean) => T): Result<T, NotAlone> {
  renewFromNow();
  const claim = tryClaim(gcClaim(store.root), store.opening);
  if (!claim) return err([]);
  try {
    const users = new Map<string, StoreUser>();
    const openings = join(store.root, FOLDERS.openings);
    freshen(openings);
    for (const { name } of entriesIn(openings)) {
      if (name === store.opening.name || hasEnded(openings, name, store.opening.name)) continue;
      const { pid, host } = ownerOf(name);
      users.set(`${pid} ${host?.name}`, { pid, host: host?.name ?? null });
    }
    if (users.size > 0) return err([...users.values()]);
    const isOurs = watchClaim(claim);
    const done = work(isOurs);
    return isOurs() ? ok(done) : err('taken over');
  } finally {
    claim.release();
  }
}

/** If the last call was longer ago (ms), the process may have been stopped; else its thread has renewed the lease. */
const GAP_MS = 100;

/** How long (ms) after a pause each call reads the claim, until the lease has been renewed for certain. */
const DOUBT_MS = 15_000;

/** How often (ms) to read the claim otherwise: the process may be unable to reach its lease. */
const READ_MS = 5_000;

/** Returns a check that a claim is still ours, cheap enough to call before every removal. A lost claim stays lost. */
export function watchClaim(claim: Pick<Claim, 'isOurs'>, now: () => number = Date.now): () => boolean {
  let [calledAt, readAt, doubtUntil] = [now(), now(), 0];
  let isOurs = true;
  return () => {
    const at = now();
    if (at < calledAt || at - calledAt > GAP_MS) doubtUntil = at + DOUBT_MS;
    if (isOurs && (at < readAt || at <= doubtUntil || at - readAt > READ_MS)) {
      isOurs = claim.isOurs();
      readAt = at;
    }
    calledAt = now();
    return isOurs;
  };
}
