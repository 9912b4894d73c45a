/** Compares what an action made again with the store and the lock, and the store with the lock. */

import type { TaskOutputs } from '../execute/job.ts';
import type { Digest } from '../files/digest.ts';
import type { LockedOutputs } from '../history/lock-file.ts';
import type { Store } from '../store/layout.ts';
import { digestAt } from '../store/read-tree.ts';
import type { StoredResult } from '../store/result.ts';
import type { OutputPort } from '../task/ports.ts';
import type { Difference } from './event.ts';
import { firstDifference, isPresent } from './first-difference.ts';

type Ports = { readonly [port: string]: OutputPort };

/** A content and where it lies; null where the output was not written. */
interface Content {
  readonly digest: Digest;
  readonly path: string;
}

/** What is in the store, where the lock says something else. An action that the lock lacks is one difference. */
export async function lockDifferences(
  store: Store,
  ports: Ports,
  result: StoredResult,
  locked: LockedOutputs | undefined,
): Promise<Difference[]> {
  if (!locked)
    return [{ port: null, sibling: null, against: 'lock', expected: null, found: null, stored: true, first: null }];
  const names = [...new Set([...Object.keys(locked), ...Object.keys(result.outputs)])].sort();
  const found = names.map((port) => {
    const output = result.outputs[port];
    const content = output ? { digest: output.digest, path: store.blob(output.digest) } : null;
    return differenceIn(store, ports[port], port, 'lock', locked[port] ?? null, content, true);
  });
  return (await Promise.all(found)).filter((one) => one !== null);
}

/** What is in the store, hashed again, where it is not what was stored. */
export async function storeDifferences(store: Store, ports: Ports, result: StoredResult): Promise<Difference[]> {
  const found = Object.entries(result.outputs).map(async ([port, output]) => {
    if (!output) return null;
    const path = store.blob(output.digest);
    const digest = await digestAt(path);
    return differenceIn(store, ports[port], port, 'store', output.digest, digest && { digest, path }, false);
  });
  return (await Promise.all(found)).filter((one) => one !== null);
}

/** What was made now, where the lock (if it has the output) or else the store says something else. */
export async function madeDifferences(
  store: Store,
  ports: Ports,
  made: TaskOutputs,
  result: StoredResult,
  locked: LockedOutputs | undefined,
): Promise<Difference[]> {
  const found = [...new Set([...Object.keys(ports), ...Object.keys(locked ?? {})])].sort().flatMap((port) => {
    const output = made.outputs[port] ?? null;
    const stored = result.outputs[port] ?? null;
    const digest = output?.digest ?? null;
    const byLock = locked?.[port] ?? null;
    const own =
      locked && byLock !== digest
        ? differenceIn(store, ports[port], port, 'lock', byLock, output, digest === (stored?.digest ?? null))
        : differenceIn(store, ports[port], port, 'store', stored?.digest ?? null, output, false);
    if (!output || !stored) return [own];
    const siblings = output.siblings.map(async ({ extension, digest, path }) => {
      const expected = stored.siblings.find((one) => one.extension === extension)?.digest ?? null;
      const content = { digest, path };
      const difference = await differenceIn(store, { kind: 'file' }, port, 'store', expected, content, false);
      return difference && { ...difference, sibling: extension };
    });
    return [own, ...siblings];
  });
  return (await Promise.all(found)).filter((one) => one !== null);
}

async function differenceIn(
  store: Store,
  declared: OutputPort | undefined,
  port: string,
  against: Difference['against'],
  expected: Digest | null,
  content: Content | null,
  stored: boolean,
): Promise<Difference | null> {
  const found = content?.digest ?? null;
  if (expected === found) return null;
  const blob = expected && store.blob(expected);
  const comparable = declared && blob !== null && content !== null && isPresent(blob, declared.kind);
  const first = comparable ? await firstDifference(declared, blob, content.path) : null;
  return { port, sibling: null, against, expected, found, stored, first };
}
