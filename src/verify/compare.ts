/** Compares new outputs of an action with the store and the lock, and the store with the lock. */

import type { TaskOutput, TaskOutputs } from '../execute/job.ts';
import type { Digest } from '../files/digest.ts';
import type { LockedOutputs } from '../history/lock-file.ts';
import type { Store } from '../store/layout.ts';
import { digestAt } from '../store/read-tree.ts';
import type { StoredOutput, StoredResult } from '../store/result.ts';
import type { OutputPort } from '../task/ports.ts';
import type { Difference } from './event.ts';
import { firstDifference, isPresent } from './first-difference.ts';

/** The stored result of an action. */
interface Stored {
  readonly store: Store;
  readonly ports: { readonly [port: string]: OutputPort };
  readonly result: StoredResult;
}

/** Undefined if the lock lacks the action, or if there is no lock. */
interface StoredAndLocked extends Stored {
  readonly locked: LockedOutputs | undefined;
}

const FILE: OutputPort = { kind: 'file' };

/** The expected and the found content of an output. */
interface Comparison {
  readonly port: string;
  readonly declared: OutputPort | undefined;
  readonly against: Difference['against'];
  /** Null if there should be no such output. */
  readonly expected: Digest | null;
  /** Null if the output was not written. */
  readonly found: { readonly digest: Digest; readonly path: string } | null;
  /** Whether the store holds the found content. */
  readonly stored: boolean;
}

/** Compares the store with the lock. An action that the lock lacks is a single difference. */
export async function lockDifferences({ store, ports, result, locked }: StoredAndLocked): Promise<Difference[]> {
  if (!locked)
    return [{ port: null, sibling: null, against: 'lock', expected: null, found: null, stored: true, first: null }];
  const names = [...new Set([...Object.keys(locked), ...Object.keys(result.outputs)])].sort();
  return differencesOf(
    names.map((port) => {
      const output = result.outputs[port];
      const found = output ? { digest: output.digest, path: store.blob(output.digest) } : null;
      const expected = locked[port] ?? null;
      return differenceIn(store, { port, declared: ports[port], against: 'lock', expected, found, stored: true });
    }),
  );
}

/** Hashes the stored outputs again, and compares them with their digests. */
export const storeDifferences = ({ store, ports, result }: Stored): Promise<Difference[]> =>
  differencesOf(
    Object.entries(result.outputs).map(async ([port, output]) => {
      if (!output) return null;
      const path = store.blob(output.digest);
      const digest = await digestAt(path);
      const found = digest && { digest, path };
      const expected = output.digest;
      return differenceIn(store, { port, declared: ports[port], against: 'store', expected, found, stored: false });
    }),
  );

/** Compares new outputs with the lock if it has them and differs, else with the store. */
export function madeDifferences(
  { store, ports, result, locked }: StoredAndLocked,
  made: TaskOutputs,
): Promise<Difference[]> {
  const names = [...new Set([...Object.keys(ports), ...Object.keys(locked ?? {})])].sort();
  return differencesOf(
    names.flatMap((port) => {
      const found = made.outputs[port] ?? null;
      const output = result.outputs[port] ?? null;
      const digest = found?.digest ?? null;
      const storedDigest = output?.digest ?? null;
      const lockedDigest = locked?.[port] ?? null;
      const about = { port, declared: ports[port], found };
      const difference =
        locked && lockedDigest !== digest
          ? differenceIn(store, { ...about, against: 'lock', expected: lockedDigest, stored: digest === storedDigest })
          : differenceIn(store, { ...about, against: 'store', expected: storedDigest, stored: false });
      return found && output ? [difference, ...siblingDifferences(store, port, found, output)] : [difference];
    }),
  );
}

/** Compares `.csv`, `.svg` and `.png` files, which are made from an output, with the store. */
const siblingDifferences = (
  store: Store,
  port: string,
  { siblings }: TaskOutput,
  output: StoredOutput,
): Promise<Difference | null>[] =>
  siblings.map(async ({ extension, digest, path }) => {
    const expected = output.siblings.find((sibling) => sibling.extension === extension)?.digest ?? null;
    const comparison = {
      port,
      declared: FILE,
      against: 'store',
      expected,
      found: { digest, path },
      stored: false,
    } as const;
    const difference = await differenceIn(store, comparison);
    return difference && { ...difference, sibling: extension };
  });

const differencesOf = async (found: readonly Promise<Difference | null>[]): Promise<Difference[]> =>
  (await Promise.all(found)).filter((difference) => difference !== null);

async function differenceIn(store: Store, comparison: Comparison): Promise<Difference | null> {
  const { port, declared, against, expected, stored } = comparison;
  const found = comparison.found?.digest ?? null;
  if (expected === found) return null;
  const blob = expected && store.blob(expected);
  const isComparable = declared && blob !== null && comparison.found !== null && isPresent(blob, declared.kind);
  const first = isComparable ? await firstDifference(declared, blob, comparison.found.path) : null;
  return { port, sibling: null, against, expected, found, stored, first };
}
