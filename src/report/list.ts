/** Nobody reads nineteen names on a line. */
const MAX_NAMED = 3;

/** `a, b, c and 16 more`: names the first few items of a list and counts the others. */
export function listText(items: readonly string[], separator: string): string {
  if (items.length <= MAX_NAMED) return items.join(separator);
  return `${items.slice(0, MAX_NAMED).join(separator)}${separator}and ${items.length - MAX_NAMED} more`;
}

/** `1 run`, `3 runs`. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
