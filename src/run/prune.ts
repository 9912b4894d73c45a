/** Removes leftovers from `out/`: outputs that no step of the pipeline makes any more. Touches only files that the manifest lists. */

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
import { pathFromOut } from './write-out-state.ts';

export interface Pruned {
  /** The actions whose files were removed, or would be with `dryRun`. */
  readonly actions: readonly string[];
  readonly files: number;
}

export interface PruneOptions {
  readonly dryRun: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export const prune = (request: Request, { dryRun, emit, signal }: PruneOptions): Promise<Result<Pruned, RunFailure>> =>
  withSession(request, async (session) => {
    const { out: root } = request;
    if (!existsSync(root)) return ok({ actions: [], files: 0 });
    return holdOut(session, '', { emit, signal }, async ({ out, scratch }) => {
      const pipeline = pathFromOut(request);
      const ours = [...out.entries()].filter(([, { pipeline: owner }]) => !belongsToAnother(root, owner, pipeline));
      const files = new Map(ours.map(([place, entry]) => [place, Object.keys(entry.files).length]));
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
