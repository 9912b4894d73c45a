/** Suggests the right names for a wrong name. */
import { nearest } from './nearest.ts';

const MOST_LISTED = 12;

/** `a, b or c`. */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

interface Suggestion {
  readonly hint?: string;
}

/** Comparisons for all mistakes that share the same right names: thousands of mistakes and names would take minutes. */
export const MOST_COMPARED = 300_000;

/** Suggests for many mistakes that share the right names; after `MOST_COMPARED` comparisons it only lists the names. */
export function suggester(right: Iterable<string>, title: string): (name: string) => Suggestion {
  const names = [...right];
  const listed = suggestion('', names, title);
  let compared = 0;
  return (name) => {
    compared += names.length;
    return compared > MOST_COMPARED ? listed : suggestion(name, names, title);
  };
}

/** `did you mean 'detect'?`, or a list of the right names if no name is near; no hint without right names. */
export function suggestion(name: string, right: Iterable<string>, title: string): Suggestion {
  const names = [...right];
  const near = nearest(name, names);
  if (near !== undefined) return { hint: `did you mean '${near}'?` };
  if (names.length === 0) return {};
  const more = names.length > MOST_LISTED ? `, and ${names.length - MOST_LISTED} more` : '';
  return { hint: `${title}: ${names.slice(0, MOST_LISTED).join(', ')}${more}` };
}
