/**
 * What a task of a job says, as JSON lines in a file of its own: written by the task, read by whoever waits for it,
 * while it grows. Each piece is written with an open and a close of its own, which is when NFS passes things on.
 */

import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ActionName } from '../base/action-name.ts';
import { errorCode } from '../base/error-code.ts';
import { fileSystemFailure } from '../base/failure.ts';
import type { Event, RemoteTrouble } from '../history/event.ts';
import type { Key } from '../store/key.ts';

/** An event of one action. */
export type ActionEvent = Extract<Event, { action: ActionName }>;

/** A line: such an event, trouble with the remote cache, the key of what was made, or the end, after which nothing comes. */
export type TaskLine =
  | Exclude<ActionEvent, { type: 'action-planned' }>
  | RemoteTrouble
  | { readonly type: 'result-made'; readonly key: Key }
  | { readonly type: 'task-ended' };

/** How long what nobody waits for may lie before it is written. */
const HOLD_MS = 500;

/**
 * Writes lines to the file: at once where an action begins or ends, progress and log after a moment. What the file
 * system does not take is kept for the next time; only the last one, at the close, throws.
 */
export function eventWriter(path: string): { write(line: TaskLine): void; close(): void } {
  /** Of each action only its newest progress is of interest. */
  const progress = new Map<ActionName, TaskLine>();
  let held: TaskLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** Ends a line that was torn, so that it harms only itself. */
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

/** The whole lines from `offset` on, and where they end. Nothing where there is no file yet. */
export function readEvents(
  path: string,
  offset: number,
): { readonly lines: readonly TaskLine[]; readonly end: number } {
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
    return { lines: whole.toString('utf8').split('\n').flatMap(parsed), end: offset + whole.length };
  } finally {
    closeSync(fd);
  }
}

/** A line that a crash of its machine damaged says nothing. */
function parsed(line: string): TaskLine[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as TaskLine];
  } catch {
    return [];
  }
}

/** The last lines of what a task printed; none where it printed nothing. */
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
