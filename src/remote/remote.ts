/** A remote cache in a run: what it gives is taken, what is made is offered to it, and its troubles stay its own. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../cache/store.ts';
import type { StoredResult } from '../cache/stored-result.ts';
import { fileSystemFailure } from '../failure.ts';
import { err, type Result } from '../result.ts';
import type { Network } from '../task/define.ts';
import type { Address } from './address.ts';
import { openClient, TIMEOUTS, type Timeouts } from './client.ts';
import { fetchResult } from './fetch-result.ts';
import { bytesOf, publish } from './publish.ts';
import type { Asked } from './record.ts';
import { remoteCache, resultPath } from './remote-cache.ts';
import type { Trouble } from './trouble.ts';

/** What went over the wire in a run. */
export interface Exchanged {
  /** Results taken from there, and stored there. */
  readonly taken: number;
  readonly stored: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
}

export interface Remote {
  /** The result of a key, now in the store; undefined when it cannot be had from there. */
  take(action: string, asked: Asked, progress: (fraction: number) => void): Promise<StoredResult | undefined>;
  /** Sends a result there in the background. What was made now replaces what is there; what was found is sent where there is none. */
  offer(action: string, result: StoredResult, made: boolean): void;
  /** What is still to be sent, at most. */
  waiting(): { readonly results: number; readonly bytes: number };
  /** Resolves when nothing is sent any more. */
  settled(): Promise<Exchanged>;
  close(): Promise<void>;
}

export function openRemote(
  address: Address,
  store: Store,
  proxies: Network['proxies'],
  warn: (message: string) => void,
  interrupt: AbortSignal,
  timeouts: Timeouts = TIMEOUTS,
): Remote {
  const client = openClient(address, proxies, timeouts);
  const cache = remoteCache(client);
  const [off, full] = [new AbortController(), new AbortController()];
  const reading = AbortSignal.any([interrupt, off.signal]);
  const writing = AbortSignal.any([reading, full.signal]);
  const warned = new Set<string>();
  const pending = new Set<Promise<void>>();
  const underway = new Map<StoredResult['key'], number>();
  const taken = new Set<StoredResult['key']>();
  let folders = 0;
  const exchanged = { taken: 0, stored: 0, bytesDown: 0, bytesUp: 0 };

  const hear = (trouble: Trouble, entry: (message: string) => string) => {
    if (trouble.trouble === 'interrupted') return;
    if (trouble.trouble === 'remote') off.abort();
    if (trouble.trouble === 'write') full.abort();
    const message = trouble.trouble === 'entry' ? entry(trouble.message) : trouble.message;
    if (!warned.has(message)) warn(message);
    warned.add(message);
  };

  const send = async (action: string, result: StoredResult, made: boolean) => {
    const there = made ? undefined : await cache.has(resultPath(result.key), writing);
    if (there?.ok && there.value) return;
    underway.set(result.key, bytesOf(result));
    const sent = there?.ok === false ? there : await publish(cache, store, result, writing);
    underway.delete(result.key);
    if (!sent.ok) return hear(sent.error, (message) => `the result of ${action} is not sent: ${message}`);
    exchanged.stored++;
    exchanged.bytesUp += sent.value;
  };

  return {
    async take(action, asked, progress) {
      if (reading.aborted) return undefined;
      const folder = join(store.scratch, `remote-${folders++}`);
      try {
        const fetched = await withoutDisk(() => fetchResult(cache, store, asked, folder, reading, progress));
        if (!fetched.ok) hear(fetched.error, (message) => `${action} is not taken from there: ${message}`);
        if (!fetched.ok || fetched.value === undefined) return undefined;
        taken.add(asked.key);
        exchanged.taken++;
        exchanged.bytesDown += fetched.value.bytes;
        return fetched.value.result;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    offer(action, result, made) {
      if (!address.write || writing.aborted || taken.has(result.key)) return;
      const sending = send(action, result, made).finally(() => pending.delete(sending));
      pending.add(sending);
    },
    waiting: () => ({ results: underway.size, bytes: [...underway.values()].reduce((sum, one) => sum + one, 0) }),
    async settled() {
      await Promise.all(pending);
      return { ...exchanged };
    },
    close: () => client.close(),
  };
}

/** What the disk refuses is a trouble here: whether it refuses local work as well, that will find out. */
async function withoutDisk<T>(work: () => Promise<Result<T, Trouble>>): Promise<Result<T, Trouble>> {
  try {
    return await work();
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (!failure) throw error;
    return err({ trouble: 'entry', message: failure.message });
  }
}
