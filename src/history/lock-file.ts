/** `pipeline.lock`: a sorted line for each action, with the digests of its outputs, so that Git can merge it. */

import { readFileSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import type { StoredResult } from '../store/result.ts';

/** Digests by port; null for an optional output that was not written. */
export type LockedOutputs = { readonly [port: string]: Digest | null };
export type Lock = ReadonlyMap<string, LockedOutputs>;

const HEADER = '# groundproof lock 1';
const EARLIER_HEADER = '# groundwork lock 1';

export const lockPathOf = (pipeline: string): string => `${pipeline.replace(/\.ya?ml$/, '')}.lock`;

/** Leaves out siblings (`.csv`, `.png`), which follow from their outputs. */
export const lockedOutputs = ({ outputs }: StoredResult): LockedOutputs =>
  Object.fromEntries(Object.entries(outputs).map(([port, output]) => [port, output?.digest ?? null]));

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function lockText(lock: Lock): string {
  const lines = [...lock].sort(byName).map(([action, outputs]) => {
    const ports = Object.entries(outputs).sort(byName);
    return [action, ...ports.map(([port, digest]) => `${port}=${digest ?? '-'}`)].join(' ');
  });
  return `${[HEADER, ...lines].join('\n')}\n`;
}

/** Undefined if there is no lock. A line that does not parse fails, with its number in the message. */
export function readLock(path: string): Result<Lock | undefined, RunFailure> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ok(undefined);
    throw error;
  }
  const wrong = (line: number, expected: string, found: string) =>
    err({
      reason: 'usage' as const,
      message: `${path}:${line}: expected ${expected}, found ${JSON.stringify(found.slice(0, 60))}`,
      hint: 'correct the line, or write the file again: delete it, then groundproof lock',
    });
  const [header = '', ...lines] = text.split(/\r?\n/);
  if (header === EARLIER_HEADER) {
    const message = `${path} was written by groundwork, the earlier name of groundproof`;
    return err({ reason: 'usage', message, hint: 'write it again: groundproof run, then groundproof lock' });
  }
  if (header !== HEADER) return wrong(1, `"${HEADER}"`, header);
  const lock = new Map<string, LockedOutputs>();
  for (const [at, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [action = '', ...words] = line.split(' ');
    const ports = words.map((word) => /^([^=]+)=([0-9a-f]{64}|-)$/.exec(word));
    if (!/^\w/.test(action) || lock.has(action) || ports.includes(null)) {
      return wrong(at + 2, lock.has(action) ? 'each action once' : '"action port=digest ..."', line);
    }
    const outputs = ports.map((port) => [port?.[1], port?.[2] === '-' ? null : port?.[2]]);
    lock.set(action, Object.fromEntries(outputs) as LockedOutputs);
  }
  return ok(lock);
}
