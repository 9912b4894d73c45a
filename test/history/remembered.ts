/** A history made by hand: runs of a small pipeline whose results exist only as preimages. */

import type { ActionName } from '../../src/base/action-name.ts';
import type { ActionFailure } from '../../src/base/failure.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { type Digest, digestOf } from '../../src/files/digest.ts';
import type { Cause } from '../../src/history/cause.ts';
import type { History } from '../../src/history/history.ts';
import type { ActionRecord, Run, RunRecord, StepRecord } from '../../src/history/run-record.ts';
import { requestOf } from '../../src/load/request.ts';
import type { Input } from '../../src/pipeline/pipeline.ts';
import { type InputIdentity, type Key, keyOf, type Preimage } from '../../src/store/key.ts';
import type { StoredResult } from '../../src/store/result.ts';

export interface Did {
  readonly outcome?: ActionRecord['outcome'];
  readonly why?: readonly Cause[];
  readonly failure?: ActionFailure;
  readonly by?: readonly string[];
  readonly params?: JsonObject;
  readonly code?: string;
  /** Contents by port; those of a gathered input by recording. */
  readonly inputs?: { readonly [port: string]: string | { readonly [recording: string]: string } };
  readonly outputs?: StoredResult['outputs'];
  readonly declared?: Preimage['outputs'];
  readonly headline?: StoredResult['headline'];
  /** The result is gone; only the record of the run knows of it. */
  readonly lost?: boolean;
}

export const fromFile = (path: string): Input => ({ kind: 'file', path });
export const fromPort = (step: string, gathered = false): Input => ({
  kind: 'port',
  step,
  port: 'out',
  gathered,
  partial: false,
});

export const stepRecord = (
  name: string,
  each: boolean,
  inputs: StepRecord['inputs'] = {},
  more: Partial<StepRecord> = {},
): StepRecord => ({ name, each, inputs, positions: {}, sources: {}, ...more });

export interface Memory extends History {
  /** Remembers a run that follows the last. */
  ran(steps: readonly StepRecord[], did: { readonly [action: string]: Did }): Run;
  /** Remembers a run with nothing to do. */
  ranSame(as: Run): Run;
  forget(run: Run): void;
}

export function memory(): Memory {
  const runs = new Map<string, Run>();
  const results = new Map<Key, StoredResult>();
  let last: RunRecord | undefined;
  const add = (run: Run): Run => {
    runs.set(run.run, run);
    return run;
  };
  const next = () => ({ run: `run${runs.size + 1}`, began: `2000-01-0${runs.size + 1}T00:00:00.000Z` });
  return {
    run: (id) => runs.get(id),
    result: (key) => results.get(key),
    ran(steps, did) {
      const keys: { [action: string]: Key } = { ...last?.keys };
      const actions = Object.entries(did).map(([action, one]): ActionRecord => {
        const { outcome = 'executed', why = [], failure = null, by = [] } = one;
        if (outcome === 'executed' || outcome === 'reused') {
          const result = resultOf(action, one, next().began);
          keys[action] = result.key;
          if (!one.lost && !results.has(result.key)) results.set(result.key, result);
        }
        return { action: action as ActionName, outcome, why, failure, by: by as ActionName[] };
      });
      const about = { ...next(), request: requestOf({ pipeline: '/project/pipeline.yaml' }) };
      last = { ...about, actions, keys, steps, sources: {}, seconds: {}, previous: last?.run ?? null };
      return add({ ...about, record: last });
    },
    ranSame: ({ record, request }) => add({ ...next(), request, record }),
    forget: ({ run }) => void runs.delete(run),
  };
}

function resultOf(action: string, did: Did, started: string): StoredResult {
  const { params = {}, code = '', inputs = {}, outputs = {}, declared = {}, headline = null } = did;
  const preimage: Preimage = {
    format: 1,
    task: { kind: 'module', code: digestOf(code), packages: [] },
    params: { of: action.split('@')[0] ?? '', ...params },
    inputs: Object.fromEntries(Object.entries(inputs).map(([port, content]) => [port, identity(content)])),
    outputs: declared,
  };
  return { key: keyOf(preimage), preimage, outputs, headline, log: [], action, started, milliseconds: 1000 };
}

const identity = (content: string | { readonly [recording: string]: string }): InputIdentity =>
  typeof content === 'string'
    ? { digest: digestOf(content), extension: '.csv' }
    : {
        gathered: Object.entries(content).map(([recording, text]) => ({
          recording,
          digest: digestOf(text),
          extension: '.csv',
        })),
      };

export const changed = (port: string, source: string, recording: string | null = null): Cause => ({
  cause: 'input-changed',
  port,
  recording,
  source,
  from: digestOf('1'),
  to: digestOf('2') as Digest,
});
