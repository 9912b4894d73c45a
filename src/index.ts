/** `groundwork`: what the commands are made of, for programs that embed the engine. */
import type { RunFailure } from './failure.ts';
import type { Result } from './result.ts';
import { diff as diffRuns } from './run/diff-runs.ts';
import type { Event, RunFinished } from './run/event.ts';
import { explainLast } from './run/explain-last.ts';
import { plan as planRequest } from './run/plan.ts';
import { type Request, requestOf } from './run/request.ts';
import { run as runWithEvents } from './run/run.ts';
import { openSession } from './run/session.ts';
import { sweep as sweepRequest } from './run/sweep.ts';
import type { VerifyEvent } from './verify/event.ts';
import { lock as lockRequest } from './verify/lock.ts';
import { type VerifyRequest, verify as verifyRequest } from './verify/verify.ts';

export type { ActionFailure, RunFailure } from './failure.ts';
export type { Diagnostic } from './pipeline/diagnostic.ts';
export type { Action, ActionName, Graph } from './pipeline/graph.ts';
export type { Overrides } from './pipeline/override.ts';
export type { Pipeline, Step } from './pipeline/pipeline.ts';
export { runFailureText } from './report/failure.ts';
export type { Result } from './result.ts';
export type { Cause } from './run/cause.ts';
export type { RunDiff } from './run/diff.ts';
export type { ActionPlanned, Event, RunFinished } from './run/event.ts';
export type { Explained } from './run/explain-last.ts';
export { type Freed, type GcRequest, gc } from './run/gc.ts';
export { type Request, requestOf } from './run/request.ts';
export type { Session } from './run/session.ts';
export type { Sweep, SweepPoint, SweptAxis, SweptRun } from './run/sweep.ts';
export type { ActionVerified, Difference, VerifyEvent, VerifyFinished } from './verify/event.ts';
export type { Locked } from './verify/lock.ts';
export type { VerifyRequest } from './verify/verify.ts';

/** Each takes a request as `run` does: what is left out has its default. */
const asked =
  <More extends unknown[], T>(use: (request: Request, ...more: More) => T) =>
  (request: Partial<Request>, ...more: More): T =>
    use(requestOf(request), ...more);

export const load = asked(openSession);
export const plan = asked(planRequest);
export const explain = asked(explainLast);
export const diff = asked(diffRuns);
export const sweep = asked(sweepRequest);
export const lock = asked(lockRequest);

export const verify = (
  request: Partial<VerifyRequest>,
  emit: (event: VerifyEvent) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
) => verifyRequest({ ...requestOf(request), sample: request.sample ?? null, seed: request.seed ?? null }, emit, signal);

/**
 * Runs a pipeline as an async iterable of its events; returns how it finished, or why nothing could be run.
 * Leaving the loop early, or aborting `signal`, stops the run cleanly.
 */
export async function* run(
  request: Partial<Request>,
  signal?: AbortSignal,
): AsyncGenerator<Event, Result<RunFinished, RunFailure>> {
  const stop = new AbortController();
  const events: Event[] = [];
  let wake = () => {};
  let ended = false;
  const running = runWithEvents(
    requestOf(request),
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
