/** Performs one action of a run: considers it, then takes its result or makes it. */

import type { ActionName, ActionParts } from '../base/action-name.ts';
import { type ActionFailure, fileSystemFailure } from '../base/failure.ts';
import { stopwatch } from '../base/time.ts';
import { type Executed, executeFromMainThread, type LocalExecutor } from '../execute/execute.ts';
import type { Cause } from '../history/cause.ts';
import type { Emit, Event } from '../history/event.ts';
import type { ActionRecord } from '../history/run-record.ts';
import type { OutFolder } from '../out/folder.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Absent, Prepared } from '../plan/prepare.ts';
import { consider, type Session } from '../plan/session.ts';
import type { Remote } from '../remote/remote.ts';
import { claim } from '../store/claim.ts';
import { holderText } from '../store/holder-text.ts';
import { lookUpHashed } from '../store/rehash.ts';
import { lookUpAfresh, type StoredResult } from '../store/result.ts';
import type { Outcome } from './schedule.ts';

/** What is gathered while a run goes on. */
export interface Tally {
  readonly records: Map<ActionName, ActionRecord>;
  readonly prepared: Map<ActionName, Prepared>;
  readonly results: Map<ActionName, StoredResult>;
  /** Paths in `out/` where something of the user's stands in the way of results. */
  readonly inTheWay: Set<string>;
}

export interface Around {
  readonly session: Session;
  readonly out: OutFolder;
  readonly remote: Remote | null;
  /** Makes what is not in the store: here (`makeHere`), or by the jobs of a cluster. */
  readonly make: Make;
  /** Whether the action was begun elsewhere, for this run. */
  isBegun(action: ActionName): boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly tally: Tally;
}

/** What came of making an action; `reused` where somebody else had made the result meanwhile. */
export type Made = { readonly executed: Executed } | { readonly reused: StoredResult } | { readonly cancelled: true };

/** Calls `shareFree` when all that is left to do waits for the disk. */
export type Make = (
  action: Action,
  prepared: Prepared,
  why: readonly Cause[],
  around: Pick<Around, 'session' | 'remote' | 'emit' | 'signal'>,
  shareFree: () => void,
) => Promise<Made>;

/** One action: consider it, then take its result or make it. */
export async function perform(
  action: Action,
  resultOf: (name: ActionName) => StoredResult | undefined,
  around: Around,
  shareFree: () => void,
): Promise<Outcome> {
  const { session, out, make, isBegun, emit, signal, tally } = around;
  const elapsed = stopwatch();
  const { name } = action;
  const cancel = (why: readonly Cause[]): Outcome => {
    tally.records.set(name, { action: name, outcome: 'cancelled', why, failure: null, by: [] });
    emit({ type: 'action-finished', action: name, outcome: 'cancelled', milliseconds: elapsed() });
    return { outcome: 'cancelled' };
  };
  const fail = (
    failure: ActionFailure,
    why: readonly Cause[],
    log: Extract<Event, { outcome: 'failed' }>['log'],
  ): Outcome => {
    if (signal.aborted) return cancel(why);
    const milliseconds = elapsed();
    // A name that was mistyped removes nothing.
    if (failure.reason !== 'input-missing') out.clear(placeOf(action));
    emit({ type: 'action-finished', action: name, outcome: 'failed', why, failure, log, milliseconds });
    tally.records.set(name, { action: name, outcome: 'failed', why, failure, by: [] });
    return { outcome: 'failed' };
  };
  /** Undefined where a stored file was no longer what was stored: it was dropped. */
  const succeed = async (
    outcome: 'executed' | 'reused',
    result: StoredResult,
    why: readonly Cause[],
  ): Promise<Outcome | undefined> => {
    const shown = await out.show(placeOf(action), result, { isFresh: outcome === 'executed' });
    if (shown === 'damaged') return undefined;
    if (typeof shown === 'object') for (const path of shown.inTheWay) tally.inTheWay.add(path);
    tally.results.set(name, result);
    around.remote?.offer(name, result, outcome === 'executed');
    tally.records.set(name, { action: name, outcome, why, failure: null, by: [] });
    const warnings = warningsOf(tally.prepared.get(name), result);
    // Of what was made, how long that took: waiting for another process, or for a place in a queue, is none of it.
    const milliseconds = outcome === 'executed' ? result.milliseconds : elapsed();
    emit(
      outcome === 'executed'
        ? { type: 'action-finished', action: name, outcome, why, warnings, milliseconds }
        : { type: 'action-finished', action: name, outcome, warnings, milliseconds },
    );
    return { outcome, result };
  };

  try {
    const considered = await consider(session, action, resultOf, isBegun(name));
    if (!considered.ok) return fail(considered.error, [], []);
    const { prepared, decision } = considered.value;
    tally.prepared.set(name, prepared);
    const made =
      decision.decision === 'reuse'
        ? { reused: decision.result }
        : await make(action, prepared, decision.why, around, shareFree);
    const why = decision.decision === 'reuse' ? [] : decision.why;
    if ('cancelled' in made) return cancel(why);
    if ('reused' in made) {
      // A damaged file was dropped, so the next attempt makes it again.
      const outcome = await succeed('reused', made.reused, []);
      if (outcome) return outcome;
      return session.store.refusal ? fail(DAMAGED, [], []) : await perform(action, resultOf, around, shareFree);
    }
    const { executed } = made;
    if (!executed.ok) return fail(executed.failure, why, executed.log);
    return (await succeed('executed', executed.result, why)) ?? fail(DAMAGED, why, []);
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (!failure) throw error;
    return fail(failure, [], []);
  }
}

