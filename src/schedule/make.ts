/** Makes a result that the store does not have. */
import { type Executed, executeFromMainThread, type LocalExecutor } from '../execute/execute.ts';
import type { Cause } from '../history/cause.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Prepared } from '../plan/prepare.ts';
import { claim } from '../store/await-claim.ts';
import { holderText } from '../store/holder-text.ts';
import { lookUpHashed } from '../store/rehash.ts';
import { lookUpAfresh, type StoredResult } from '../store/result.ts';
import { absentText, type RunContext } from './run-state.ts';

/** Makes the result of an action: `makeHere` in this process, a cluster by its jobs. */
export type Make = (request: MakeRequest) => Promise<MakeOutcome>;

interface MakeRequest extends Pick<RunContext, 'session' | 'remote' | 'emit' | 'signal'> {
  readonly action: Action;
  readonly prepared: Prepared;
  readonly why: readonly Cause[];
  /** To be called once only waiting for the disk is left. */
  releaseShare(): void;
}

/** `reused`: another process made the result meanwhile, or the remote cache had it. */
export type MakeOutcome =
  | { readonly executed: Executed }
  | { readonly reused: StoredResult }
  | { readonly cancelled: true };

/** Executes actions in this process, each under the claim of its key, so that no other process executes it as well. */
export const makeHere =
  (executor: LocalExecutor): Make =>
  async (request) => {
    const { action, prepared, session, emit, signal } = request;
    const { store } = session;
    if (store.refusal) throw store.refusal;
    const held = await claim(store.claim(prepared.key), {
      opening: store.opening,
      signal,
      onWait(holder) {
        const message = `the same result is being made by ${holderText(holder)}; waiting for it`;
        emit({ type: 'action-log', action: action.name, level: 'notice', message });
      },
    });
    if (!held) return { cancelled: true };
    try {
      const found = await findResult(request);
      if (found) return { reused: found };
      if (signal.aborted) return { cancelled: true };
      return { executed: await executeHere(request, executor) };
    } finally {
      held.release();
    }
  };

/** A result from another process or the remote cache; a forced action takes neither. */
async function findResult(request: MakeRequest): Promise<StoredResult | undefined> {
  const { action, prepared, why, session, remote } = request;
  if (why.some(({ cause }) => cause === 'forced')) return undefined;
  const lookup = await lookUpHashed(session.store, prepared.key, lookUpAfresh);
  if ('found' in lookup) return lookup.found;
  return remote?.take(action.name, prepared, progressOf(request));
}

async function executeHere(request: MakeRequest, executor: LocalExecutor): Promise<Executed> {
  const { action, prepared, why, session, remote, emit, signal, releaseShare } = request;
  const { name } = action;
  emit({ type: 'action-started', action: name, why });
  for (const absent of prepared.absent) {
    emit({ type: 'action-log', action: name, level: 'warning', message: absentText(absent) });
  }
  const ended = remote?.executing(prepared.preimage);
  try {
    return await executeFromMainThread({
      action,
      prepared,
      session,
      executor,
      hooks: {
        log: (line) => emit({ type: 'action-log', action: name, ...line }),
        progress: progressOf(request),
        signal,
      },
      releaseShare,
    });
  } finally {
    ended?.();
  }
}

const progressOf =
  ({ action, emit }: MakeRequest) =>
  (fraction: number) =>
    emit({ type: 'action-progress', action: action.name, fraction });
