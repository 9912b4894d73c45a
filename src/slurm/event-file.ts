/**
 * The event file of a slot: JSON lines that the slot appends and the drivers that wait for it read as the file grows. Each
 * write opens and closes the file, because NFS passes data on when a file is closed.
 */

import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ActionName } from '../base/action-name.ts';
import { errorCode } from '../base/error-code.ts';
import { fileSystemFailure } from '../base/failure.ts';
import type { Event, RemoteTrouble } from '../history/event.ts';
import type { Key } from '../store/key.ts';

/** An event of one action. */
export type ActionEvent = Extract<Event, { action: ActionName }>;

/** A line: an event of an action, trouble with the remote cache, the key of a result, or the end of the file. */
export type SlotLine =
  | Exclude<ActionEvent, { type: 'action-planned' }>
  | RemoteTrouble
  | { readonly type: 'result-made'; readonly key: Key }
  | { readonly type: 'task-ended' };

/** How long lines that are not urgent may wait before they are written. */
const HOLD_MS = 500;

export interface EventWriter {
  write(line: SlotLine): void;
  /** Writes the lines that are left; throws if the file system refuses. */
  close(): void;
}

/**
 * Appends lines to the file: at once when an action begins or ends, progress and log after `HOLD_MS`. Lines that the file
 * system refuses are written with the next ones.
 */
export function eventWriter(path: string): EventWriter {
  /** The newest progress of each action; older progress is not written. */
  const progress = new Map<ActionName, SlotLine>();
  let held: SlotLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** A line end after a failed write, which may have torn its last line, so that the next line is whole. */
  let before = '';
  const append = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = [...held, ...progress.values()].map((line) => `${JSON.stringify(line)}\n`);
    if (lines.length > 0) appendFileSync(path, before + lines.join(''));
    before = '';
    held = [];
    progress.clear();
  };
  const flush = () => {
    try {
      append();
    } catch (error) {
      if (!fileSystemFailure(error)) throw error;
      before = '\n';
      timer = setTimeout(flush, HOLD_MS);
    }
  };
  return {
    write(line) {
      if (line.type === 'action-progress') progress.set(line.action, line);
      else held.push(line);
      if (line.type === 'action-progress' || line.type === 'action-log' || line.type === 'result-made') {
        timer ??= setTimeout(flush, HOLD_MS);
        return;
      }
      if (line.type === 'action-finished') progress.delete(line.action);
      flush();
    },
    close: append,
  };
}

/** Reads the whole lines from `offset`, in bytes, and the offset of their end. No lines if there is no file yet. */
export function readEvents(
  path: string,
  offset: number,
): { readonly lines: readonly SlotLine[]; readonly end: number } {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { lines: [], end: offset };
    throw error;
  }
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(fd).size - offset));
    let read = 0;
    while (read < bytes.length) {
      const more = readSync(fd, bytes, read, bytes.length - read, offset + read);
      if (more === 0) break;
      read += more;
    }
    const whole = bytes.subarray(0, bytes.subarray(0, read).lastIndexOf(0x0a) + 1);
    return { lines: whole.toString('utf8').split('\n').flatMap(parseLine), end: offset + whole.length };
  } finally {
    closeSync(fd);
  }
}

/** Skips a line that a crash of its machine damaged. */
function parseLine(line: string): SlotLine[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as SlotLine];
  } catch {
    return [];
  }
}

/** The last lines of a log; empty if there is no log. */
export function lastLines(path: string, most: number): readonly string[] {
  const BYTES = 8192;
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    const start = Math.max(0, fstatSync(fd).size - BYTES);
    const bytes = Buffer.alloc(BYTES);
    const read = readSync(fd, bytes, 0, BYTES, start);
    const lines = bytes.toString('utf8', 0, read).trimEnd().split('\n');
    return lines.filter((line) => line !== '').slice(-most);
  } finally {
    closeSync(fd);
  }
}
