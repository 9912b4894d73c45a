/** A run's hold on `out/`: taken before anything is executed or shown, kept to its end. */

import type { ClaimHolder } from '../cache/claim.ts';
import { type OutFolder, openOutFolder } from '../cache/out-folder.ts';
import { lockOut } from '../cache/out-lock.ts';
import { whyRefused } from '../cache/out-obstacles.ts';
import { readOutState } from '../cache/out-state.ts';
import type { RunFailure } from '../failure.ts';
import { err, type Result } from '../result.ts';
import type { Emit, OutBusy } from './event.ts';
import type { Request } from './request.ts';
import type { Session } from './session.ts';

export interface Held {
  readonly out: OutFolder;
  /** A folder in `out/` for what is being made. */
  readonly scratch: string;
}

/** Waits until no other run uses `out/`, saying who does. */
export async function holdOut<T>(
  { request, store }: Pick<Session, 'request' | 'store'>,
  run: string,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
  use: (held: Held) => Promise<Result<T, RunFailure>>,
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

/** Describes the run that holds `out/`. That run wrote its state just after it took the lock. */
function outBusy({ out }: Request, { pid, host, since, isStopped }: ClaimHolder): OutBusy {
  const state = readOutState(out);
  const isTheirs = state?.ended === null && state.process.pid === pid;
  const of = isTheirs
    ? { run: state.run, pipeline: state.pipeline, since: state.began }
    : { run: null, pipeline: null, since: since?.toISOString() ?? null };
  return { type: 'out-busy', out, pid, host, stopped: isStopped, ...of };
}
