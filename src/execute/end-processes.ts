/** Tells the processes of an action to end: its group, and what left the group and still carries the action's room. */

import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from '../base/error-code.ts';
import { survivorsOf } from './survivors.ts';

export function tellProcesses(signal: NodeJS.Signals, room: string, group?: number): void {
  if (group !== undefined) tell(-group, signal);
  for (const { pid } of survivorsOf(room, group)) tell(pid, signal);
}

/** Ends them for good. What one of them starts meanwhile is found by the next look. */
export function endProcesses(room: string, group?: number): void {
  if (group !== undefined) tell(-group, 'SIGKILL');
  for (let look = 0; look < 5; look++) {
    const left = survivorsOf(room, group);
    if (left.length === 0) return;
    for (const { pid } of left) tell(pid, 'SIGKILL');
  }
}

/** How long what an action left running may take to end by itself: `tee >(sort > file)` ends before sort does. */
export const FINISH_MS = 2000;

/** Waits until nothing of the action is left; returns the names of what is left at the end of that time. */
export async function untilAllEnded(
  room: string,
  until: number,
  group?: number,
  isSilent: () => boolean = () => true,
): Promise<readonly string[]> {
  for (let pause = 5; ; pause = Math.min(100, 2 * pause)) {
    const left = survivorsOf(room, group).map(({ name }) => name);
    if (left.length === 0 && process.platform !== 'linux' && group !== undefined && hasProcesses(group)) {
      left.push('a process');
    }
    if (left.length === 0 && isSilent()) return [];
    if (Date.now() >= until) return left.length > 0 ? left : ['a process that holds its output open'];
    await wait(pause);
  }
}

/** Whether the group has a process, be it one that has ended and was not noticed yet. */
const hasProcesses = (group: number): boolean => tell(-group, 0);

function tell(whom: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(whom, signal);
    return true;
  } catch (error) {
    // Another user's counts as there.
    return errorCode(error) === 'EPERM';
  }
}
