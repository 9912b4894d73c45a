/** A remote cache in a run: what it gives is taken, what is made is offered to it, and its troubles stay its own. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import { removeTreeIfPossible } from '../files/remove.ts';
import type { Exchanged } from '../history/event.ts';
import type { Key, Preimage } from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';
import type { Network } from '../task/define.ts';
import type { Address } from './address.ts';
import { openClient } from './client.ts';
import { diskRoom } from './disk-space.ts';
import { fetchResult, type Source } from './fetch-result.ts';
import { LIMITS, type Limits, slowTransferMs } from './limits.ts';
import { type Patience, startPatience } from './patience.ts';
import { openReaders } from './readers.ts';
import { blobPath, type RemoteCache, remoteCache } from './remote-cache.ts';
import type { Asked } from './result-text.ts';
import { openSending, type Waiting } from './sending.ts';
import type { Trouble } from './trouble.ts';
import { openTroubles, type Troubles } from './troubles.ts';

export interface Remote {
  /** The result of a key, now in the store; undefined when it cannot be had from there. */
  take(action: string, asked: Asked, progress: (fraction: number) => void): Promise<StoredResult | undefined>;
  /** An action is executed from now on, until the returned function is called. */
  executing(preimage: Preimage): () => void;
  /** Sends a result there in the background. What was made now replaces what is there; what was found is sent where there is none. */
  offer(action: string, result: StoredResult, made: boolean): void;
  /** What is still to be sent, at most, and how long `settled` waits for it. */
  waiting(): Waiting;
  /** Resolves when nothing is sent any more. */
  settled(): Promise<Exchanged>;
  close(): Promise<void>;
}

export interface RemoteUse {
  readonly address: Address;
  readonly store: Store;
  readonly proxies: Network['proxies'];
  /** Whether content that is there is replaced by what was made now (`--force`). */
  readonly force: boolean;
  readonly warn: (message: string) => void;
  readonly interrupt: AbortSignal;
  readonly limits?: Limits;
}

export function openRemote({ address, store, proxies, force, warn, interrupt, limits = LIMITS }: RemoteUse): Remote {
  const client = openClient(address, proxies, limits);
  const cache = remoteCache(client, limits);
  const troubles = openTroubles(warn, interrupt);
  const patience = startPatience(limits.patienceMs, (waitedMs, savedMs) => {
    const [waited, saved] = [waitedMs, savedMs].map((milliseconds) => (milliseconds / 1000).toFixed(1));
    const message = `it is slower than the work: ${waited} s were spent waiting for what takes ${saved} s to make; no more results are taken`;
    troubles.hear({ trouble: 'read', message }, () => message);
  });
  const isCache = askOnce(cache, troubles);
  const taken = new Map<Key, number>();
  const broken = new Set<Key>();
  const readers = openReaders();
  const source = { cache, store, room: diskRoom(store.scratch), large: pLimit(1) };
  const isBroken = (key: Key) => broken.has(key);
  const sending = openSending({ cache, store, limits, troubles, force, isCache, readers, isBroken });
  const take = takeWith({ source, troubles, patience, isCache });

  return {
    async take(action, asked, progress) {
      const fetched = await take(asked, progress);
      if (fetched.ok && fetched.value) taken.set(asked.key, fetched.value.bytes);
      if (fetched.ok) return fetched.value?.result;
      broken.add(asked.key);
      troubles.hear(fetched.error, (message) => `${action} is not taken from there: ${message}`);
      return undefined;
    },
    executing: readers.begin,
    offer(action, result, made) {
      if (made) patience.made(result.milliseconds);
      if (address.write && !taken.has(result.key)) sending.offer(action, result, made);
    },
    waiting: sending.waiting,
    async settled() {
      const sent = await sending.settled();
      const bytesDown = [...taken.values()].reduce((sum, bytes) => sum + bytes, 0);
      return { taken: taken.size, bytesDown, ...sent };
    },
    close: () => client.close(),
  };
}

interface Taking {
  readonly source: Source;
  readonly troubles: Troubles;
  readonly patience: Patience;
  isCache(): Promise<Result<void, Trouble>>;
}

/** No one result is worth more than this, whatever its record says. */
const MOST_SAVED_MS = 3_600_000;

/** Takes results one by one, each by way of a folder of its own, for as long as that is worth it. */
function takeWith({ source, troubles, patience, isCache }: Taking) {
  const signal = troubles.reading;
  let folders = 0;
  return async (asked: Asked, progress: (fraction: number) => void): ReturnType<typeof fetchResult> => {
    if (signal.aborted) return ok(undefined);
    const folder = join(source.store.scratch, `remote-${folders++}`);
    const waiting = patience.begin();
    let saved = 0;
    // A record may say anything: until the result is here, what it promises to save is worth no more than a slow download.
    const found = (milliseconds: number, bytes: number, files: number) =>
      waiting.expect(Math.min(milliseconds, slowTransferMs(bytes, files + 1)));
    try {
      const fetched = await withoutDisk(() => fetchResult(source, { asked, folder, signal, progress, found }));
      if (fetched.ok && fetched.value) saved = Math.min(fetched.value.result.milliseconds, MOST_SAVED_MS);
      if (fetched.ok || fetched.error.trouble !== 'entry') return fetched;
      const cache = await isCache();
      return cache.ok ? fetched : cache;
    } finally {
      waiting.end(saved);
      removeTreeIfPossible(folder);
    }
  };
}

/**
 * Whether the server is a cache: what nobody can have stored is not there. A network's sign-in page, or a site that
 * answers every address with its front page, would take results and have none of them. Asked once a run.
 */
function askOnce(cache: RemoteCache, { all }: Troubles): () => Promise<Result<void, Trouble>> {
  let asked: Promise<Result<void, Trouble>> | undefined;
  const ask = async (): Promise<Result<void, Trouble>> => {
    const found = await cache.find(blobPath(randomBytes(32).toString('hex') as Digest), all);
    if (!found.ok) return found;
    const message = 'it is no cache: it says that it has content which nobody can have stored there';
    return found.value ? err({ trouble: 'remote', message }) : ok(undefined);
  };
  return () => {
    asked ??= ask();
    return asked;
  };
}

/** Treats every refusal of the system as trouble with the cache. If local work is refused too, it reports that itself. */
async function withoutDisk<T>(work: () => Promise<Result<T, Trouble>>): Promise<Result<T, Trouble>> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    return err({ trouble: 'entry', message });
  }
}
