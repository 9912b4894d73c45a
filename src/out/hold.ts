/** Holds `out/` for a run: from before its first action to its end. */

import type { RunFailure } from '../base/failure.ts';
import { err, type Result } from '../base/result.ts';
import type { Emit, OutBusy } from '../history/event.ts';
import type { Request } from '../load/request.ts';
import type { Session } from '../plan/session.ts';
import type { ClaimHolder } from '../store/await-claim.ts';
import { type OutFolder, openOutFolder } from './folder.ts';
import { lockOut } from './lock.ts';
import { whyRefused } from './obstacles.ts';
import { readOutState } from './state.ts';

export interface OutHold {
  readonly out: OutFolder;
  /** A folder in `out/` for unfinished files. */
  readonly scratch: string;
}

/** Waits until no other run uses `out/`, and emits events about the run that does. Then calls `use`. */
export async function holdOut<T>(
  { request, store }: Pick<Session, 'request' | 'store'>,
  run: string,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
  use: (hold: OutHold) => Promise<Result<T, RunFailure>>,
): Promise<Result<T, RunFailure>> {
  const { out: root, pipeline } = request;
  const refused = whyRefused(root);
  if (refused) return err(refused);
  const lock = await lockOut(root, signal, (holder) => emit(outBusy(request, holder)));
  if (!lock) return err({ reason: 'interrupted', waitedFor: root });
  try {
    const { scratch, isOurs } = lock;
    const out = openOutFolder({ root, store, pipeline, run, scratch, isOurs });
    try {
      return await use({ out, scratch });
    } finally {
      out.close();
    }
  } finally {
    lock.release();
  }
}

/** Describes the run that holds `out/`, by the state that it wrote just after it took the lock. */
function outBusy({ out }: Request, { pid, host, since, isStopped }: ClaimHolder): OutBusy {
  const state = readOutState(out);
  const isTheirs = state?.ended === null && state.process.pid === pid;
  const of = isTheirs
    ? { run: state.run, pipeline: state.pipeline, since: state.began }
    : { run: null, pipeline: null, since: since?.toISOString() ?? null };
  return { type: 'out-busy', out, pid, host, stopped: isStopped, ...of };
}
