/** Removes from `out/` what no step of the pipeline makes any more. Only files that the manifest lists are touched. */

import { existsSync } from 'node:fs';
import { partsOf } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Emit } from '../history/event.ts';
import type { Request } from '../load/request.ts';
import { holdOut } from '../out/hold.ts';
import { leftoversAmong } from '../out/leftovers.ts';
import { belongsToAnother } from '../out/obstacles.ts';
import { readOutState, writeOutState } from '../out/state.ts';
import { withSession } from '../plan/session.ts';
import { ownPath } from './out-shows.ts';

export interface Pruned {
  /** Actions whose files were, or would be, removed. */
  readonly actions: readonly string[];
  readonly files: number;
}

export const prune = (
  request: Request,
  dryRun: boolean,
  ears: { readonly emit: Emit; readonly signal: AbortSignal },
): Promise<Result<Pruned, RunFailure>> =>
  withSession(request, async (session) => {
    const { out: root } = request;
    if (!existsSync(root)) return ok({ actions: [], files: 0 });
    return holdOut(session, '', ears, async ({ out, scratch }) => {
      const pipeline = ownPath(request);
      const own = [...out.entries()].filter(([, { pipeline: owner }]) => !belongsToAnother(root, owner, pipeline));
      const files = new Map(own.map(([place, entry]) => [place, Object.keys(entry.files).length]));
      const actions = await leftoversAmong(session, [...files.keys()]);
      if (!dryRun && actions.length > 0) {
        for (const action of actions) out.clear(partsOf(action));
        const state = readOutState(root);
        if (state) writeOutState(root, scratch, { ...state, earlier: without(state.earlier, new Set(actions)) });
      }
      return ok({ actions, files: actions.reduce((sum, action) => sum + (files.get(action) ?? 0), 0) });
    });
  });

const without = (earlier: { readonly [run: string]: readonly string[] }, gone: ReadonlySet<string>) =>
  Object.fromEntries(
    Object.entries(earlier).flatMap(([run, all]) => {
      const left = all.filter((action) => !gone.has(action));
      return left.length > 0 ? [[run, left]] : [];
    }),
  );
