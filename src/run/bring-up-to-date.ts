import { dirname } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { stopwatch } from '../base/time.ts';
import { machineMemory } from '../execute/memory.ts';
import { openScratchFolders } from '../execute/scratch-folders.ts';
import { createWorkerPool } from '../execute/worker-pool.ts';
import { flushFolders } from '../files/flush.ts';
import type { Emit, Exchanged, RunFinished, RunStarted } from '../history/event.ts';
import { headlineShown, reportShown } from '../history/headlines.ts';
import { newRunId, readLastRun } from '../history/run-record.ts';
import type { Request } from '../load/request.ts';
import { NO_OUT_FOLDER, type OutFolder } from '../out/folder.ts';
import { holdOut } from '../out/hold.ts';
import { planActions } from '../plan/plan.ts';
import { executesOn, type Session, withSession } from '../plan/session.ts';
import { unusableInputs } from '../plan/unusable-inputs.ts';
import type { Address } from '../remote/address.ts';
import { remoteAt } from '../remote/open.ts';
import type { Remote } from '../remote/remote.ts';
import { type Make, makeHere, perform, placeOf, type Tally } from '../schedule/perform.ts';
import { type Outcome, schedule } from '../schedule/schedule.ts';
import { yetToBegin } from '../schedule/yet-to-begin.ts';
import type { Store } from '../store/layout.ts';
import { blobFolders } from '../store/result.ts';
import { keepBounded, sizeLimit } from '../upkeep/gc.ts';
import { changedFiles } from './changed-files.ts';
import { hideLost } from './hide-lost.ts';
import { beginOutStory, type OutStory } from './out-shows.ts';
import { remember, rememberUpToDate } from './remember.ts';

/** A run with work to do: brings the targets up to date, says what it does as events, and remembers it. */

export interface Asked {
  readonly request: Request;
  /** Of the remote cache; null for none. */
  readonly address: Address | null;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Keep and record the results, but leave `out/` and what counts as the last run alone. */
  readonly unlisted?: boolean;
}

/** Runs what is asked for. Resolves when everything that was started has ended, also after an abort. */
export async function bringUpToDate(asked: Asked): Promise<Result<RunFinished, RunFailure>> {
  const { request, address, emit, signal, unlisted = false } = asked;
  const limit = sizeLimit(process.env);
  if (!limit.ok) return limit;
  return withSession(
    request,
    async (session) => {
      const unusable = await unusableInputs(session);
      if (unusable) return err(unusable);
      const remote = address && (await remoteFor(address, session, emit, signal));
      try {
        const opened = { session, run: newRunId(), remote, maxSize: limit.value, emit, signal, unlisted };
        return await (unlisted ? runSession({ ...opened, out: NO_OUT_FOLDER, story: null }) : runInOut(opened));
      } finally {
        await remote?.close();
      }
    },
    signal,
  );
}

interface Opened {
  readonly session: Session;
  readonly run: string;
  readonly out: OutFolder;
  /** Null for a run that shows nothing. */
  readonly story: OutStory | null;
  readonly remote: Remote | null;
  /** Of the store, in bytes. */
  readonly maxSize: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly unlisted: boolean;
}

/** Waits for `out/` first. */
function runInOut(opened: Omit<Opened, 'out' | 'story'>): Promise<Result<RunFinished, RunFailure>> {
  const { session, run } = opened;
  return holdOut(session, run, opened, async (held) => {
    // Whoever had out/ meanwhile may have run this pipeline too.
    const now = { ...session, last: readLastRun(session.store, session.request.pipeline) };
    const story = beginOutStory(now, run, held);
    return story.ok ? runSession({ ...opened, session: now, out: held.out, story: story.value }) : story;
  });
}

