/** How many of a list are named: nobody reads nineteen names on a line. */
const MOST = 3;

/** A list on one line: its first few, and how many more there are. */
export function listText(items: readonly string[], separator: string): string {
  if (items.length <= MOST) return items.join(separator);
  return `${items.slice(0, MOST).join(separator)}${separator}and ${items.length - MOST} more`;
}

/** `1 run`, `3 runs`. */
export const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
