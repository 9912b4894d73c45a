import { withoutControls } from './controls.ts';

/**
 * Removes from text that others wrote (a program's log, a table's cell) all that would move the cursor, clear the screen
 * or turn the writing around. Of a line that was overwritten, as progress bars do, only the last state stays.
 */
export const printable = (text: string): string => text.split('\n').map(lastState).map(withoutControls).join('\n');

/** Makes text printable and joins its lines. */
export const printableLine = (text: string): string => printable(text.replaceAll('\r', '\n')).replaceAll('\n', ' ');

function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end--;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end).replaceAll('\t', '    ');
}

/** Returns the same data with every text in it made printable, field names included. */
export function printableIn<T>(data: T, clean: (text: string) => string = printable): T {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [clean(name), visit(entry)]));
  };
  return visit(data) as T;
}
