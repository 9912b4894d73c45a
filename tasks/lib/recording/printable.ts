/** Control characters, line breaks included, and characters that reverse the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

const MAX_LENGTH = 80;

/** Whether a message can quote the whole text unchanged. */
export const isPrintable = (text: string): boolean => text.search(UNPRINTABLE) === -1;

/** Makes text from a user's file fit for a message: printable, on a single line, at most `max` characters. */
export function printable(text: string, max = MAX_LENGTH): string {
  const start = text.slice(0, max).replace(UNPRINTABLE, '\uFFFD');
  return text.length > max ? `${start}...` : start;
}
