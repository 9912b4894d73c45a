/** The headline table as text. Its headline column is bold; its last column, the longest, wraps to the terminal. */
import type { StepHeadline } from '../history/event.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { padEnd, widthOf, wrap } from './width.ts';

/** A narrower last column would be hard to read. */
const NARROWEST_LAST = 40;

/**
 * Lays out the table without its empty columns, in the first of three ways that fits: the last column beside the others,
 * wrapping under itself; the last column beneath its row; each cell on its own line. Without a width a row is never wrapped.
 */
export function headlineLines(
  { columns, rows, column }: StepHeadline,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const filled = columns.map((_, i) => i).filter((i) => rows.length === 0 || rows.some((row) => row[i] !== ''));
  const names = filled.map((i) => columns[i] ?? '');
  const cells = rows.map((row) => filled.map((i) => printable((row[i] ?? '').replaceAll(/[\r\n\t]+/g, ' '))));
  const widths = names.map((name, i) => Math.max(widthOf(name), ...cells.map((row) => widthOf(row[i] ?? ''))));
  const last = names.length - 1;
  const before = widths.slice(0, last).reduce((sum, columns) => sum + columns + 2, 0);
  const lastWidth = width - before - 1;
  const styled = (text: string, i: number) => (names[i] === column ? paint.bold(text) : text);
  /** The first `count` cells of a row, padded to their columns. */
  const aligned = (row: readonly string[], count: number, style: (text: string, i: number) => string) =>
    row.slice(0, count).map((cell, i) => style(i === last ? cell : padEnd(cell, widths[i] ?? 0), i));

  if (lastWidth >= Math.min(NARROWEST_LAST, widths[last] ?? 0)) {
    const beside = (row: readonly string[], style: typeof styled) => {
      const [first = '', ...more] = wrap(row[last] ?? '', lastWidth);
      const start = [...aligned(row, last, style), style(first, last)].join('  ').trimEnd();
      return [start, ...more.map((part) => ' '.repeat(before) + style(part, last))];
    };
    return [...beside(names, paint.dim), ...cells.flatMap((row) => beside(row, styled))];
  }
  if (before - 2 < width) {
    const line = (row: readonly string[], style: typeof styled) => aligned(row, last, style).join('  ').trimEnd();
    const beneath = (text: string) => wrap(text, width - 3).map((part) => `  ${part}`);
    return [line(names, paint.dim), ...cells.flatMap((row) => [line(row, styled), ...beneath(row[last] ?? '')])];
  }
  return cells.flatMap((row) =>
    row.flatMap((cell, i) => {
      if (i === 0) return wrap(cell, width - 1).map((part) => styled(part, i));
      const [first = '', ...more] = wrap(`${names[i]}: ${cell}`, width - 3);
      return [first.replace(cell, () => styled(cell, i)), ...more].map((part) => `  ${part}`);
    }),
  );
}
