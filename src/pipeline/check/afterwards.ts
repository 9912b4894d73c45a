/** Each mistake once, although several checks come across it. */
import type { Diagnostic, Range } from '../../base/diagnostic.ts';

/**
 * Earlier diagnostics and later ones: of a place where an earlier check found a mistake a later one would
 * only say the same in other words. The same sentence about the same place stands once.
 */
export function afterwards(earlier: readonly Diagnostic[], later: readonly Diagnostic[]): readonly Diagnostic[] {
  const spoken = new Set(earlier.map(({ range }) => idOf(range)));
  const all = [...earlier, ...later.filter(({ range }) => !spoken.has(idOf(range)))];
  return [...new Map(all.map((one) => [`${idOf(one.range)} ${one.message}`, one])).values()];
}

/** Ranges of two sources are never the same, though the same option may be given twice. */
const ids = new WeakMap<Range['source'], number>();
let next = 0;

function idOf({ source, start, end }: Range): string {
  const id = ids.get(source) ?? next++;
  ids.set(source, id);
  return `${id} ${start} ${end}`;
}
