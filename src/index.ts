/** `groundwork`: what the commands are made of, for programs that embed the engine. */
import type { RunFailure } from './failure.ts';
import type { Result } from './result.ts';
import type { Event, RunFinished } from './run/event.ts';
import { type Request, requestOf } from './run/request.ts';
import { run as runWithEvents } from './run/run.ts';

export type { ActionFailure, RunFailure } from './failure.ts';
export type { Diagnostic } from './pipeline/diagnostic.ts';
export type { Action, ActionName, Graph } from './pipeline/graph.ts';
export type { Overrides } from './pipeline/override.ts';
export type { Pipeline, Step } from './pipeline/pipeline.ts';
export { runFailureText } from './report/failure.ts';
export type { Result } from './result.ts';
export type { Cause } from './run/cause.ts';
export type { RunDiff } from './run/diff.ts';
export { diff } from './run/diff-runs.ts';
export type { ActionPlanned, Event, RunFinished } from './run/event.ts';
export { type Explained, explainLast as explain } from './run/explain-last.ts';
export { type Freed, type GcRequest, gc } from './run/gc.ts';
export { plan } from './run/plan.ts';
export { type Request, requestOf } from './run/request.ts';
export { openSession as load, type Session } from './run/session.ts';
export { type Sweep, type SweepPoint, type SweptAxis, type SweptRun, sweep } from './run/sweep.ts';
export type { ActionVerified, Difference, VerifyEvent, VerifyFinished } from './verify/event.ts';
export { type Locked, lock } from './verify/lock.ts';
export { type VerifyRequest, verify } from './verify/verify.ts';

/**
 * Runs a pipeline as an async iterable of its events; returns how it finished, or why nothing could be run.
 * Leaving the loop early, or aborting `signal`, stops the run cleanly.
 */
export async function* run(
  asked: Partial<Request>,
  signal?: AbortSignal,
): AsyncGenerator<Event, Result<RunFinished, RunFailure>> {
  const stop = new AbortController();
  const events: Event[] = [];
  let wake = () => {};
  let ended = false;
  const running = runWithEvents(
    requestOf(asked),
    (event) => {
      events.push(event);
      wake();
    },
    signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  ).finally(() => {
    ended = true;
    wake();
  });
  try {
    for (;;) {
      const event = events.shift();
      if (event) yield event;
      else if (ended) return await running;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop.abort();
    await running.catch(() => {});
  }
}
