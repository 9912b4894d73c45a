/** Ends the processes of an action: its process group, and those that left the group but still carry its scratch folder. */

import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from '../base/error-code.ts';
import { survivorsOf } from './survivors.ts';

export function tellProcesses(signal: NodeJS.Signals, scratch: string, group?: number): void {
  if (group !== undefined) sendSignal(-group, signal);
  for (const { pid } of survivorsOf(scratch, group)) sendSignal(pid, signal);
}

/** Kills them. Looks again after each round, because a process may start another before it is killed. */
export function endProcesses(scratch: string, group?: number): void {
  if (group !== undefined) sendSignal(-group, 'SIGKILL');
  for (let look = 0; look < 5; look++) {
    const left = survivorsOf(scratch, group);
    if (left.length === 0) return;
    for (const { pid } of left) sendSignal(pid, 'SIGKILL');
  }
}

/** How long processes may go on after a successful action: bash ends `tee >(sort > file)` before sort has written. */
export const FINISH_MS = 2000;

/**
 * Waits until no process of the action is left and `isSilent`. Returns the names of those that are left at `until`, a
 * time of `Date.now()`.
 */
export async function untilAllEnded(
  scratch: string,
  {
    until,
    group,
    isSilent = () => true,
  }: { readonly until: number; readonly group?: number; readonly isSilent?: () => boolean },
): Promise<readonly string[]> {
  for (let pause = 5; ; pause = Math.min(100, 2 * pause)) {
    const left = survivorsOf(scratch, group).map(({ name }) => name);
    if (left.length === 0 && process.platform !== 'linux' && group !== undefined && hasProcesses(group)) {
      left.push('a process');
    }
    if (left.length === 0 && isSilent()) return [];
    if (Date.now() >= until) return left.length > 0 ? left : ['a process that holds its output open'];
    await wait(pause);
  }
}

/** Also true for a process that has ended and that its parent has not noticed yet. */
const hasProcesses = (group: number): boolean => sendSignal(-group, 0);

/** Returns whether the process or, for a negative number, the group exists. */
function sendSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    // The process exists, and belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}
