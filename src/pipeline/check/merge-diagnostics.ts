/** Merges the diagnostics of several checks, so that each mistake is reported once. */
import type { Diagnostic, Range } from '../../base/diagnostic.ts';

/**
 * Drops a later diagnostic on a range for which an earlier check has a diagnostic already: it would only say the same
 * in other words. Drops repeats of the same message on the same range as well.
 */
export function mergeDiagnostics(earlier: readonly Diagnostic[], later: readonly Diagnostic[]): readonly Diagnostic[] {
  const reported = new Set(earlier.map(({ range }) => idOf(range)));
  const all = [...earlier, ...later.filter(({ range }) => !reported.has(idOf(range)))];
  return [
    ...new Map(all.map((diagnostic) => [`${idOf(diagnostic.range)} ${diagnostic.message}`, diagnostic])).values(),
  ];
}

/** Tells sources apart by identity: the same option may be given twice, with equal text. */
const ids = new WeakMap<Range['source'], number>();
let next = 0;

function idOf({ source, start, end }: Range): string {
  const id = ids.get(source) ?? next++;
  ids.set(source, id);
  return `${id} ${start} ${end}`;
}
