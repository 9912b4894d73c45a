/** The remote cache of a run: takes results from it, offers results to it, and keeps its troubles from the run. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import { removeTreeIfPossible } from '../files/remove.ts';
import type { RemoteTraffic } from '../history/event.ts';
import type { Key, Preimage } from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';
import type { Network } from '../task/define.ts';
import type { Address } from './address.ts';
import { openClient } from './client.ts';
import { diskSpace } from './disk-space.ts';
import { type FoundResult, fetchResult, type Source } from './fetch-result.ts';
import { LIMITS, type Limits, slowTransferMs } from './limits.ts';
import { type Patience, startPatience } from './patience.ts';
import { openReaders } from './readers.ts';
import { blobPath, type RemoteCache, remoteCache } from './remote-cache.ts';
import type { WantedResult } from './result-text.ts';
import { type Offer, openSending, type Waiting } from './sending.ts';
import type { Trouble } from './trouble.ts';
import { openTroubles, type Troubles } from './troubles.ts';

export interface Remote {
  /** Downloads a result into the store; undefined if that fails, or if the cache has no such result. */
  take(action: string, wanted: WantedResult, onProgress: (fraction: number) => void): Promise<StoredResult | undefined>;
  /** Called when an action starts; it ends when the returned function is called. */
  executing(preimage: Preimage): () => void;
  /** Sends a result in the background. A new result replaces that of the cache; any other is sent only if the cache has no result. */
  offer(offer: Offer): void;
  /** The uploads that `settled` would wait for. */
  waiting(): Waiting;
  /** Resolves when no upload runs any more. */
  settled(): Promise<RemoteTraffic>;
  close(): Promise<void>;
}

export interface RemoteUse {
  readonly address: Address;
  readonly store: Store;
  readonly proxies: Network['proxies'];
  /** Whether a new result replaces the content of the cache too (`--force`). */
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
    const message = `it is slower than the work: waiting took ${waited} s, and its results saved ${saved} s; no more results are taken`;
    troubles.report({ trouble: 'read', message }, () => message);
  });
  const isCache = checkOnce(cache, troubles);
  const taken = new Map<Key, number>();
  const broken = new Set<Key>();
  const readers = openReaders();
  const source = { cache, store, disk: diskSpace(store.scratch), large: pLimit(1) };
  const isBroken = (key: Key) => broken.has(key);
  const sending = openSending({ cache, store, limits, troubles, force, isCache, readers, isBroken });
  const take = takeWith({ source, troubles, patience, isCache });

  return {
    async take(action, wanted, onProgress) {
      const fetched = await take(wanted, onProgress);
      if (fetched.ok && fetched.value) taken.set(wanted.key, fetched.value.bytes);
      if (fetched.ok) return fetched.value?.result;
      broken.add(wanted.key);
      troubles.report(fetched.error, (message) => `the result of ${action} is not taken: ${message}`);
      return undefined;
    },
    executing: readers.begin,
    offer(offer) {
      const { result, isNew } = offer;
      if (isNew) patience.executed(result.milliseconds);
      if (address.write && !taken.has(result.key)) sending.offer(offer);
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

interface TakeContext {
  readonly source: Source;
  readonly troubles: Troubles;
  readonly patience: Patience;
  isCache(): Promise<Result<void, Trouble>>;
}

/** The most that a result is worth, as its record may claim anything. */
const MOST_SAVED_MS = 3_600_000;

/** Returns a function that takes a result by way of a folder of its own, and nothing once the cache is too slow. */
function takeWith({ source, troubles, patience, isCache }: TakeContext) {
  const signal = troubles.reading;
  let folders = 0;
  return async (wanted: WantedResult, onProgress: (fraction: number) => void): ReturnType<typeof fetchResult> => {
    if (signal.aborted) return ok(undefined);
    const folder = join(source.store.scratch, `remote-${folders++}`);
    const waiting = patience.begin();
    let saved = 0;
    // Until the result has arrived, its claim is worth no more than a slow download.
    const onFound = ({ milliseconds, bytes, files }: FoundResult) =>
      waiting.expect(Math.min(milliseconds, slowTransferMs(bytes, files + 1)));
    try {
      const fetched = await withSystemErrors(() =>
        fetchResult(source, { wanted, folder, signal, onProgress, onFound }),
      );
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
 * Checks once a run that the server is a cache: it must not have content that nobody can have stored. A sign-in page, or a
 * site that answers every address with its front page, would accept results and keep nothing.
 */
function checkOnce(cache: RemoteCache, { all }: Troubles): () => Promise<Result<void, Trouble>> {
  let checked: Promise<Result<void, Trouble>> | undefined;
  const check = async (): Promise<Result<void, Trouble>> => {
    const found = await cache.find(blobPath(randomBytes(32).toString('hex') as Digest), all);
    if (!found.ok) return found;
    const message = 'it is not a cache: it claims to have content that nobody can have stored there';
    return found.value ? err({ trouble: 'remote', message }) : ok(undefined);
  };
  return () => {
    checked ??= check();
    return checked;
  };
}

/** Turns errors of the system into trouble with the cache. A broken disk will stop local work too, which reports it. */
async function withSystemErrors<T>(work: () => Promise<Result<T, Trouble>>): Promise<Result<T, Trouble>> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    return err({ trouble: 'entry', message });
  }
}
