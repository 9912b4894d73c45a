/** Sends the results of a run to a remote cache, in the background. */

import { ok, type Result } from '../base/result.ts';
import type { Key } from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';
import { type Limits, slowTransferMs } from './limits.ts';
import { amountOf, publish } from './publish.ts';
import type { Readers } from './readers.ts';
import { type RemoteCache, resultPath } from './remote-cache.ts';
import type { Trouble } from './trouble.ts';
import type { Troubles } from './troubles.ts';

/** An upper bound of the uploads that are left, and of the wait for them. */
export interface Waiting {
  readonly results: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface Offer {
  readonly action: string;
  readonly result: StoredResult;
  /** Executed just now: sent even if the cache has a result under this key. */
  readonly isNew: boolean;
}

export interface Sending {
  offer(offer: Offer): void;
  waiting(): Waiting;
  /** Resolves when no upload runs any more, in bounded time. */
  settled(): Promise<{ readonly stored: number; readonly bytesUp: number }>;
}

interface SendingContext {
  readonly cache: RemoteCache;
  readonly store: Store;
  readonly limits: Limits;
  readonly troubles: Troubles;
  /** Whether a new result replaces the content of the cache too. */
  readonly force: boolean;
  isCache(): Promise<Result<void, Trouble>>;
  readonly readers: Readers;
  /** Whether the cache's entry turned out to be unusable. */
  isBroken(key: Key): boolean;
}

export function openSending(context: SendingContext): Sending {
  const { cache, store, limits, troubles } = context;
  const signal = troubles.writing;
  const pending = new Map<Promise<void>, ReturnType<typeof amountOf>>();
  /** Bytes of the results that the cache lacks. */
  const uploading = new Map<Key, number>();
  let [stored, bytesUp] = [0, 0];

  /** Resolves with the number of bytes sent; undefined if the cache has a result already. */
  const sendMissing = async (
    { result, isNew }: Offer,
    settled: Promise<void>,
  ): Promise<Result<number | undefined, Trouble>> => {
    const checked = await context.isCache();
    if (!checked.ok) return checked;
    const there =
      isNew || context.isBroken(result.key) ? ok(undefined) : await cache.find(resultPath(result.key), signal);
    if (!there.ok || there.value) return there.ok ? ok(undefined) : there;
    const isForced = context.force && isNew;
    const isReplaced: Parameters<typeof publish>[0]['isReplaced'] = (digest) =>
      isForced || troubles.damaged.has(digest);
    uploading.set(result.key, amountOf(result).bytes);
    return publish({ cache, signal, isReplaced, settled }, store, result).finally(() => uploading.delete(result.key));
  };

  const send = async (offer: Offer) => {
    const { action, result } = offer;
    const sent = await sendMissing(offer, context.readers.ended(result.preimage));
    if (!sent.ok) return troubles.report(sent.error, (message) => `the result of ${action} is not sent: ${message}`);
    if (sent.value === undefined) return;
    stored++;
    bytesUp += sent.value;
  };

  const waitsMs = () => {
    const amounts = [...pending.values()];
    const bytes = amounts.reduce((sum, amount) => sum + amount.bytes, 0);
    const files = amounts.reduce((sum, amount) => sum + amount.files, 0);
    return limits.lastUploadsMs + slowTransferMs(bytes, files);
  };

  return {
    offer(offer) {
      if (signal.aborted) return;
      const sending = send(offer).finally(() => pending.delete(sending));
      pending.set(sending, amountOf(offer.result));
    },
    waiting: () => ({
      results: uploading.size,
      bytes: [...uploading.values()].reduce((sum, bytes) => sum + bytes, 0),
      seconds: Math.ceil(waitsMs() / 1000),
    }),
    async settled() {
      const most = waitsMs();
      const tooLate = () => {
        const message = `it takes results too slowly: after ${Math.round(most / 1000)} s ${pending.size} are not sent`;
        troubles.report({ trouble: 'write', message }, () => message);
      };
      const timer = setTimeout(tooLate, Math.min(most, 2 ** 31 - 1));
      await Promise.all(pending.keys());
      clearTimeout(timer);
      return { stored, bytesUp };
    },
  };
}
