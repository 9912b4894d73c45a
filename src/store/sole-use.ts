/**
 * Who uses a store. Every opening makes a folder of its own in `tmp`, named after its process. Who removes results (gc)
 * needs the store for itself, under the claim `sweep`.
 *
 * Nothing that a run needs is removed: an opening makes its folder and then looks for the claim; gc takes the claim and
 * then looks for folders, each afresh. Whichever comes second sees the other: the opening waits until gc has ended, gc
 * gives way. Only the claim and the folders of live processes count. (A run that finds nothing to do opens no store: it
 * holds no result, it only compares signatures.)
 *
 * A process that was stopped for longer than its lease in the middle of gc has lost its claim to a run. It looks before
 * it removes anything else, and removes nothing more.
 */
import { join } from 'node:path';
import type { StoreUser } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { entriesIn } from '../files/list-folder.ts';
import { freshen } from '../files/nfs.ts';
import { type Claim, isClaimed, tryClaim } from './claim.ts';
import { renewFromNow } from './lease.ts';
import type { Store } from './open.ts';
import { isOver, type Opening, ownerOf } from './opening.ts';

const soleUseClaim = (root: string) => join(root, 'claims', 'sweep');

export const isInSoleUse = (root: string, opening: Opening): boolean => isClaimed(soleUseClaim(root), opening);

/** Why the store could not be had alone: these processes use it, or the claim was lost while `work` was done. */
export type NotAlone = readonly StoreUser[] | 'taken over';

/**
 * Does `work`, which must be synchronous, while nobody else has the store open. `work` asks `isOurs` before it removes
 * anything, and removes nothing once that says no.
 */
export function withSoleUse<T>(store: Store, work: (isOurs: () => boolean) => T): Result<T, NotAlone> {
  renewFromNow();
  const claim = tryClaim(soleUseClaim(store.root), store.opening);
  if (!claim) return err([]);
  try {
    const users = new Map<string, StoreUser>();
    const temporary = join(store.root, 'tmp');
    freshen(temporary);
    for (const { name } of entriesIn(temporary)) {
      if (name === store.opening.name || isOver(temporary, name, store.opening.name)) continue;
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

/** A process that ran this lately was not stopped, and its lease was renewed by the thread beside it. */
const GAP_MS = 100;

/** After a pause, the claim may be lost until the lease has been renewed for certain. */
const DOUBT_MS = 15_000;

/** However steadily it runs: the lease may be out of its reach. */
const LOOK_MS = 5_000;

/** Whether a claim is still its owner's: cheap enough to ask before every removal. Once lost it stays lost. */
export function watchClaim(claim: Pick<Claim, 'isOurs'>, now: () => number = Date.now): () => boolean {
  let [asked, looked, doubtUntil] = [now(), now(), 0];
  let ours = true;
  return () => {
    const at = now();
    if (at < asked || at - asked > GAP_MS) doubtUntil = at + DOUBT_MS;
    if (ours && (at < looked || at <= doubtUntil || at - looked > LOOK_MS)) {
      ours = claim.isOurs();
      looked = at;
    }
    asked = now();
    return ours;
  };
}