async function runSession(opened: Opened): Promise<Result<RunFinished, RunFailure>> {
  const { session, run, out, story, remote, maxSize, emit, signal, unlisted } = opened;
  const { request, graph, loaded } = session;
  const began = new Date();
  const elapsed = stopwatch();
  const steps = stepsOf(session);
  const on = executesOn(session);
  const capacity = on === 'local' ? { jobs: request.jobs, memory: machineMemory() } : BOUNDLESS;
  const jobs = on === 'local' ? capacity.jobs : graph.actions.length;
  emit({ type: 'run-started', run, pipeline: loaded.pipeline.name, steps, jobs, on });

  const tally: Tally = { records: new Map(), prepared: new Map(), results: new Map(), inTheWay: new Set() };
  const maker = on === 'local' ? ok(openHere(session, tally)) : await openCluster(session, emit, signal);
  if (!maker.ok) return maker;
  const { make, isBegun, failed, close } = maker.value;
  // Its jobs send what they make; what their nodes could not send is sent from here.
  const offered = remote && (on === 'local' ? remote : { ...remote, offer: asFound(remote) });
  const around = { session, out, make, isBegun, remote: offered, emit, signal, tally };
  let outcomes: ReadonlyMap<ActionName, Outcome>;
  try {
    outcomes = await schedule(
      graph,
      { ...capacity, keepGoing: request.keepGoing, signal },
      async (action, resultOf, shareFree) => {
        const outcome = await perform(action, resultOf, around, shareFree);
        if (outcome.outcome === 'failed') failed();
        return outcome;
      },
      (action, outcome) => {
        const { name } = action;
        if (outcome.outcome === 'blocked') {
          tally.records.set(name, { action: name, outcome: 'blocked', why: [], failure: null, by: outcome.by });
          const isMissing = (by: ActionName) => tally.records.get(by)?.failure?.reason === 'input-missing';
          if (!outcome.by.every(isMissing)) out.clear(placeOf(action));
          emit({ type: 'action-finished', action: name, milliseconds: 0, ...outcome });
        } else {
          tally.records.set(name, { action: name, outcome: 'cancelled', why: [], failure: null, by: [] });
          emit({ type: 'action-finished', action: name, milliseconds: 0, outcome: 'cancelled' });
        }
      },
    );
  } finally {
    await close();
    hideLost(session, out, tally);
  }

  const count = (kind: Outcome['outcome']) => [...outcomes.values()].filter(({ outcome }) => outcome === kind).length;
  const headline = headlineShown(loaded.pipeline.steps, graph.actions, tally.results);
  const resultOf = (name: string) => tally.results.get(name as ActionName);
  const report = unlisted ? null : reportShown(loaded.pipeline.steps, resultOf, request.out);
  const [executed, reused] = [count('executed'), count('reused')];
  const { stands, changed } = await changedFiles(session, tally);
  for (const event of changed) emit(event);
  const isWritable = session.store.refusal === null;
  if (isWritable) await flushFolders(resultFolders(session.store, tally));
  const interrupted = signal.aborted && count('cancelled') > 0;
  if (isWritable) remember(session, run, began, tally, { aside: unlisted, interrupted });
  const alsoShown = story && (await story.end(tally));
  if (alsoShown) emit(alsoShown);
  const isWhole = stands && executed + reused === graph.actions.length && tally.inTheWay.size === 0;
  if (isWritable && !unlisted && isWhole) {
    rememberUpToDate(session, run, out, tally, steps, { headline, report, alsoShown });
  }
  // Wait for uploads last: interrupting here loses no local work.
  const exchanged = remote && (await allSent(remote, emit));
  const freed = executed > 0 || exchanged?.taken ? keepBounded(session.store, maxSize) : undefined;
  if (freed) {
    const { results, blobs, bytes } = freed;
    emit({ type: 'store-freed', results, blobs, bytes, maxSize });
  }
  const finished: RunFinished = {
    type: 'run-finished',
    run,
    executed,
    reused,
    failed: count('failed'),
    blocked: count('blocked'),
    cancelled: count('cancelled'),
    milliseconds: elapsed(),
    interrupted: signal.aborted,
    out: request.out,
    report,
    headline,
    remote: exchanged,
  };
  emit(finished);
  return tally.inTheWay.size > 0 ? err({ reason: 'out-in-the-way', paths: [...tally.inTheWay] }) : ok(finished);
}

/** Where the results of what was executed lie: their names must be on disk before the run's record speaks of them. */
function resultFolders(store: Store, { records, results }: Tally): Set<string> {
  const executed = [...results].filter(([name]) => records.get(name)?.outcome === 'executed');
  const folders = executed.flatMap(([, result]) => [dirname(store.result(result.key)), ...blobFolders(store, result)]);
  return new Set(folders);
}

function remoteFor(address: Address, session: Session, emit: Emit, interrupt: AbortSignal): Promise<Remote> {
  const { url } = address;
  const warn = (message: string) => emit({ type: 'remote-trouble', url, message });
  return remoteAt({ address, store: session.store, force: session.request.force, warn, interrupt });
}

function allSent(remote: Remote, emit: Emit): Promise<Exchanged> {
  const waiting = remote.waiting();
  if (waiting.results > 0) emit({ type: 'remote-upload', ...waiting });
  return remote.settled();
}

/** Sends a result only if the cache has none. */
const asFound =
  ({ offer }: Remote): Remote['offer'] =>
  (action, result) =>
    offer(action, result, false);

/** A cluster's capacity is its own business. */
const BOUNDLESS = { jobs: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY };

/** Makes actions until it is closed: in this process, or by the jobs of a cluster. */
interface Maker {
  readonly make: Make;
  isBegun(action: ActionName): boolean;
  /** Told of each action that failed. */
  failed(): void;
  close(): Promise<void>;
}

function openHere(session: Session, tally: Tally): Maker {
  const pool = createWorkerPool();
  const scratchFolders = openScratchFolders(session.store.scratch);
  const make = makeHere({ pool, scratchFolders, beginAndCountOthers: yetToBegin(session, tally) });
  const close = async () => {
    await pool.close();
    scratchFolders.close();
  };
  return { make, isBegun: () => false, failed() {}, close };
}

async function openCluster(session: Session, emit: Emit, signal: AbortSignal): Promise<Result<Maker, RunFailure>> {
  const planned = await planActions(session);
  const [cluster, { slurm }] = await Promise.all([import('../slurm/cluster.ts'), import('../slurm/slurm.ts')]);
  return cluster.openCluster({ session, planned, slurm, emit, signal });
}

/** The steps of this run with the number of their actions, and how long one took the last time. */
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
