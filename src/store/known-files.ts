/**
 * The journal of the digests of users' files: a line says which file had which digest under which signature, and carries
 * a checksum. A line without one, of an older groundproof, is ignored: that file is hashed once more.
 */

import { writeAtomic } from '../files/atomic-write.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { readJournal } from '../files/journal.ts';
import { isLocal } from '../files/nfs.ts';
import { isDamage } from '../files/read-file.ts';
import { fileSignature, type Signature } from '../files/signature.ts';

export interface KnownFile {
  readonly path: string;
  readonly signature: Signature;
  readonly digest: Digest;
}

interface Entry extends KnownFile {
  /** When it was learnt, in days since 1970. */
  readonly day: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const today = (): number => Math.floor(Date.now() / DAY_MS);

const sumOf = ({ path, signature, digest, day }: Entry): string =>
  digestOf(JSON.stringify([signature, digest, path, day])).slice(0, 16);

function entryIn(line: unknown): Entry[] {
  if (!Array.isArray(line) || line.length !== 5) return [];
  const [sum, signature, digest, path, day] = line;
  const entry = { path, signature, digest, day } as Entry;
  return sum === sumOf(entry) ? [entry] : [];
}

/** A damaged disk costs only what was remembered. */
function entriesIn(journal: string): Entry[] {
  try {
    return readJournal(journal).flatMap(entryIn);
  } catch (error) {
    if (isDamage(error)) return [];
    throw error;
  }
}

function replace(journal: string, entries: Iterable<Entry>): void {
  const lines = [...entries].map((entry) => {
    const { path, signature, digest, day } = entry;
    return `${JSON.stringify([sumOf(entry), signature, digest, path, day])}\n`;
  });
  writeAtomic(journal, lines.join(''));
}

export const readKnownFiles = (journal: string): Map<Signature, Digest> =>
  new Map(entriesIn(journal).map(({ signature, digest }) => [signature, digest]));

/** A machine numbers its devices in its own way, so a path has an entry for each. */
const placeOf = ({ path, signature }: KnownFile): string => `${signature.slice(0, signature.indexOf(':'))}:${path}`;

/**
 * Adds what was learnt, in place of what was known of the same files: their signatures do not come back. Replaced as a
 * whole, since what two machines append to one file on NFS may overwrite each other. What others have added since stays;
 * of two that replace it at the same instant one learns again.
 */
export function addKnownFiles(journal: string, learnt: readonly KnownFile[]): void {
  const all = new Map(entriesIn(journal).map((entry) => [placeOf(entry), entry]));
  for (const one of learnt) all.set(placeOf(one), { ...one, day: today() });
  replace(journal, all.values());
}

/** On a disk that other machines share, a file that is not here may be theirs. */
const KEPT_DAYS = 30;

/** Drops what is known of files that are gone or were changed since. */
export function cutKnownFiles(journal: string): void {
  const entries = entriesIn(journal);
  const isShared = !isLocal(journal);
  const kept = entries.filter((entry) => {
    const age = today() - entry.day;
    return isThere(entry) || (isShared && age >= 0 && age < KEPT_DAYS);
  });
  if (kept.length < entries.length) replace(journal, kept);
}

function isThere({ path, signature }: KnownFile): boolean {
  try {
    return fileSignature(path) === signature;
  } catch {
    return false; // it cannot be looked at, so nobody can use what is known of it
  }
}
