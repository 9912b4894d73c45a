import { closeSync, openSync, writeSync } from 'node:fs';
import { readStored } from './read-file.ts';

/**
 * Reads a journal, an append-only file with a JSON value in each line. Drops torn or garbled lines, as a kill in the
 * middle of a write leaves: callers can find the same facts out again.
 */
export function readJournal(path: string): unknown[] {
  const entries: unknown[] = [];
  for (const line of (readStored(path)?.toString() ?? '').split('\n')) {
    if (line === '') continue;
    try {
      entries.push(JSON.parse(line));
    } catch {
      // Torn or garbled.
    }
  }
  return entries;
}

/** Appends lines in a single write. It begins with a line end, which closes a line that a killed writer left open. */
export function appendToJournal(path: string, entries: readonly unknown[]): void {
  if (entries.length === 0) return;
  const fd = openSync(path, 'a', 0o644);
  try {
    const bytes = Buffer.from(`\n${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`);
    // A nearly full disk writes a part without an error; only the next write reports that it is full.
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } finally {
    closeSync(fd);
  }
}
