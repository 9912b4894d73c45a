/** The headline table as text: its headline column stands out, its last column, the longest, is wrapped to the terminal. */
import type { StepHeadline } from '../history/event.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { padEnd, widthOf, wrap } from './width.ts';

/** Fewer columns beside the others are no text to be read. */
const NARROWEST_BESIDE = 40;

/**
 * Lines of the table, without columns that say nothing. The last one stands beside the others and wraps under
 * itself; where that would leave it too narrow, it stands beneath its row; and where the others do not fit beside
 * each other either, each cell has a line. Without a terminal there is no width, and a row is a line.
 */
export function headlineLines(
  { columns, rows, column }: StepHeadline,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const shown = columns.map((_, i) => i).filter((i) => rows.length === 0 || rows.some((row) => row[i] !== ''));
  const names = shown.map((i) => columns[i] ?? '');
  const cells = rows.map((row) => shown.map((i) => printable((row[i] ?? '').replaceAll(/[\r\n\t]+/g, ' '))));
  const widths = names.map((name, i) => Math.max(widthOf(name), ...cells.map((row) => widthOf(row[i] ?? ''))));
  const last = names.length - 1;
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0);
  const room = width - before - 1;

  const named = (text: string) => paint.dim(text);
  const styled = (text: string, i: number) => (names[i] === column ? paint.bold(text) : text);
  /** The first so many cells of a row, as columns. */
  const aligned = (row: readonly string[], count: number, style: (text: string, i: number) => string) =>
    row.slice(0, count).map((cell, i) => style(i === last ? cell : padEnd(cell, widths[i] ?? 0), i));

  if (room >= Math.min(NARROWEST_BESIDE, widths[last] ?? 0)) {
    const beside = (row: readonly string[], style: typeof styled) => {
      const [first = '', ...more] = wrap(row[last] ?? '', room);
      const start = [...aligned(row, last, style), style(first, last)].join('  ').trimEnd();
      return [start, ...more.map((part) => ' '.repeat(before) + style(part, last))];
    };
    return [...beside(names, named), ...cells.flatMap((row) => beside(row, styled))];
  }
  if (before - 2 < width) {
    const line = (row: readonly string[], style: typeof styled) => aligned(row, last, style).join('  ').trimEnd();
    const beneath = (text: string) => wrap(text, width - 3).map((part) => `  ${part}`);
    return [line(names, named), ...cells.flatMap((row) => [line(row, styled), ...beneath(row[last] ?? '')])];
  }
  return cells.flatMap((row) =>
    row.flatMap((cell, i) => {
      if (i === 0) return wrap(cell, width - 1).map((part) => styled(part, i));
      const [first = '', ...more] = wrap(`${names[i]}: ${cell}`, width - 3);
      return [first.replace(cell, () => styled(cell, i)), ...more].map((part) => `  ${part}`);
    }),
  );
}