const DAMAGED: ActionFailure = {
  reason: 'file-system',
  code: 'EIO',
  message: 'the store does not hold what was written to it',
};

/** Executes actions in this process. */
export const makeHere =
  (executor: LocalExecutor): Make =>
  (...asked) =>
    makeUnderClaim(executor, ...asked);

/** Executes an action under the claim of its key; if another process made the result meanwhile, takes that. */
async function makeUnderClaim(
  executor: LocalExecutor,
  ...[action, prepared, why, { session, remote, emit, signal }, shareFree]: Parameters<Make>
): Promise<Made> {
  const { store } = session;
  const { name } = action;
  if (store.refusal) throw store.refusal;
  const held = await claim(store.claim(prepared.key), {
    opening: store.opening,
    signal,
    onWait(holder) {
      const message = `the same result is being made by ${holderText(holder)}; waiting for it`;
      emit({ type: 'action-log', action: name, level: 'notice', message });
    },
  });
  if (!held) return { cancelled: true };
  let ended: (() => void) | undefined;
  try {
    const forced = why.some(({ cause }) => cause === 'forced');
    const lookup = forced ? undefined : await lookUpHashed(store, prepared.key, lookUpAfresh);
    if (lookup && 'found' in lookup) return { reused: lookup.found };
    const progress = (fraction: number) => emit({ type: 'action-progress', action: name, fraction });
    const taken = forced ? undefined : await remote?.take(name, prepared, progress);
    if (taken) return { reused: taken };
    if (signal.aborted) return { cancelled: true };
    emit({ type: 'action-started', action: name, why });
    for (const one of prepared.absent) {
      emit({ type: 'action-log', action: name, level: 'warning', message: absentText(one) });
    }
    ended = remote?.executing(prepared.preimage);
    const executed = await executeFromMainThread({
      action,
      prepared,
      session,
      executor,
      hooks: { log: (line) => emit({ type: 'action-log', action: name, ...line }), progress, signal },
      releaseShare: shareFree,
    });
    return { executed };
  } finally {
    ended?.();
    held.release();
  }
}

export const placeOf = ({ step, recording }: Action): ActionParts => ({ step: step.name, recording });

const absentText = ({ port, path }: Absent): string => `input ${port}: there is no file ${path}; going on without it`;

/** The files that it does without, which belong to the pipeline and not to the result, and what its task warned of. */
export const warningsOf = (prepared: Prepared | undefined, { log }: StoredResult): readonly string[] => [
  ...(prepared?.absent.map(absentText) ?? []),
  ...log.filter(({ level }) => level === 'warning').map(({ message }) => message),
];
