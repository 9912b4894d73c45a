/** Results to pass between stores, and the remote cache of a run. */
import { onTestFinished } from 'vitest';
import { addressOf } from '../../src/remote/address.ts';
import { LIMITS, type Limits } from '../../src/remote/limits.ts';
import { openRemote } from '../../src/remote/remote.ts';
import { keyOf, type Preimage } from '../../src/store/key.ts';
import type { Store } from '../../src/store/layout.ts';
import { lookUp, type StoredResult, writeResult } from '../../src/store/result.ts';
import { fileOutput, folderOutput, preimage, temporaryStore } from '../store/temporary.ts';

const table = {
  description: 'Peaks',
  columns: { at: { type: 'int64', description: 'When', unit: 'samples' } },
} as const;

const trace = { kind: 'file', extension: '.raw' } as const;

/** An action with a single output. */
const PREIMAGE: Preimage = { ...preimage({ limit: 3 }), outputs: { trace } };
export const WANTED = { key: keyOf(PREIMAGE), preimage: PREIMAGE };

/** An action with an output of each kind. */
const OF_EACH: Preimage = {
  ...PREIMAGE,
  outputs: {
    trace,
    peaks: { kind: 'table', table, csv: true, headline: 'at' },
    parts: { kind: 'folder' },
    triggers: { kind: 'file', optional: true },
  },
};
export const WANTED_EACH = { key: keyOf(OF_EACH), preimage: OF_EACH };

const FACTS = { action: 'detect@a', started: '2026-01-01T00:00:00.000Z', milliseconds: 1200, peakMemory: 5 };

/** A result of that action, in a store. */
export function resultIn(store: Store, content: string | Uint8Array = 'trace'): StoredResult {
  const outputs = { trace: fileOutput(store, content, '.raw') };
  const result = { ...WANTED, ...FACTS, outputs, headline: null, log: [] };
  writeResult(store, result);
  return result;
}

export function resultOfEachIn(store: Store): StoredResult {
  const result: StoredResult = {
    ...WANTED_EACH,
    ...FACTS,
    outputs: {
      peaks: fileOutput(store, 'peaks', '.arrow', { '.csv': 'at\n1\n' }),
      trace: fileOutput(store, 'trace', '.raw'),
      parts: folderOutput(store, { 'a.txt': 'one', 'deep/er/b.txt': 'two', empty: '' }),
      triggers: null,
    },
    headline: { port: 'peaks', column: 'at', columns: ['at'], rows: [['1']] },
    log: [{ level: 'warning', message: 'few peaks' }],
  };
  writeResult(store, result);
  return result;
}

const NONE = { http: '', https: '', except: '' };

/** The remote cache of a run with a store of its own. Collects its warnings. */
export function remoteAt(
  url: string,
  {
    store = temporaryStore(),
    write = false,
    force = false,
    limits = {} as Partial<Limits>,
    token = '',
    proxies = NONE,
  } = {},
) {
  const address = addressOf({ url, write }, { GROUNDPROOF_REMOTE_TOKEN: token });
  if (!address.ok || address.value === null) throw new Error(JSON.stringify(address));
  const warnings: string[] = [];
  const interrupt = new AbortController();
  const remote = openRemote({
    address: address.value,
    store,
    proxies,
    force,
    warn: (message) => warnings.push(message),
    interrupt: interrupt.signal,
    limits: { ...LIMITS, connectMs: 1000, idleMs: 1000, ...limits },
  });
  onTestFinished(() => remote.close());
  return {
    store,
    remote,
    warnings,
    interrupt: () => interrupt.abort(),
    take: (wanted = WANTED) => remote.take('detect@a', wanted, () => {}),
    async send(result: StoredResult, { isNew = true } = {}) {
      remote.offer({ action: 'detect@a', result, isNew });
      return remote.settled();
    },
    held: ({ key } = WANTED) => {
      const lookup = lookUp(store, key);
      return 'found' in lookup ? lookup.found : undefined;
    },
  };
}
