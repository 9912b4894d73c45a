/** Verifies results: executes actions again under other conditions, and compares them with the lock and the store. */

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure, RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { stopwatch } from '../base/time.ts';
import { collectLog } from '../execute/action-log.ts';
import { watchInputs } from '../execute/watch-inputs.ts';
import { digestOf } from '../files/digest.ts';
import { removeTreeIfPossible } from '../files/remove.ts';
import { type Lock, type LockedOutputs, lockedOutputs, lockPathOf, lockText, readLock } from '../history/lock-file.ts';
import { isForAll, type Request } from '../load/request.ts';
import type { Action } from '../pipeline/graph.ts';
import { type Session, withSession } from '../plan/session.ts';
import { lockDifferences, madeDifferences, storeDifferences } from './compare.ts';
import { type Current, currentResults } from './current-results.ts';
import type { ActionVerified, Difference, VerifyEvent, VerifyFinished } from './event.ts';
import { executeAgain, type Surroundings } from './execute-again.ts';
import { engineReads, withoutNetwork } from './sandbox.ts';

export interface VerifyRequest extends Request {
  /** How many actions to execute; null for all targets. */
  readonly sample: number | null;
  /** Chooses the sample; null for the digest of the lock or the results, so that the sample varies with them. */
  readonly seed: string | null;
}

export async function verify(
  request: VerifyRequest,
  emit: (event: VerifyEvent) => void,
  signal: AbortSignal,
): Promise<Result<VerifyFinished, RunFailure>> {
  // By its real path: loading code resolves links, and a task may read only the paths that it was given.
  const store = existsSync(request.store) ? realpathSync(request.store) : request.store;
  return withSession({ ...request, store, bundleAfresh: true }, async (session) => {
    // A lock describes the pipeline as written: with overrides only the store is left to compare with.
    const asWritten = Object.keys(request.overrides).length === 0;
    const lock = asWritten ? readLock(lockPathOf(request.pipeline)) : ok(undefined);
    if (!lock.ok) return lock;
    const current = await currentResults(session);
    if (!current.ok) return current;
    return ok(await verifySession(request, { session, current: current.value, lock: lock.value, signal }, emit));
  });
}

interface Verification {
  readonly session: Session;
  readonly current: ReadonlyMap<ActionName, Current>;
  readonly lock: Lock | undefined;
  readonly signal: AbortSignal;
}

async function verifySession(
  request: VerifyRequest,
  verification: Verification,
  emit: (event: VerifyEvent) => void,
): Promise<VerifyFinished> {
  const elapsed = stopwatch();
  const { current, lock, signal, session } = verification;
  // In reverse order: all inputs are in the store, so actions may be executed in any order.
  const actions = session.graph.actions.filter(({ name }) => session.targets.has(name)).reverse();
  const sample = sampleFor(request, actions, verification);
  const surroundings: Surroundings = { engine: engineReads(), network: withoutNetwork() };
  emit({
    type: 'verify-started',
    pipeline: session.loaded.pipeline.name,
    actions: actions.length,
    sampled: sample.names.size,
    seed: sample.seed,
    lock: lock ? lockPathOf(request.pipeline) : null,
    jobs: request.jobs,
    network: surroundings.network.length > 0 ? 'denied' : 'not-watched',
    shell: actions.filter(({ name, step }) => sample.names.has(name) && step.task.kind === 'shell').length,
  });

  const counts = { same: 0, differs: 0, failed: 0, skipped: 0 };
  const limit = pLimit(request.jobs);
  await Promise.all(
    actions.map((action, index) =>
      limit(async () => {
        const found = current.get(action.name);
        if (!found || signal.aborted) return;
        const isSampled = sample.names.has(action.name);
        const target = { action, ...found, locked: lock?.get(action.name) };
        const verified = isSampled
          ? await executeAndCompare(target, verification, { surroundings, index })
          : await compareStored(target, verification);
        // An interrupted action says nothing, and neither does an unsampled action that equals the lock.
        if (signal.aborted || (!isSampled && verified.outcome === 'same')) return;
        counts[verified.outcome]++;
        emit(verified);
      }),
    ),
  );
  const names = new Set<string>(actions.map(({ name }) => name));
  const gone = isForAll(request) ? [...(lock?.keys() ?? [])].filter((name) => !names.has(name)).sort() : [];
  const milliseconds = elapsed();
  const finished: VerifyFinished = {
    type: 'verify-finished',
    ...counts,
    gone,
    milliseconds,
    interrupted: signal.aborted,
  };
  emit(finished);
  return finished;
}

