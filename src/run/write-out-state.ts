/** Writes the state of `out/`: the run that it shows, and the results that it has from other runs. */
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { relative } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { OutAlsoShows } from '../history/event.ts';
import { skipIfAny } from '../load/request.ts';
import type { OutHold } from '../out/hold.ts';
import { leftoversAmong } from '../out/leftovers.ts';
import { belongsToAnother } from '../out/obstacles.ts';
import { earlierRuns, type OutState, readOutState, writeOutState } from '../out/state.ts';
import type { Session } from '../plan/session.ts';
import type { RunState } from '../schedule/run-state.ts';

export interface OutStateWriter {
  /** Writes how the run ended. Returns the results of other runs that `out/` shows, null if it shows only this run's. */
  end(state: RunState): Promise<OutAlsoShows | null>;
}

/** Marks `out/` as used by a run. Refused if another pipeline shows actions of the same names there. */
export function beginOutState(
  session: Session,
  run: string,
  { out, scratch }: OutHold,
): Result<OutStateWriter, RunFailure> {
  const { request, graph } = session;
  const { overrides, targets, out: root } = request;
  const pipeline = pathFromOut(request);
  const names = new Set<string>(graph.actions.map(({ name }) => name));
  const anothers = [...out.entries()].filter(
    ([place, entry]) => names.has(place) && belongsToAnother(root, entry.pipeline, pipeline),
  );
  const [first] = anothers;
  if (first) {
    const actions = anothers.map(([place]) => place);
    return err({ reason: 'out-of-another', out: root, pipeline: first[1].pipeline ?? '', actions });
  }

  const before = readOutState(root);
  const earlierOf = (isShown: (place: string) => boolean) =>
    earlierRuns(
      [...out.entries()].filter(([place]) => !isShown(place)),
      before,
    );
  const state: OutState = {
    groundproof: 'out',
    run,
    process: { pid: process.pid, host: hostname() },
    pipeline,
    targets,
    ...skipIfAny(request),
    profile: overrides.profile ?? null,
    each: overrides.each ?? null,
    set: overrides.set ?? [],
    began: new Date().toISOString(),
    ended: null,
    complete: false,
    failed: [],
    blocked: [],
    cancelled: [],
    earlier: earlierOf(() => false),
  };
  writeOutState(root, scratch, state);
  return ok({
    async end({ records, results, inTheWay }) {
      const ended = (kind: string) =>
        [...records.values()].filter(({ outcome }) => outcome === kind).map(({ action }) => action);
      const earlier = earlierOf((place) => results.has(place as ActionName));
      const complete = inTheWay.size === 0 && graph.actions.every(({ name }) => results.has(name));
      const [failed, blocked, cancelled] = [ended('failed'), ended('blocked'), ended('cancelled')];
      const now = new Date().toISOString();
      writeOutState(root, scratch, { ...state, ended: now, complete, failed, blocked, cancelled, earlier });
      return alsoShown(session, out, earlier);
    },
  });
}

/** The pipeline's path relative to `out/`, so that a project can be moved. */
export const pathFromOut = ({ pipeline, out }: Session['request']): string =>
  relative(realpathSync(out), realpathSync(pipeline));

/** Finds the actions of this pipeline that earlier runs put there, and the leftovers of steps that are gone. */
async function alsoShown(
  session: Session,
  out: OutHold['out'],
  earlier: OutState['earlier'],
): Promise<OutAlsoShows | null> {
  const { request } = session;
  const pipeline = pathFromOut(request);
  const ours = new Set(
    [...out.entries()].flatMap(([place, entry]) =>
      belongsToAnother(request.out, entry.pipeline, pipeline) ? [] : [place],
    ),
  );
  const all = Object.values(earlier)
    .flat()
    .filter((place) => ours.has(place));
  if (all.length === 0) return null;
  const leftovers = await leftoversAmong(session, all);
  const gone = new Set(leftovers);
  const mixed = Object.entries(earlier).flatMap(([run, places]) => {
    const actions = places.filter((place) => ours.has(place) && !gone.has(place));
    return actions.length > 0 ? [{ run, actions }] : [];
  });
  return { type: 'out-also-shows', out: request.out, earlier: mixed, leftovers };
}
