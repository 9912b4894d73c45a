import { machineMemory } from '../execute/memory.ts';
import { executesOn } from '../plan/session.ts';
import type { Remote } from '../remote/remote.ts';
import type { Capacity } from '../schedule/budget.ts';
import type { Outcomes } from '../schedule/outcomes.ts';
import { perform } from '../schedule/perform.ts';
import { recordSkipped } from '../schedule/record-outcome.ts';
import type { RunContext } from '../schedule/run-state.ts';
import { schedule } from '../schedule/schedule.ts';
import { clearDamaged } from './clear-damaged.ts';
import type { Maker } from './maker.ts';

/** Performs the actions of a run in dependency order, and closes the maker. */
export async function performActions(run: RunContext, maker: Maker): Promise<Outcomes> {
  const { session, remote, signal } = run;
  const { request, graph } = session;
  const isLocal = executesOn(session) === 'local';
  const capacity = isLocal ? { jobs: request.jobs, memory: machineMemory() } : UNLIMITED;
  const { make, isSubmitted } = maker;
  const context = { ...run, make, isSubmitted, remote: remote && (isLocal ? remote : offeringMissing(remote)) };
  try {
    return await schedule(
      graph,
      { ...capacity, keepGoing: request.keepGoing, signal },
      {
        async perform(action, turn) {
          const outcome = await perform(action, turn, context);
          if (outcome.outcome === 'failed') maker.failed();
          return outcome;
        },
        skip: (action, outcome) => recordSkipped(action, outcome, run),
      },
    );
  } finally {
    await maker.close();
    clearDamaged(run);
  }
}

/** A cluster limits itself. */
const UNLIMITED: Capacity = { jobs: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY };

/** A cluster's jobs send the results that they make; this process sends those that the cache still lacks. */
const offeringMissing = (remote: Remote): Remote => ({
  ...remote,
  offer: (offered) => remote.offer({ ...offered, isNew: false }),
});
