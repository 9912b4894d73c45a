/**
 * Who uses a store. Every opening makes a folder of its own in `tmp`, named after its process; who removes
 * results (gc) needs the store for itself, under the claim `sweep`.
 *
 * Why nothing that a run needs is ever removed: an opening makes its folder and then looks for the claim, gc
 * takes the claim and then looks for folders, each afresh. Whichever comes second sees the other: the opening
 * waits until gc has ended, gc gives way. Only the claim and the folders of live processes count.
 * (A run that finds nothing to do opens no store: it holds no result, it only compares signatures.)
 *
 * A machine that sleeps for longer than its lease in the middle of gc may, when it wakes, remove what others have
 * begun to use: a result whose blob is gone is none, so they make it again.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import { isClaimed, tryClaim } from './claim.ts';
import { freshen } from './freshen.ts';
import { renewFromNow } from './lease.ts';
import { isOver, type Opening, ownerOf } from './opening.ts';
import type { Store } from './store.ts';

/** A process that has a store open; `host` is null for one of this machine. */
export interface StoreUser {
  readonly pid: number;
  readonly host: string | null;
}

const soleUseClaim = (root: string) => join(root, 'claims', 'sweep');

export const isInSoleUse = (root: string, opening: Opening): boolean => isClaimed(soleUseClaim(root), opening);

/** Does `work`, which must be synchronous, while nobody else has the store open; or says which processes have. */
export function withSoleUse<T>(store: Store, work: () => T): Result<T, readonly StoreUser[]> {
  renewFromNow();
  const claim = tryClaim(soleUseClaim(store.root), store.opening);
  if (!claim) return err([]);
  try {
    const users = new Map<string, StoreUser>();
    const temporary = join(store.root, 'tmp');
    freshen(temporary);
    for (const name of readdirSync(temporary)) {
      if (name === store.opening.name || isOver(temporary, name, store.opening.name)) continue;
      const { pid, host } = ownerOf(name);
      users.set(`${pid} ${host?.name}`, { pid, host: host?.name ?? null });
    }
    return users.size > 0 ? err([...users.values()]) : ok(work());
  } finally {
    claim.release();
  }
}
