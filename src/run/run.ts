/** `run` of the command and of the library. It costs almost nothing if there is nothing to do. */
import { existsSync } from 'node:fs';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Emit, RunFinished } from '../history/event.ts';
import type { Request } from '../load/request.ts';
import { type Address, addressOf } from '../remote/address.ts';
import { nothingToDo, reportNothingToDo } from './nothing-to-do.ts';

/**
 * Brings the targets up to date and emits the events of the run. Resolves when everything that was started has ended, also
 * after an abort. Loads the larger part of the engine only if there is work to do.
 */
export async function run(request: Request, emit: Emit, signal: AbortSignal): Promise<Result<RunFinished, RunFailure>> {
  const address = addressIn(request);
  if (!address.ok) return address;
  const found = nothingToDo(request);
  if (found) return ok(reportNothingToDo(found, request, emit));
  const { bringUpToDate } = await import('./bring-up-to-date.ts');
  return bringUpToDate({ request, address: address.value, emit, signal });
}

/** The address of the remote cache, null without a cache. Fails if the address or the path of the pipeline is wrong. */
export function addressIn({ pipeline, remote }: Request): Result<Address | null, RunFailure> {
  return existsSync(pipeline) ? addressOf(remote, process.env) : err({ reason: 'pipeline-missing', path: pipeline });
}
