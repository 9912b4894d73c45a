/** Verifies results: executes actions again under other conditions, and compares digests with the lock and the store. */

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { stopwatch } from '../base/time.ts';
import { collectLog } from '../execute/action-log.ts';
import { watchInputs } from '../execute/watch-inputs.ts';
import { digestOf } from '../files/digest.ts';
import { removeTreeIfPossible } from '../files/remove.ts';
import { type Lock, lockedOutputs, lockPathOf, lockText, readLock } from '../history/lock-file.ts';
import type { Request } from '../load/request.ts';
import type { Action } from '../pipeline/graph.ts';
import { type Session, withSession } from '../plan/session.ts';
import { lockDifferences, madeDifferences, storeDifferences } from './compare.ts';
import { type Current, currentResults } from './current-results.ts';
import type { ActionVerified, VerifyEvent, VerifyFinished } from './event.ts';
import { executeAgain, type Surroundings } from './execute-again.ts';
import { engineReads, withoutNetwork } from './sandbox.ts';

export interface VerifyRequest extends Request {
  /** How many actions to execute; null for all that are asked for. */
  readonly sample: number | null;
  /** Chooses the sample; null: the digest of the lock, or of the results, so that it varies with them. */
  readonly seed: string | null;
}

export async function verify(
  request: VerifyRequest,
  emit: (event: VerifyEvent) => void,
  signal: AbortSignal,
): Promise<Result<VerifyFinished, RunFailure>> {
  // By its real name: loading code resolves links, and may read only what it was told of.
  const store = existsSync(request.store) ? realpathSync(request.store) : request.store;
  return withSession({ ...request, store, bundleAfresh: true }, async (session) => {
    // A lock is of the pipeline as it is written: with other parameters or recordings there is the store alone.
    const asWritten = Object.keys(request.overrides).length === 0;
    const lock = asWritten ? readLock(lockPathOf(request.pipeline)) : ok(undefined);
    if (!lock.ok) return lock;
    const current = await currentResults(session);
    return current.ok ? ok(await verifySession(request, session, current.value, lock.value, emit, signal)) : current;
  });
}

async function verifySession(
  request: VerifyRequest,
  session: Session,
  current: ReadonlyMap<ActionName, Current>,
  lock: Lock | undefined,
  emit: (event: VerifyEvent) => void,
  signal: AbortSignal,
): Promise<VerifyFinished> {
  const elapsed = stopwatch();
  const { graph, targets, loaded } = session;
  // From the end: whatever an action reads is in the store, so no order is the right one.
  const asked = graph.actions.filter(({ name }) => targets.has(name)).reverse();
  const names = asked.map(({ name }) => name);
  const sampled = request.sample !== null && request.sample < asked.length;
  const seed = sampled ? (request.seed ?? seedOf(current, lock)) : null;
  const chosen = seed === null ? new Set(names) : sampleOf(names, request.sample ?? names.length, seed);
  const surroundings: Surroundings = { engine: engineReads(), network: withoutNetwork() };
  emit({
    type: 'verify-started',
    pipeline: loaded.pipeline.name,
    actions: asked.length,
    sampled: chosen.size,
    seed,
    lock: lock ? lockPathOf(request.pipeline) : null,
    jobs: request.jobs,
    network: surroundings.network.length > 0 ? 'denied' : 'not-watched',
    shell: asked.filter(({ name, step }) => chosen.has(name) && step.task.kind === 'shell').length,
  });

  const counts = { same: 0, differs: 0, failed: 0, skipped: 0 };
  const limit = pLimit(request.jobs);
  await Promise.all(
    asked.map((action, number) =>
      limit(async () => {
        const found = current.get(action.name);
        if (!found || signal.aborted) return;
        const executed = chosen.has(action.name);
        const verified = await verifyAction(action, found, session, lock, executed && { surroundings, number, signal });
        // Interrupted: what was underway says nothing. Not executed and as the lock says: nothing to say.
        if (signal.aborted || (!executed && verified.outcome === 'same')) return;
        counts[verified.outcome]++;
        emit(verified);
      }),
    ),
  );
  const known = new Set<string>(names);
  const gone = request.targets.length > 0 ? [] : [...(lock?.keys() ?? [])].filter((name) => !known.has(name)).sort();
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

async function verifyAction(
  action: Action,
  { prepared, result }: Current,
  session: Session,
  lock: Lock | undefined,
  again: false | { readonly surroundings: Surroundings; readonly number: number; readonly signal: AbortSignal },
): Promise<ActionVerified> {
  const elapsed = stopwatch();
  const { store } = session;
  const { outputs } = action.step.interface;
  const about = () => ({
    type: 'action-verified' as const,
    action: action.name,
    executed: again !== false && !action.step.interface.network,
    milliseconds: elapsed(),
  });
  const locked = lock?.get(action.name);
  const byLock = lock ? await lockDifferences(store, outputs, result, locked) : [];
  if (!again) return byLock.length === 0 ? { ...about(), outcome: 'same' } : differs(byLock);
  if (action.step.interface.network) {
    const found = [...byLock, ...(await storeDifferences(store, outputs, result))];
    return found.length === 0 ? { ...about(), outcome: 'skipped', reason: 'network' } : differs(found);
  }
  const { surroundings, number, signal } = again;
  for (let attempt = 0; ; attempt++) {
    const log = collectLog(() => {});
    const scratch = join(store.scratch, `${number}.${attempt}`);
    try {
      const watched = await watchInputs(prepared, session);
      if (!watched.ok) return { ...about(), outcome: 'failed', failure: watched.error, log: log.lines() };
      const made = await executeAgain(action, prepared, session, surroundings, scratch, { log: log.add, signal });
      const changed = await watched.value();
      if (changed) return { ...about(), outcome: 'failed', failure: changed, log: log.lines() };
      if (!made.ok) {
        if (attempt < action.step.retries && !signal.aborted && made.error.reason !== 'access-denied') continue;
        return { ...about(), outcome: 'failed', failure: made.error, log: log.lines() };
      }
      const differences = await madeDifferences(store, outputs, made.value, result, locked);
      const missing = lock && !locked ? byLock : [];
      return differences.length + missing.length === 0
        ? { ...about(), outcome: 'same' }
        : differs([...missing, ...differences]);
    } finally {
      removeTreeIfPossible(scratch);
    }
  }

  function differs(differences: Extract<ActionVerified, { outcome: 'differs' }>['differences']): ActionVerified {
    return { ...about(), outcome: 'differs', differences };
  }
}

/** Eight digits are enough to choose by, and short enough to type again. */
function seedOf(current: ReadonlyMap<ActionName, Current>, lock: Lock | undefined): string {
  const held = lock ?? new Map([...current].map(([name, { result }]) => [name, lockedOutputs(result)]));
  return digestOf(lockText(held)).slice(0, 8);
}

/** The names that a seed chooses: each name has a place of its own, so that a new one changes little. */
function sampleOf<N extends string>(names: readonly N[], size: number, seed: string): ReadonlySet<N> {
  const placed = names.map((name) => ({ name, place: digestOf(`${seed}\n${name}`) }));
  placed.sort((a, b) => (a.place < b.place ? -1 : 1));
  return new Set(placed.slice(0, size).map(({ name }) => name));
}
