/** A sweep as text: the headline of each recording at each value, and the values over which it holds. */

import { countText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn, printableLine } from '../report/printable.ts';
import { padEnd, widthOf } from '../report/width.ts';
import { type Facet, facetsOf, holdsText, isSteady, valueText } from './facet.ts';
import type { Sweep } from './sweep.ts';

/** A matrix of rows and values for each facet. Abbreviates headlines that are too wide for `width` columns. */
export function sweepLines(swept: Sweep, paint: Paint, width: number): string[] {
  const sweep = printableIn(swept, printableLine);
  const { headline, labels } = sweep;
  if (!headline || labels.length === 0) return ['no run came as far as a headline'];
  return facetsOf(sweep).flatMap((facet, i) => [...(i > 0 ? [''] : []), ...facetLines(sweep, facet, { paint, width })]);
}

interface Layout {
  readonly paint: Paint;
  readonly width: number;
}

function facetLines({ labels, headline }: Sweep, facet: Facet, layout: Layout): string[] {
  const { axis, values, held } = facet;
  const { paint } = layout;
  const steady = labels.filter((_, row) => isSteady(facet, row)).length;
  const allValues = values.length === 1 ? 'this value' : `all ${values.length} values`;
  return [
    [paint.bold(`${headline?.column} by ${axis.parameter}`), ...held].join(', '),
    ...matrixLines(facet, [headline?.label ?? 'row', ...labels], layout),
    ...ownValueLines(facet).map(paint.dim),
    `the same at ${allValues}: ${steady} of ${countText(labels.length, 'row')}`,
  ];
}

function ownValueLines({ axis, ownIndex }: Facet): string[] {
  if (ownIndex >= 0) return [`* the pipeline's own value`];
  return axis.own === undefined ? [] : [`the pipeline's own value, ${valueText(axis.own)}, is not among these`];
}

/** A line for each row: its headline at each value, and the values over which it holds. `names` starts with the header. */
function matrixLines(facet: Facet, names: readonly string[], { paint, width }: Layout): string[] {
  const { values, ownIndex, runs } = facet;
  const [name = '', ...labels] = names;
  const heads = values.map((value, i) => `${valueText(value)}${i === ownIndex ? '*' : ''}`);
  const holds = labels.map((_, row) => holdsText(facet, row));
  const full = labels.map((_, row) => runs.map(({ headlines }) => headlines[row] ?? '-'));
  const short = abbreviations([...new Set(full.flat())].sort());

  const widest = (texts: readonly string[]) => Math.max(...texts.map(widthOf));
  const widthsOf = (cells: typeof full) => heads.map((head, i) => widest([head, ...cells.map((row) => row[i] ?? '')]));
  const length = widthsOf(full).reduce((sum, columns) => sum + columns + 2, widest(names) + 2 + widest(holds));
  const isShort = length > width;
  const cells = isShort ? full.map((row) => row.map((cell) => short.get(cell) ?? cell)) : full;
  const widths = widthsOf(cells);
  const line = (start: string, row: readonly string[], end: string, style: (text: string, i: number) => string) => {
    const padded = row.map((cell, i) => style(padEnd(cell, widths[i] ?? 0), i));
    return [padEnd(start, widest(names)), ...padded, end].join('  ').trimEnd();
  };
  const key = [...short].filter(([word, letters]) => word !== letters).map(([word, letters]) => `${letters} ${word}`);
  return [
    line(name, heads, '', (text) => paint.dim(text)),
    ...labels.map((label, row) => {
      const reference = full[row]?.[Math.max(0, ownIndex)];
      const style = (text: string, i: number) => (full[row]?.[i] === reference ? text : paint.bold(text));
      return line(label, cells[row] ?? [], holds[row] ?? '', style);
    }),
    ...(isShort && key.length > 0 ? [paint.dim(`(${key.join(', ')})`)] : []),
  ];
}

/** Shortens each word to the fewest first letters that no other word starts with. */
function abbreviations(words: readonly string[]): ReadonlyMap<string, string> {
  const shortest = (word: string): string => {
    for (let length = 1; length < word.length; length++) {
      const start = word.slice(0, length);
      if (words.every((other) => other === word || !other.startsWith(start))) return start;
    }
    return word;
  };
  return new Map(words.map((word) => [word, shortest(word)]));
}
