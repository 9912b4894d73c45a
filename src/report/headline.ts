/** The headline table as text: its headline column stands out, its last column is wrapped to the terminal. */
import type { Shown } from '../run/event.ts';
import type { Paint } from './paint.ts';
import { padEnd, widthOf } from './width.ts';

const NARROWEST_LAST = 24;

/**
 * Lines of the table, without columns that say nothing. The last one takes what is left of the width and wraps
 * under itself; without a terminal there is no width, and a row is a line.
 */
export function headlineLines(
  { columns, rows, column }: Shown,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const shown = columns.map((_, i) => i).filter((i) => rows.length === 0 || rows.some((row) => row[i] !== ''));
  const cells = rows.map((row) => shown.map((i) => (row[i] ?? '').replaceAll(/[\r\n\t]+/g, ' ')));
  const names = shown.map((i) => columns[i] ?? '');
  const widths = names.map((name, i) => Math.max(widthOf(name), ...cells.map((row) => widthOf(row[i] ?? ''))));
  const last = widths.length - 1;
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0);
  const room = Math.max(NARROWEST_LAST, width - before - 1);

  const line = (row: readonly string[], style: (text: string, column: number) => string): string[] => {
    const wrapped = wrap(row[last] ?? '', room);
    return wrapped.map((part, k) => {
      const start = row.slice(0, last).map((cell, i) => style(padEnd(k === 0 ? cell : '', widths[i] ?? 0), i));
      return [...start, style(part, last)].join('  ').trimEnd();
    });
  };
  return [
    ...line(names, (text) => paint.dim(text)),
    ...cells.flatMap((row) => line(row, (text, i) => (names[i] === column ? paint.bold(text) : text))),
  ];
}

/** Breaks a text at blanks into lines of at most `width` columns; a longer word stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
