/**
 * Runs a slot, in this process: makes the actions of its group in the way of an ordinary run. Results that the group
 * needs from other groups are looked up and never made here. `out/` and the record of the last run stay untouched.
 */

import type { ActionName } from '../base/action-name.ts';
import { ENGINE } from '../base/build.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { machineMemory } from '../execute/memory.ts';
import { openScratchFolders } from '../execute/scratch-folders.ts';
import { createWorkerPool } from '../execute/worker-pool.ts';
import type { Event } from '../history/event.ts';
import { NO_TRAIL } from '../load/trail.ts';
import { NO_OUT_FOLDER } from '../out/folder.ts';
import { expand } from '../pipeline/expand.ts';
import type { Action, Graph } from '../pipeline/graph.ts';
import type { Resources } from '../pipeline/pipeline.ts';
import { decideAction } from '../plan/decide-action.ts';
import type { Session } from '../plan/session.ts';
import { type Address, addressOf } from '../remote/address.ts';
import { remoteAt } from '../remote/open.ts';
import type { Remote } from '../remote/remote.ts';
import { countRemaining } from '../schedule/count-remaining.ts';
import { type Make, type MakeOutcome, makeHere } from '../schedule/make.ts';
import type { Outcome } from '../schedule/outcomes.ts';
import { perform } from '../schedule/perform.ts';
import { newRunState } from '../schedule/run-state.ts';
import { schedule } from '../schedule/schedule.ts';
import type { StoredResult } from '../store/result.ts';
import { withOpenStore } from '../store/with-open-store.ts';
import { type EventWriter, eventWriter } from './event-file.ts';
import { withKnown } from './known-files.ts';
import { pause } from './pause.ts';
import { eventsPath, readArray, readSnapshot, type Snapshot } from './submission.ts';

/** Where a slot finds its group: the submission's folder, the array's number, and the slot's index in the array. */
export interface SlotAddress {
  readonly folder: string;
  readonly array: number;
  readonly index: number;
}

interface SlotHooks {
  readonly signal: AbortSignal;
  warn(message: string): void;
}

/**
 * Resolves when all actions of the group have ended, with the number of failures. A slot that is told to stop writes no
 * last event, because Slurm knows why it ended.
 */
export async function runGroup(
  { folder, array: number, index }: SlotAddress,
  { signal, warn }: SlotHooks,
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
    const actions = new Set(group.actions);
    const graph = neededBy(actions, snapshot);
    const targets = new Set(snapshot.targets.filter((target) => actions.has(target)));
    const loaded = { ...snapshot.loaded, signatures: [], trail: NO_TRAIL };
    const { request } = snapshot;
    const session: Session = { request, store, memo, loaded, graph, targets, notSelected: [], last: undefined };
    const events = eventWriter(eventsPath({ folder }, number, index));
    const remote = address.value && (await openRemote(session, address.value, events, { signal, warn }));
    try {
      const failed = await makeGroup({ session, actions, resources: array.resources, remote, events, signal });
      await remote?.settled();
      if (!signal.aborted) events.write({ type: 'task-ended' });
      return ok({ failed });
    } finally {
      events.close();
      await remote?.close();
    }
  });
}

function openRemote(
  { store, request }: Session,
  address: Address,
  events: EventWriter,
  hooks: SlotHooks,
): Promise<Remote> {
  const warn = (message: string) => {
    hooks.warn(message);
    events.write({ type: 'remote-trouble', url: address.url, message });
  };
  return remoteAt({ address, store, force: request.force, warn, interrupt: hooks.signal });
}

interface GroupContext {
  readonly session: Session;
  /** The actions of the group; the session's graph also has the actions that they need. */
  readonly actions: ReadonlySet<ActionName>;
  readonly resources: Resources;
  readonly remote: Remote | null;
  readonly events: EventWriter;
  readonly signal: AbortSignal;
}

/** Returns how many actions failed. */
async function makeGroup({ session, actions, resources, remote, events, signal }: GroupContext): Promise<number> {
  const { store, graph } = session;
  const state = newRunState();
  const pool = createWorkerPool();
  const scratchFolders = openScratchFolders(store.scratch);
  const makeLocally = makeHere({ pool, scratchFolders, beginAndCountOthers: countRemaining(session, state) });
  const make: Make = async (request) => cancelledIfStopped(await makeLocally(request), signal);
  const emit = (event: Event) => {
    if (!('action' in event) || event.type === 'action-planned') return;
    // The driver that cancelled an action needs no event of it.
    if (event.type !== 'action-finished' || event.outcome !== 'cancelled') events.write(event);
  };
  const context = { session, out: NO_OUT_FOLDER, make, isSubmitted: () => false, remote, emit, signal, state };
  // The driver decides which other actions a failure ends.
  const limits = { jobs: resources.cpus ?? 1, memory: resources.memory ?? machineMemory(), keepGoing: true, signal };
  let failed = 0;
  try {
    await schedule(graph, limits, {
      async perform(action, turn) {
        if (!actions.has(action.name)) return lookUpOnly(session, action, turn.resultOf);
        const outcome = await perform(action, turn, context);
        if (outcome.outcome === 'failed') failed++;
        if ('result' in outcome) events.write({ type: 'result-made', key: outcome.result.key });
        return outcome;
      },
      skip() {},
    });
  } finally {
    await pool.close();
    scratchFolders.close();
  }
  return failed;
}

/** Finds the result of an action of another group. A missing result is no failure of this group: the driver handles it. */
async function lookUpOnly(
  session: Session,
  action: Action,
  resultOf: (name: ActionName) => StoredResult | undefined,
): Promise<Outcome> {
  const decided = await decideAction(session, action, { resultOf });
  const decision = decided.ok ? decided.value.decision : undefined;
  return decision?.decision === 'reuse' ? { outcome: 'reused', result: decision.result } : { outcome: 'cancelled' };
}

/** How long a signal to all processes of a slot may take to reach this process. */
const SIGNAL_MS = 2000;

/**
 * A cluster that ends a slot signals all its processes. A command may end of that before this process gets the signal;
 * the command was cancelled then, and has not failed.
 */
async function cancelledIfStopped(made: MakeOutcome, signal: AbortSignal): Promise<MakeOutcome> {
  if (!('executed' in made) || made.executed.ok) return made;
  const { failure } = made.executed;
  // A shell whose command was ended by a signal exits with 128 and the signal's number.
  const wasSignalled = failure.reason === 'shell' && (failure.signal !== null || (failure.exitCode ?? 0) > 128);
  if (wasSignalled) await pause(SIGNAL_MS, signal);
  return signal.aborted ? { cancelled: true } : made;
}

/** These actions and all that they need, in the graph's order. */
function neededBy(wanted: ReadonlySet<ActionName>, { loaded }: Snapshot): Graph {
  const { actions } = expand(loaded.pipeline);
  const needed = new Set(wanted);
  for (const { name, needs } of actions.toReversed()) {
    if (needed.has(name)) for (const need of needs) needed.add(need);
  }
  return { actions: actions.filter(({ name }) => needed.has(name)) };
}
