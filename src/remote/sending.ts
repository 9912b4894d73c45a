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

/** What is still to be sent, at most, and how long it is waited for. */
export interface Waiting {
  readonly results: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface Sending {
  offer(action: string, result: StoredResult, made: boolean): void;
  waiting(): Waiting;
  /** Resolves when nothing is sent any more, in bounded time. */
  settled(): Promise<{ readonly stored: number; readonly bytesUp: number }>;
}

interface About {
  readonly cache: RemoteCache;
  readonly store: Store;
  readonly limits: Limits;
  readonly troubles: Troubles;
  /** Whether what was made replaces what is there, content included. */
  readonly force: boolean;
  /** Whether this is a cache at all. */
  isCache(): Promise<Result<void, Trouble>>;
  readonly readers: Readers;
  /** Whether the entry that is there was found to be of no use. */
  isBroken(key: Key): boolean;
}

export function openSending(about: About): Sending {
  const { cache, store, limits, troubles } = about;
  const signal = troubles.writing;
  const pending = new Map<Promise<void>, ReturnType<typeof amountOf>>();
  /** Those of which something has to be sent. */
  const underway = new Map<Key, number>();
  let [stored, bytesUp] = [0, 0];

  /** The bytes that were sent; undefined when there is a result already. */
  const sendMissing = async (
    result: StoredResult,
    made: boolean,
    settled: Promise<void>,
  ): Promise<Result<number | undefined, Trouble>> => {
    const asked = await about.isCache();
    if (!asked.ok) return asked;
    const there = made || about.isBroken(result.key) ? ok(undefined) : await cache.find(resultPath(result.key), signal);
    if (!there.ok || there.value) return there.ok ? ok(undefined) : there;
    const isForced = about.force && made;
    const isReplaced: Parameters<typeof publish>[0]['isReplaced'] = (digest) =>
      isForced || troubles.damaged.has(digest);
    underway.set(result.key, amountOf(result).bytes);
    return publish({ cache, signal, isReplaced, settled }, store, result).finally(() => underway.delete(result.key));
  };

  const send = async (action: string, result: StoredResult, made: boolean) => {
    const sent = await sendMissing(result, made, about.readers.ended(result.preimage));
    if (!sent.ok) return troubles.hear(sent.error, (message) => `the result of ${action} is not sent: ${message}`);
    if (sent.value === undefined) return;
    stored++;
    bytesUp += sent.value;
  };

  const waitsMs = () => {
    const amounts = [...pending.values()];
    const bytes = amounts.reduce((sum, one) => sum + one.bytes, 0);
    const files = amounts.reduce((sum, one) => sum + one.files, 0);
    return limits.lastUploadsMs + slowTransferMs(bytes, files);
  };

  return {
    offer(action, result, made) {
      if (signal.aborted) return;
      const sending = send(action, result, made).finally(() => pending.delete(sending));
      pending.set(sending, amountOf(result));
    },
    waiting: () => ({
      results: underway.size,
      bytes: [...underway.values()].reduce((sum, one) => sum + one, 0),
      seconds: Math.ceil(waitsMs() / 1000),
    }),
    async settled() {
      const most = waitsMs();
      const tooLate = () => {
        const message = `it takes results too slowly: after ${Math.round(most / 1000)} s ${pending.size} are not sent`;
        troubles.hear({ trouble: 'write', message }, () => message);
      };
      const timer = setTimeout(tooLate, Math.min(most, 2 ** 31 - 1));
      await Promise.all(pending.keys());
      clearTimeout(timer);
      return { stored, bytesUp };
    },
  };
}
