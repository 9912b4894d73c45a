/** Characters that would change what a terminal shows of a message, line breaks among them. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

const longest = 80;

/** Whether a message can hold all of the text as it is. */
export const isPrintable = (text: string): boolean => text.search(unprintable) === -1;

/** Text out of somebody's file as a message can hold it: printable, on one line, not long. */
export function shown(text: string, most = longest): string {
  const start = text.slice(0, most).replace(unprintable, '\uFFFD');
  return text.length > most ? `${start}...` : start;
}
