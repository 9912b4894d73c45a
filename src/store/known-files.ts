/**
 * The journal of the digests of users' files. Each line has a file's path, signature and digest, and a checksum. Lines of
 * older versions have no checksum and are ignored, so that those files are hashed again.
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

interface JournalEntry extends KnownFile {
  /** When the digest was computed, in days since 1970. */
  readonly day: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const today = (): number => Math.floor(Date.now() / DAY_MS);

const sumOf = ({ path, signature, digest, day }: JournalEntry): string =>
  digestOf(JSON.stringify([signature, digest, path, day])).slice(0, 16);

function entryIn(line: unknown): JournalEntry[] {
  if (!Array.isArray(line) || line.length !== 5) return [];
  const [sum, signature, digest, path, day] = line;
  const entry = { path, signature, digest, day } as JournalEntry;
  return sum === sumOf(entry) ? [entry] : [];
}

/** If the disk is damaged, the files are hashed again. */
function journalEntries(journal: string): JournalEntry[] {
  try {
    return readJournal(journal).flatMap(entryIn);
  } catch (error) {
    if (isDamage(error)) return [];
    throw error;
  }
}

function replace(journal: string, entries: Iterable<JournalEntry>): void {
  const lines = [...entries].map((entry) => {
    const { path, signature, digest, day } = entry;
    return `${JSON.stringify([sumOf(entry), signature, digest, path, day])}\n`;
  });
  writeAtomic(journal, lines.join(''));
}

export const readKnownFiles = (journal: string): Map<Signature, Digest> =>
  new Map(journalEntries(journal).map(({ signature, digest }) => [signature, digest]));

/** A path has an entry for each device number, because machines number the device of a shared disk differently. */
const deviceAndPath = ({ path, signature }: KnownFile): string =>
  `${signature.slice(0, signature.indexOf(':'))}:${path}`;

/**
 * Adds digests, and drops older entries of the same files, whose signatures do not come back. Rewrites the whole journal,
 * because machines that append to a file on NFS at the same time may overwrite each other's lines. Keeps entries that
 * other processes have added since. If two processes write at the same instant, the entries of either are lost, and those
 * files are hashed again.
 */
export function rememberFiles(journal: string, hashed: readonly KnownFile[]): void {
  const all = new Map(journalEntries(journal).map((entry) => [deviceAndPath(entry), entry]));
  for (const file of hashed) all.set(deviceAndPath(file), { ...file, day: today() });
  replace(journal, all.values());
}

/** How long entries of missing files stay if other machines share the journal: the files may be on those machines. */
const SHARED_DAYS = 30;

/** Drops the entries of files that are missing or have changed. */
export function pruneKnownFiles(journal: string): void {
  const entries = journalEntries(journal);
  const isShared = !isLocal(journal);
  const remaining = entries.filter((entry) => {
    const age = today() - entry.day;
    return isUnchanged(entry) || (isShared && age >= 0 && age < SHARED_DAYS);
  });
  if (remaining.length < entries.length) replace(journal, remaining);
}

function isUnchanged({ path, signature }: KnownFile): boolean {
  try {
    return fileSignature(path) === signature;
  } catch {
    return false; // it cannot be read, so nobody can use its digest
  }
}
