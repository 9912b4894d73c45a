/**
 * The picture of a sweep: rows down, values across, a cell coloured by the headline of its run. Everything stands at
 * places in pixels, so that rows, columns and what is said of them line up in every panel.
 */
import type { Legend, Mark, Scale, Spec } from 'vega';
import { clip } from '../report/width.ts';
import { type Facet, facetsOf, holdsText, isSteady, valueText } from './facet.ts';
import type { Sweep } from './sweep.ts';

const INK = '#1f2933';
const MUTED = '#5b6672';
const FONT = 'Inter, Helvetica, Arial, sans-serif';
/** After Okabe and Ito: told apart by colour-blind readers, and light enough for dark text. */
const CATEGORIES = ['#56b4e9', '#e69f00', '#f0e442', '#cc79a7', '#4fc3a1', '#a6acb3', '#d9956b', '#b6b3e6'];
/** Many numbers are shades. */
const SHADES = ['#eef4fa', '#56a0d3'];
const NO_RESULT = 'no result';

const ROW = 22;
/** Above a panel's cells: its parameter and values; below: whose column is outlined. */
const HEAD = 44;
const FOOT = 30;
const PER_LETTER = 6.4;
/** Letters of a text in a cell or above one, and beside the cells. */
const LONGEST = 24;
const LONGEST_BESIDE = 80;
const WIDEST = 900;
const NARROWEST_CELL = 4;
/** Below what a picture may be high. */
const HIGHEST = 7500;

/** Null where there is nothing to show, or too much for a picture. */
export function sweepFigure(sweep: Sweep): Spec | null {
  const { headline, labels } = sweep;
  const facets = facetsOf(sweep);
  const [first] = facets;
  if (!headline || labels.length === 0 || !first) return null;
  const found = new Set(facets.flatMap(({ runs }) => runs.flatMap(({ headlines }) => headlines)));
  const words = [...found].filter((word) => word !== null).sort();
  const isNumeric = words.length > 0 && words.every((word) => word !== '' && Number.isFinite(Number(word)));
  const isTooMuch = words.length > CATEGORIES.length || words.some((word) => word.length > LONGEST_BESIDE);
  if (!isNumeric && isTooMuch) return null;

  const columns = first.values.length;
  const letters = Math.max(...[...words, ...first.values.map(valueText)].map((text) => clip(text, LONGEST).length));
  const fits = columns * (letters * PER_LETTER + 14) <= WIDEST;
  const cell = fits ? Math.max(40, Math.ceil(letters * PER_LETTER + 14)) : Math.floor(WIDEST / columns);
  const panel = HEAD + labels.length * ROW + FOOT;
  const height = facets.length * panel;
  if (cell < NARROWEST_CELL || height > HIGHEST) return null;

  const rows = headline.label ?? 'row';
  const { axis } = first;
  const moves = labels.filter((_, row) => facets.some((facet) => !isSteady(facet, row))).length;
  const colour = isNumeric ? shades(words) : categories(words, found.has(null));
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    description: `${headline.column} of each ${rows} at each value of ${sweep.axes.map(({ parameter }) => parameter).join(', ')}`,
    width: columns * cell,
    height,
    autosize: 'pad',
    padding: { left: 14, right: 18, top: 12, bottom: 12 },
    background: 'white',
    title: {
      text: `How ${headline.column} depends on ${sweep.axes.map(({ parameter }) => parameter).join(' and ')}`,
      subtitle: [
        `Each column is a run of the pipeline with one value, each row a ${rows}. ` +
          (moves === 0 ? 'No row changes.' : `Rows that change are in bold: ${moves} of ${labels.length}.`),
      ],
      anchor: 'start',
      frame: 'bounds',
      color: INK,
      font: FONT,
      fontSize: 15,
      fontWeight: 600,
      subtitleColor: MUTED,
      subtitleFont: FONT,
      subtitleFontSize: 12,
      subtitlePadding: 4,
      offset: 14,
    },
    scales: [colour.scale],
    legends: [{ ...LEGEND, ...colour.legend, title: headline.column }],
    marks: facets.flatMap((facet, i) =>
      panelMarks(facet, labels, axis.parameter, { y: i * panel, cell, fits, isNumeric }),
    ),
  };
}

const LEGEND: Legend = {
  fill: 'colour',
  orient: 'top',
  direction: 'horizontal',
  titleFont: FONT,
  titleFontSize: 12,
  titleFontWeight: 'normal',
  titleColor: MUTED,
  titleOrient: 'left',
  labelFont: FONT,
  labelFontSize: 12,
  labelColor: INK,
  labelLimit: 0,
  offset: 10,
};

interface Colour {
  readonly scale: Scale;
  readonly legend: Partial<Legend>;
}

