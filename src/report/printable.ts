import { withoutControls } from './controls.ts';

/**
 * Text that others wrote (a program's log, a table's cell) without what would move the cursor, clear the screen or
 * turn the writing around. Where a line was written over, as progress bars do, only its last state is kept.
 */
export const printable = (text: string): string => text.split('\n').map(lastState).map(withoutControls).join('\n');

/** The same on one line. */
export const printableLine = (text: string): string => printable(text.replaceAll('\r', '\n')).replaceAll('\n', ' ');

function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end--;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end).replaceAll('\t', '    ');
}

/** The same data with every text in it made printable, names of fields included. */
export function printableIn<T>(data: T, made: (text: string) => string = printable): T {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return made(value);
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [made(name), visit(one)]));
  };
  return visit(data) as T;
}
