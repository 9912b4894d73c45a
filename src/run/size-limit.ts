/** How large a store may get by itself. */
import type { RunFailure } from '../failure.ts';
import { parseBytes } from '../quantity.ts';
import { err, ok, type Result } from '../result.ts';

/**
 * What a store may hold beyond what kept runs and locks need: room for a pipeline of some dozen recordings and a few
 * settings of it, on a disk of today.
 */
const MAX_SIZE = 100e9;

/** The default, or what `GROUNDWORK_MAX_SIZE` says. */
export function sizeLimit({ GROUNDWORK_MAX_SIZE: asked }: NodeJS.ProcessEnv): Result<number, RunFailure> {
  const size = asked ? parseBytes(asked) : MAX_SIZE;
  const message = `GROUNDWORK_MAX_SIZE should be a size like 50GB, and is ${asked}`;
  return size === undefined ? err({ reason: 'usage', message }) : ok(size);
}
