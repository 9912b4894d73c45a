/** Finds lines and columns, which count from 1; columns in UTF-16 units, as in editors. */
import type { Range, Source } from '../../base/diagnostic.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
  /** Offsets of the line's first character and of its end, without the line break. */
  readonly lineStart: number;
  readonly lineEnd: number;
}

const cachedStarts = new WeakMap<Source, readonly number[]>();

/** The offset of each line's start; a byte order mark belongs to no line. */
function lineStarts(source: Source): readonly number[] {
  const cached = cachedStarts.get(source);
  if (cached !== undefined) return cached;
  const starts = [source.text.startsWith('\uFEFF') ? 1 : 0];
  for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
  cachedStarts.set(source, starts);
  return starts;
}

/** The position of a range's start. */
export function positionOf({ source, start }: Range): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= start) low = middle;
    else high = middle - 1;
  }
  const lineStart = starts[low] ?? 0;
  const next = starts[low + 1];
  let lineEnd = next === undefined ? source.text.length : next - 1;
  if (lineEnd > lineStart && source.text[lineEnd - 1] === '\r') lineEnd -= 1;
  return { line: low + 1, column: Math.max(start - lineStart, 0) + 1, lineStart, lineEnd };
}

/** Whether the source is a command-line option, which has no lines. */
export const isOption = (source: Source): boolean => source.name.startsWith('--');

/** `pipeline.yaml:31`, or the option's name. */
export const fileAndLine = (range: Range): string =>
  isOption(range.source) ? range.source.name : `${range.source.name}:${positionOf(range).line}`;
