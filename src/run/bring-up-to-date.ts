/** A run that has work to do, from opening the pipeline, the remote cache and `out/` to the last event. */
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { stopwatch } from '../base/time.ts';
import type { Emit, RemoteTraffic, RunFinished, RunStarted } from '../history/event.ts';
import { headlineShown, reportShown } from '../history/headlines.ts';
import { newRunId, readLastRun } from '../history/run-record.ts';
import type { Request } from '../load/request.ts';
import { NO_OUT_FOLDER } from '../out/folder.ts';
import { holdOut } from '../out/hold.ts';
import { executesOn, type Session, withSession } from '../plan/session.ts';
import { unusableInputs } from '../plan/unusable-inputs.ts';
import type { Address } from '../remote/address.ts';
import { remoteAt } from '../remote/open.ts';
import type { Remote } from '../remote/remote.ts';
import type { Outcomes } from '../schedule/outcomes.ts';
import { newRunState } from '../schedule/run-state.ts';
import { keepBounded, sizeLimit } from '../upkeep/gc.ts';
import { openMaker } from './maker.ts';
import type { OpenRun, OutcomeCounts, ShownResults } from './open-run.ts';
import { performActions } from './perform-actions.ts';
import { rememberRun } from './remember-run.ts';
import { beginOutState } from './write-out-state.ts';

export interface RunOptions {
  readonly request: Request;
  /** The address of the remote cache; null without a cache. */
  readonly address: Address | null;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Store and record the results, but leave `out/` and the record of the last run alone. */
  readonly unlisted?: boolean;
}

/** Resolves when everything that was started has ended, also after an abort. */
export async function bringUpToDate(options: RunOptions): Promise<Result<RunFinished, RunFailure>> {
  const { request, address, emit, signal, unlisted = false } = options;
  const limit = sizeLimit(process.env);
  if (!limit.ok) return limit;
  return withSession(
    request,
    async (session) => {
      const unusable = await unusableInputs(session);
      if (unusable) return err(unusable);
      const remote = address && (await openRemoteFor(session, address, options));
      try {
        const opened = { id: newRunId(), session, remote, emit, signal, maxSize: limit.value, unlisted };
        return await (unlisted ? performRun({ ...opened, ...WITHOUT_OUT }) : runInOut(opened));
      } finally {
        await remote?.close();
      }
    },
    signal,
  );
}

type Opened = Omit<OpenRun, 'out' | 'outState' | 'began' | 'state'>;

const WITHOUT_OUT = { out: NO_OUT_FOLDER, outState: null };

/** Runs once no other run uses `out/`. */
function runInOut(opened: Opened): Promise<Result<RunFinished, RunFailure>> {
  return holdOut(opened.session, opened.id, opened, async (held) => {
    // The run that had out/ meanwhile may have run this pipeline too.
    const last = readLastRun(opened.session.store, opened.session.request.pipeline);
    const session = { ...opened.session, last };
    const outState = beginOutState(session, opened.id, held);
    return outState.ok ? performRun({ ...opened, session, out: held.out, outState: outState.value }) : outState;
  });
}

async function performRun(opened: Omit<OpenRun, 'began' | 'state'>): Promise<Result<RunFinished, RunFailure>> {
  const elapsed = stopwatch();
  const run: OpenRun = { ...opened, began: new Date(), state: newRunState() };
  const { id, session, remote, emit, signal, state } = run;
  const { request, graph, loaded, notSelected } = session;
  const steps = stepsOf(session);
  const on = executesOn(session);
  const jobs = on === 'local' ? request.jobs : graph.actions.length;
  const leftOut = notSelected.length > 0 ? { notSelected } : {};
  emit({ type: 'run-started', run: id, pipeline: loaded.pipeline.name, steps, jobs, on, ...leftOut });

  const maker = await openMaker(run);
  if (!maker.ok) return maker;
  const outcomes = await performActions(run, maker.value);
  const counts = countOutcomes(outcomes);
  const shown = shownBy(run);
  await rememberRun(run, { steps, counts, shown });
  // Wait for uploads last: interrupting here loses no local work.
  const exchanged = remote && (await finishUploads(remote, emit));
  if (counts.executed > 0 || exchanged?.taken) boundStore(run);
  const finished: RunFinished = {
    type: 'run-finished',
    run: id,
    ...counts,
    milliseconds: elapsed(),
    interrupted: signal.aborted,
    out: request.out,
    report: shown.report,
    headline: shown.headline,
    remote: exchanged,
  };
  emit(finished);
  return state.inTheWay.size > 0 ? err({ reason: 'out-in-the-way', paths: [...state.inTheWay] }) : ok(finished);
}

function openRemoteFor({ store, request }: Session, address: Address, { emit, signal }: RunOptions): Promise<Remote> {
  const { url } = address;
  const warn = (message: string) => emit({ type: 'remote-trouble', url, message });
  return remoteAt({ address, store, force: request.force, warn, interrupt: signal });
}

/** The steps of this run, with the number of their actions and the mean seconds of an action in an earlier run. */
function stepsOf({ loaded, graph, last }: Session): RunStarted['steps'] {
  const counts = new Map<string, number>();
  for (const { step } of graph.actions) counts.set(step.name, (counts.get(step.name) ?? 0) + 1);
  return loaded.pipeline.steps
    .filter(({ name }) => counts.has(name))
    .map(({ name }) => ({
      step: name,
      actions: counts.get(name) ?? 0,
      seconds: (last && ownProperty(last.seconds, name)) ?? null,
    }));
}

function countOutcomes(outcomes: Outcomes): OutcomeCounts {
  const counts = { executed: 0, reused: 0, failed: 0, blocked: 0, cancelled: 0 };
  for (const { outcome } of outcomes.values()) counts[outcome]++;
  return counts;
}

function shownBy({ session, state: { results }, unlisted }: OpenRun): ShownResults {
  const { request, graph, loaded } = session;
  const { steps } = loaded.pipeline;
  const resultOf = (name: string) => results.get(name as ActionName);
  return {
    headline: headlineShown(steps, graph.actions, results),
    report: unlisted ? null : reportShown(steps, resultOf, request.out),
  };
}

function finishUploads(remote: Remote, emit: Emit): Promise<RemoteTraffic> {
  const waiting = remote.waiting();
  if (waiting.results > 0) emit({ type: 'remote-upload', ...waiting });
  return remote.settled();
}

/** Frees results that no recent run used if the store has grown above its size limit. */
function boundStore({ session, maxSize, emit }: OpenRun): void {
  const freed = keepBounded(session.store, maxSize);
  if (!freed) return;
  const { results, blobs, bytes } = freed;
  emit({ type: 'store-freed', results, blobs, bytes, maxSize });
}
