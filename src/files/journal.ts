import { closeSync, openSync, writeSync } from 'node:fs';
import { readStored } from './read-file.ts';

/**
 * An append-only list of JSON values, one a line. A torn or garbled line (a kill in the middle of a
 * write) is dropped: whatever it said is found out again.
 */
export function readJournal(path: string): unknown[] {
  const entries: unknown[] = [];
  for (const line of (readStored(path)?.toString() ?? '').split('\n')) {
    if (line === '') continue;
    try {
      entries.push(JSON.parse(line));
    } catch {
      // A torn line: see above.
    }
  }
  return entries;
}

/** Appends whole lines, in one write where there is room; a leading line end closes whatever a killed writer left open. */
export function appendToJournal(path: string, entries: readonly unknown[]): void {
  if (entries.length === 0) return;
  const fd = openSync(path, 'a', 0o644);
  try {
    const bytes = Buffer.from(`\n${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`);
    // A disk that is nearly full takes a part, and says so only when it is asked to take the rest.
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } finally {
    closeSync(fd);
  }
}
