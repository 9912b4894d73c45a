import { setTimeout } from 'node:timers/promises';
import type { ActionName } from '../base/action-name.ts';
import { ENGINE } from '../base/build.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { machineMemory } from '../execute/memory.ts';
import { openScratchFolders } from '../execute/scratch-folders.ts';
import { createWorkerPool } from '../execute/worker-pool.ts';
import type { Event } from '../history/event.ts';
import { NO_TRAIL } from '../load/trail.ts';
import { NOWHERE } from '../out/folder.ts';
import { expand } from '../pipeline/expand.ts';
import type { Graph } from '../pipeline/graph.ts';
import { consider, type Session } from '../plan/session.ts';
import { type Address, addressOf } from '../remote/address.ts';
import { remoteAt } from '../remote/open.ts';
import type { Remote } from '../remote/remote.ts';
import { type Made, type Make, makeHere, perform, type Tally } from '../schedule/perform.ts';
import { schedule } from '../schedule/schedule.ts';
import { yetToBegin } from '../schedule/yet-to-begin.ts';
import { withOpenStore } from '../store/with-open-store.ts';
import { eventWriter } from './event-file.ts';
import { withKnown } from './known-files.ts';
import { eventsPath, type JobArray, readArray, readSnapshot, type Snapshot } from './submission.ts';

/**
 * One task of a job array: makes the actions of its group with the run's own machinery, in this process. What they need
 * beyond the group is looked up and never made here; `out/` and the record of the last run are not touched.
 */

/** Resolves when all of the group has ended. A task that is told to stop leaves its last word to Slurm, which knows why. */
export async function runGroup(
  folder: string,
  number: number,
  index: number,
  signal: AbortSignal,
  say: (message: string) => void,
): Promise<Result<{ readonly failed: number }, RunFailure>> {
  const snapshot = readSnapshot({ folder });
  const array = readArray({ folder }, number);
  const group = array?.groups[index];
  if (!snapshot || !array || !group) return err({ reason: 'submission-missing', path: folder });
  if (snapshot.engine !== ENGINE) return err({ reason: 'submission-of-another-build', path: folder });
  const address = addressOf(snapshot.request.remote, process.env);
  if (!address.ok) return address;
  return withOpenStore(snapshot.request.store, async (store, files) => {
    const memo = withKnown(files, snapshot.files);
    const own = new Set(group.actions);
    const graph = neededBy(own, snapshot);
    const targets = new Set(snapshot.targets.filter((target) => own.has(target)));
    const loaded = { ...snapshot.loaded, signatures: [], trail: NO_TRAIL };
    const session: Session = { request: snapshot.request, store, memo, loaded, graph, targets, last: undefined };
    const events = eventWriter(eventsPath({ folder }, number, index));
    const warn = (url: string) => (message: string) => {
      say(message);
      events.write({ type: 'remote-trouble', url, message });
    };
    const remote = address.value && (await remoteIn(session, address.value, warn(address.value.url), signal));
    try {
      const failed = await makeGroup(session, own, array, remote, events, signal);
      await remote?.settled();
      if (!signal.aborted) events.write({ type: 'task-ended' });
      return ok({ failed });
    } finally {
      events.close();
      await remote?.close();
    }
  });
}

const remoteIn = (
  { store, request }: Session,
  address: Address,
  warn: (message: string) => void,
  interrupt: AbortSignal,
): Promise<Remote> => remoteAt({ address, store, force: request.force, warn, interrupt });

/** Makes the actions of a group; returns how many failed. */
async function makeGroup(
  session: Session,
  own: ReadonlySet<ActionName>,
  { resources }: JobArray,
  remote: Remote | null,
  events: ReturnType<typeof eventWriter>,
  signal: AbortSignal,
): Promise<number> {
  const { store, graph } = session;
  const tally: Tally = { records: new Map(), prepared: new Map(), results: new Map(), inTheWay: new Set() };
  const pool = createWorkerPool();
  const scratchFolders = openScratchFolders(store.scratch);
  const here = makeHere({ pool, scratchFolders, beginAndCountOthers: yetToBegin(session, tally) });
  const make: Make = async (...asked) => unlessStopped(await here(...asked), signal);
  // Nothing of what was cancelled: whoever cancelled it knows.
  const emit = (event: Event) => {
    if (!('action' in event) || event.type === 'action-planned') return;
    if (event.type !== 'action-finished' || event.outcome !== 'cancelled') events.write(event);
  };
  const around = { session, out: NOWHERE, make, isBegun: () => false, remote, emit, signal, tally };
  let failed = 0;
  try {
    await schedule(
      graph,
      // Whoever waits for it decides what a failure ends.
      { jobs: resources.cpus ?? 1, memory: resources.memory ?? machineMemory(), keepGoing: true, signal },
      async (action, resultOf, shareFree) => {
        if (own.has(action.name)) {
          const outcome = await perform(action, resultOf, around, shareFree);
          if (outcome.outcome === 'failed') failed++;
          if ('result' in outcome) events.write({ type: 'result-made', key: outcome.result.key });
          return outcome;
        }
        const considered = await consider(session, action, resultOf);
        const decision = considered.ok ? considered.value.decision : undefined;
        // What another group has not made is none of this one's failures: whoever waits for it will know.
        return decision?.decision === 'reuse'
          ? { outcome: 'reused', result: decision.result }
          : { outcome: 'cancelled' };
      },
      () => {},
    );
  } finally {
    await pool.close();
    scratchFolders.close();
  }
  return failed;
}

/** How long this process may take to hear what its commands have heard. */
const HEARING_MS = 2000;

/**
 * A cluster that ends a task tells all its processes: a command may end of that before this process has heard of it, and
 * has not failed.
 */
async function unlessStopped(made: Made, signal: AbortSignal): Promise<Made> {
  if (!('executed' in made) || made.executed.ok) return made;
  const { failure } = made.executed;
  // A shell whose own command was ended exits with 128 and the signal's number.
  const wasEnded = failure.reason === 'shell' && (failure.signal !== null || (failure.exitCode ?? 0) > 128);
  // It is cut short by what it waits for.
  if (wasEnded) await setTimeout(HEARING_MS, undefined, { signal }).catch(() => {});
  return signal.aborted ? { cancelled: true } : made;
}

/** These actions and all that they need, in the graph's order. */
function neededBy(own: ReadonlySet<ActionName>, { loaded }: Snapshot): Graph {
  const { actions } = expand(loaded.pipeline);
  const needed = new Set(own);
  for (const { name, needs } of actions.toReversed()) {
    if (needed.has(name)) for (const need of needs) needed.add(need);
  }
  return { actions: actions.filter(({ name }) => needed.has(name)) };
}
