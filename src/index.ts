/** The library `groundproof`: the functions behind the commands, for programs that embed the engine. */
import colors from 'picocolors';
import type { RunFailure } from './base/failure.ts';
import { err, ok, type Result } from './base/result.ts';
import { gcRequestProblem, requestProblem, verifyRequestProblem } from './check-request.ts';
import { diff as diffRuns } from './diff/ask.ts';
import { explainLast } from './explain/ask.ts';
import type { Event, RunFinished } from './history/event.ts';
import { type Request, requestOf } from './load/request.ts';
import { plan as planRequest } from './plan/plan.ts';
import { openSession, type Session } from './plan/session.ts';
import { runFailureText as paintedRunFailureText } from './report/run-failure.ts';
import { run as runWithEvents } from './run/run.ts';
import { sweep as sweepRequest } from './sweep/sweep.ts';
import { type GcRequest, gc as gcRequest } from './upkeep/gc.ts';
import type { VerifyEvent } from './verify/event.ts';
import { lock as lockRequest } from './verify/lock.ts';
import { type VerifyRequest, verify as verifyRequest } from './verify/verify.ts';

export type { ActionName } from './base/action-name.ts';
export type { Diagnostic } from './base/diagnostic.ts';
export type { ActionFailure, RunFailure } from './base/failure.ts';
export type { Result } from './base/result.ts';
export type { RunDiff } from './diff/runs.ts';
export type { Explained } from './explain/ask.ts';
export type { Cause } from './history/cause.ts';
export type { ActionPlanned, Event, RunFailed, RunFinished } from './history/event.ts';
export { type Request, requestOf } from './load/request.ts';
export type { Action, Graph } from './pipeline/graph.ts';
export type { Pipeline, Step } from './pipeline/pipeline.ts';
export type { Overrides } from './pipeline/text/override.ts';
export type { Session } from './plan/session.ts';
export { actionFailureText } from './report/action-failure.ts';
export type { Sweep, SweepPoint, SweptAxis, SweptRun } from './sweep/sweep.ts';
export type { Freed, GcRequest } from './upkeep/gc.ts';
export type { ActionVerified, Difference, VerifyEvent, VerifyFinished } from './verify/event.ts';
export type { Locked } from './verify/lock.ts';
export type { VerifyRequest } from './verify/verify.ts';

/** The text of a failure, without colours. */
export const runFailureText = (failure: RunFailure): string =>
  paintedRunFailureText(failure, colors.createColors(false));

/** Wraps a function of a whole request: absent fields get their defaults, and unknown fields are refused. */
const withChecks =
  <More extends unknown[], T>(use: (request: Request, ...more: More) => Promise<Result<T, RunFailure>>) =>
  async (request: Partial<Request>, ...more: More): Promise<Result<T, RunFailure>> => {
    const problem = requestProblem(request);
    return problem ? err(problem) : use(requestOf(request), ...more);
  };

export const plan = withChecks(planRequest);
export const explain = withChecks(explainLast);
export const diff = withChecks(diffRuns);
export const sweep = withChecks(sweepRequest);
export const lock = withChecks(lockRequest);

/** A loaded pipeline with its store open. Until it is closed, the store counts as in use, and gc removes nothing. */
export interface OpenSession extends Session {
  /** Saves the digests of files, and closes the store. */
  close(): void;
}

export const load = withChecks(async (request): Promise<Result<OpenSession, RunFailure>> => {
  const opened = await openSession(request);
  if (!opened.ok) return opened;
  const session = opened.value;
  const close = () => {
    session.memo.save();
    session.store.close();
  };
  return ok({ ...session, close });
});

export function gc(request: GcRequest): ReturnType<typeof gcRequest> {
  const problem = gcRequestProblem(request);
  return problem ? err(problem) : gcRequest(request);
}

export async function verify(
  request: Partial<VerifyRequest>,
  emit: (event: VerifyEvent) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
): ReturnType<typeof verifyRequest> {
  const problem = verifyRequestProblem(request);
  if (problem) return err(problem);
  return verifyRequest(
    { ...requestOf(request), sample: request.sample ?? null, seed: request.seed ?? null },
    emit,
    signal,
  );
}

/**
 * Runs a pipeline as an async iterable of its events. If the run could not start, or some results could not be shown, the
 * last event is `run-failed` with the failure, which is the return value too. Leaving the loop early, or aborting `signal`,
 * stops the run cleanly.
 */
export async function* run(
  request: Partial<Request>,
  signal?: AbortSignal,
): AsyncGenerator<Event, Result<RunFinished, RunFailure>> {
  const left = new AbortController();
  const events: Event[] = [];
  let wake = () => {};
  let ended = false;
  const emit = (event: Event) => {
    events.push(event);
    wake();
  };
  const running = runRequest(request, emit, signal ? AbortSignal.any([signal, left.signal]) : left.signal).finally(
    () => {
      ended = true;
      wake();
    },
  );
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
    left.abort();
    await running.catch(() => {});
  }
}

async function runRequest(
  request: Partial<Request>,
  emit: (event: Event) => void,
  signal: AbortSignal,
): Promise<Result<RunFinished, RunFailure>> {
  const problem = requestProblem(request);
  const finished = problem ? err(problem) : await runWithEvents(requestOf(request), emit, signal);
  if (!finished.ok) emit({ type: 'run-failed', failure: finished.error });
  return finished;
}
