/** Tells the processes of an action to end: its group, and what left the group and still carries the action's room. */
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

/** Whether the group has a process, be it one that has ended and was not noticed yet. */
export const hasProcesses = (group: number): boolean => tell(-group, 0);

function tell(whom: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(whom, signal);
    return true;
  } catch (error) {
    // Another user's counts as there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