const categories = (words: readonly string[], isMissing: boolean): Colour => ({
  scale: {
    name: 'colour',
    type: 'ordinal',
    domain: [...words, ...(isMissing ? [NO_RESULT] : [])],
    range: [...CATEGORIES.slice(0, words.length), 'white'],
  },
  legend: {
    symbolType: 'square',
    symbolSize: 180,
    symbolStrokeColor: MUTED,
    symbolStrokeWidth: 0.5,
    columnPadding: 16,
  },
});

function shades(words: readonly string[]): Colour {
  const numbers = words.map(Number);
  const domain = [Math.min(...numbers), Math.max(...numbers)];
  return { scale: { name: 'colour', type: 'linear', domain, range: SHADES }, legend: { type: 'gradient' } };
}

interface Panel {
  readonly y: number;
  readonly cell: number;
  /** Whether a headline has room in its cell. */
  readonly fits: boolean;
  readonly isNumeric: boolean;
}

function panelMarks(
  facet: Facet,
  labels: readonly string[],
  parameter: string,
  { y: top, cell, fits, isNumeric }: Panel,
): Mark[] {
  const { values, own, runs, held } = facet;
  const width = values.length * cell;
  const rowY = (row: number) => top + HEAD + row * ROW;
  const headY = top + HEAD - 6;
  const bottom = rowY(labels.length);
  const marks: Mark[] = [text(0, top + 12, [parameter, ...held].join(',  '), { fontWeight: 600 })];

  for (const [row, label] of labels.entries()) {
    const isBold = !isSteady(facet, row);
    const fontWeight = isBold ? 600 : 400;
    marks.push(text(-8, rowY(row) + ROW / 2, clip(label, LONGEST_BESIDE), { align: 'right', fontWeight }));
    marks.push(
      text(width + 12, rowY(row) + ROW / 2, clip(holdsText(facet, row), LONGEST_BESIDE), {
        fill: isBold ? INK : MUTED,
      }),
    );
    for (const [column, { headlines }] of runs.entries()) {
      const word = headlines[row] ?? null;
      marks.push(
        box(
          column * cell,
          rowY(row),
          cell,
          word === null && isNumeric ? null : isNumeric ? Number(word) : (word ?? NO_RESULT),
        ),
      );
      if (fits)
        marks.push(
          text(column * cell + cell / 2, rowY(row) + ROW / 2, clip(word ?? '–', LONGEST), {
            align: 'center',
            fontSize: 11,
          }),
        );
    }
  }
  // As many values as have room.
  const names = values.map((value) => clip(valueText(value), LONGEST));
  const longest = Math.max(...names.map((name) => name.length));
  const every = Math.ceil((longest * PER_LETTER + 8) / cell);
  for (const [column, name] of names.entries()) {
    const isOwn = column === own;
    if (!isOwn && (column % every !== 0 || (own >= 0 && Math.abs(column - own) < every))) continue;
    const style = { align: 'center', fontWeight: isOwn ? 600 : 400 } as const;
    marks.push(text(column * cell + cell / 2, headY - 6, name, style));
  }
  if (own < 0) return marks;
  const middle = own * cell + cell / 2;
  const side = middle < width / 3 ? 'left' : middle > (2 * width) / 3 ? 'right' : 'center';
  const at = side === 'left' ? own * cell : side === 'right' ? (own + 1) * cell : middle;
  marks.push({
    type: 'rect',
    encode: {
      enter: {
        x: { value: own * cell },
        y: { value: headY - 15 },
        width: { value: cell },
        height: { value: bottom - headY + 17 },
        stroke: { value: INK },
        strokeWidth: { value: 2 },
      },
    },
  });
  marks.push(text(at, bottom + 14, "the pipeline's own value", { align: side, fill: MUTED, fontSize: 11 }));
  return marks;
}

interface Style {
  readonly align?: 'left' | 'center' | 'right';
  readonly fontWeight?: 400 | 600;
  readonly fontSize?: number;
  readonly fill?: string;
}

const text = (
  x: number,
  y: number,
  content: string,
  { align = 'left', fontWeight = 400, fontSize = 12, fill = INK }: Style,
): Mark => ({
  type: 'text',
  encode: {
    enter: {
      x: { value: x },
      y: { value: y },
      text: { value: content },
      align: { value: align },
      baseline: { value: 'middle' },
      font: { value: FONT },
      fontWeight: { value: fontWeight },
      fontSize: { value: fontSize },
      fill: { value: fill },
    },
  },
});

const box = (x: number, y: number, width: number, headline: string | number | null): Mark => ({
  type: 'rect',
  encode: {
    enter: {
      x: { value: x },
      y: { value: y },
      width: { value: width },
      height: { value: ROW },
      fill: headline === null ? { value: 'white' } : { scale: 'colour', value: headline },
      stroke: { value: 'white' },
    },
  },
});
