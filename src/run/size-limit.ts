/** How large a store may get by itself. */
import type { RunFailure } from '../failure.ts';
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

const PREFIXES = ['', 'K', 'M', 'G', 'T'];

/** `50GB`, `500 MB`, `1.5TiB`, `1000`; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGT]?)|([KMGT])i)B?$/i.exec(text.trim());
  if (!match) return undefined;
  const [, digits, decimal = '', binary] = match;
  const power = PREFIXES.indexOf((binary ?? decimal).toUpperCase());
  return Math.floor(Number(digits) * (binary === undefined ? 1000 : 1024) ** power);
}
