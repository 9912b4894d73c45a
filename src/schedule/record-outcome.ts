/** The ends of an action: each shows or clears its files in `out/`, records the outcome, and emits `action-finished`. */

import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure } from '../base/failure.ts';
import type { Cause } from '../history/cause.ts';
import type { Action } from '../pipeline/graph.ts';
import type { LogLine, StoredResult } from '../store/result.ts';
import type { Outcome, Skipped } from './outcomes.ts';
import { placeOf, type RunContext, warningsOf } from './run-state.ts';

/** An action that is being performed. */
export interface Performing extends RunContext {
  readonly action: Action;
  /** Milliseconds since it began, waiting included. */
  elapsed(): number;
}

/** Undefined if a stored file turned out damaged; it was dropped, so the result no longer counts. */
export async function recordSuccess(
  { action, out, remote, emit, state, elapsed }: Performing,
  outcome: 'executed' | 'reused',
  result: StoredResult,
  why: readonly Cause[],
): Promise<Outcome | undefined> {
  const { name } = action;
  const isExecuted = outcome === 'executed';
  const shown = await out.show(placeOf(action), result, { isFresh: isExecuted });
  if (shown === 'damaged') return undefined;
  if (typeof shown === 'object') for (const path of shown.inTheWay) state.inTheWay.add(path);
  state.results.set(name, result);
  remote?.offer({ action: name, result, isNew: isExecuted });
  state.records.set(name, { action: name, outcome, why, failure: null, by: [] });
  const warnings = warningsOf(state.prepared.get(name), result);
  // The execution's own time, without waiting for claims or queues.
  const milliseconds = isExecuted ? result.milliseconds : elapsed();
  emit(
    outcome === 'executed'
      ? { type: 'action-finished', action: name, outcome, why, warnings, milliseconds }
      : { type: 'action-finished', action: name, outcome, warnings, milliseconds },
  );
  return { outcome, result };
}

/** A failure after an abort is a consequence of it, and counts as cancelled. */
export function recordFailure(
  performing: Performing,
  failure: ActionFailure,
  why: readonly Cause[] = [],
  log: readonly LogLine[] = [],
): Outcome {
  const { action, out, emit, signal, state, elapsed } = performing;
  const { name } = action;
  if (signal.aborted) return recordCancelled(performing, why);
  const milliseconds = elapsed();
  // Keep earlier outputs if the name of an input is only mistyped.
  if (failure.reason !== 'input-missing') out.clear(placeOf(action));
  emit({ type: 'action-finished', action: name, outcome: 'failed', why, failure, log, milliseconds });
  state.records.set(name, { action: name, outcome: 'failed', why, failure, by: [] });
  return { outcome: 'failed' };
}

export function recordCancelled({ action, emit, state, elapsed }: Performing, why: readonly Cause[]): Outcome {
  const { name } = action;
  state.records.set(name, { action: name, outcome: 'cancelled', why, failure: null, by: [] });
  emit({ type: 'action-finished', action: name, outcome: 'cancelled', milliseconds: elapsed() });
  return { outcome: 'cancelled' };
}

/** Records an action that was never performed. */
export function recordSkipped(
  action: Action,
  skipped: Skipped,
  { out, emit, state: { records } }: Pick<RunContext, 'out' | 'emit' | 'state'>,
): void {
  const { name } = action;
  const by = skipped.outcome === 'blocked' ? skipped.by : [];
  records.set(name, { action: name, outcome: skipped.outcome, why: [], failure: null, by });
  const isMistyped = (need: ActionName) => records.get(need)?.failure?.reason === 'input-missing';
  if (skipped.outcome === 'blocked' && !by.every(isMistyped)) out.clear(placeOf(action));
  emit({ type: 'action-finished', action: name, milliseconds: 0, ...skipped });
}