/** An action, its stored result, and its outputs in the lock. */
interface Target extends Current {
  readonly action: Action;
  readonly locked: LockedOutputs | undefined;
}

/** Compares the stored result of an action with the lock, without executing the action. */
async function compareStored({ action, result, locked }: Target, verification: Verification): Promise<ActionVerified> {
  const elapsed = stopwatch();
  const differences = await storedDifferences({ action, result, locked }, verification);
  const about = { type: 'action-verified', action: action.name, executed: false, milliseconds: elapsed() } as const;
  return differences.length === 0 ? { ...about, outcome: 'same' } : { ...about, outcome: 'differs', differences };
}

const storedDifferences = async (
  { action, result, locked }: Pick<Target, 'action' | 'result' | 'locked'>,
  { session: { store }, lock }: Verification,
): Promise<readonly Difference[]> =>
  lock ? lockDifferences({ store, ports: action.step.interface.outputs, result, locked }) : [];

/** Executes an action in a fresh process, and compares its outputs with the lock and the store. */
async function executeAndCompare(
  target: Target,
  verification: Verification,
  { surroundings, index }: { readonly surroundings: Surroundings; readonly index: number },
): Promise<ActionVerified> {
  const elapsed = stopwatch();
  const { action, prepared, result, locked } = target;
  const { session, lock, signal } = verification;
  const { store } = session;
  const { outputs: ports, network } = action.step.interface;
  const about = () => ({
    type: 'action-verified' as const,
    action: action.name,
    executed: !network,
    milliseconds: elapsed(),
  });
  const outcome = (differences: readonly Difference[], without: 'same' | 'skipped'): ActionVerified => {
    if (differences.length > 0) return { ...about(), outcome: 'differs', differences };
    return without === 'same' ? { ...about(), outcome: 'same' } : { ...about(), outcome: 'skipped', reason: 'network' };
  };
  const stored = await storedDifferences(target, verification);
  if (network) return outcome([...stored, ...(await storeDifferences({ store, ports, result }))], 'skipped');
  for (let attempt = 0; ; attempt++) {
    const log = collectLog(() => {});
    const scratch = join(store.scratch, `${index}.${attempt}`);
    const failed = (failure: ActionFailure): ActionVerified => {
      return { ...about(), outcome: 'failed', failure, log: log.lines() };
    };
    try {
      const watched = await watchInputs(prepared, session);
      if (!watched.ok) return failed(watched.error);
      const made = await executeAgain({ action, prepared, scratch }, session, surroundings, { log: log.add, signal });
      const changed = await watched.value();
      if (changed) return failed(changed);
      if (!made.ok) {
        if (attempt < action.step.retries && !signal.aborted && made.error.reason !== 'access-denied') continue;
        return failed(made.error);
      }
      const differences = await madeDifferences({ store, ports, result, locked }, made.value);
      const missing = lock && !locked ? stored : [];
      return outcome([...missing, ...differences], 'same');
    } finally {
      removeTreeIfPossible(scratch);
    }
  }
}

interface Sample {
  readonly names: ReadonlySet<ActionName>;
  /** Null if all actions are in the sample. */
  readonly seed: string | null;
}

function sampleFor(request: VerifyRequest, actions: readonly Action[], { current, lock }: Verification): Sample {
  const names = actions.map(({ name }) => name);
  if (request.sample === null || request.sample >= names.length) return { names: new Set(names), seed: null };
  const seed = request.seed ?? seedOf(current, lock);
  return { names: sampleOf(names, request.sample, seed), seed };
}

/** Eight digits are enough to choose a sample, and short enough to type again. */
function seedOf(current: ReadonlyMap<ActionName, Current>, lock: Lock | undefined): string {
  const outputs = lock ?? new Map([...current].map(([name, { result }]) => [name, lockedOutputs(result)]));
  return digestOf(lockText(outputs)).slice(0, 8);
}

/** Sorts names by the digest of seed and name, and takes the first: so a new name changes the sample little. */
function sampleOf<N extends string>(names: readonly N[], size: number, seed: string): ReadonlySet<N> {
  const ranked = names.map((name) => ({ name, rank: digestOf(`${seed}\n${name}`) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return new Set(ranked.slice(0, size).map(({ name }) => name));
}
