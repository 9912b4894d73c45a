/** Small pieces of English that messages share. */
import { nearest } from './nearest.ts';

const shown = 12;

/** `a, b or c`. */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

interface Suggestion {
  readonly hint?: string;
}

/** Names to compare in all, for mistakes that share the right ones: thousands of each would take minutes. */
export const MOST_COMPARED = 300_000;

/** Suggestions for many mistakes that share the right names; after so many comparisons the right names are listed. */
export function suggester(right: Iterable<string>, title: string): (name: string) => Suggestion {
  const names = [...right];
  const listed = suggestion('', names, title);
  let compared = 0;
  return (name) => {
    compared += names.length;
    return compared > MOST_COMPARED ? listed : suggestion(name, names, title);
  };
}

/** `did you mean 'detect'?`, or the right names where none is near, or nothing where there are none. */
export function suggestion(name: string, right: Iterable<string>, title: string): Suggestion {
  const names = [...right];
  const near = nearest(name, names);
  if (near !== undefined) return { hint: `did you mean '${near}'?` };
  if (names.length === 0) return {};
  const more = names.length > shown ? `, and ${names.length - shown} more` : '';
  return { hint: `${title}: ${names.slice(0, shown).join(', ')}${more}` };
}
