/** Small pieces of English that messages share. */
import { nearest } from './nearest.ts';

const shown = 12;

/** `a, b or c`. */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** `did you mean 'detect'?`, or the right names where none is near, or nothing where there are none. */
export function suggestion(name: string, right: Iterable<string>, title: string): { readonly hint?: string } {
  const names = [...right];
  const near = nearest(name, names);
  if (near !== undefined) return { hint: `did you mean '${near}'?` };
  if (names.length === 0) return {};
  const more = names.length > shown ? `, and ${names.length - shown} more` : '';
  return { hint: `${title}: ${names.slice(0, shown).join(', ')}${more}` };
}
