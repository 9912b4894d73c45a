/** A panel of the figure of a sweep: its parameter, its values, and a cell for each row and value. */
import type { Mark } from 'vega';
import { clip } from '../report/width.ts';
import { type Facet, holdsText, isSteady, valueText } from './facet.ts';
import { COLOUR_SCALE, FONT, INK, MUTED, NO_RESULT } from './figure-colours.ts';

/** Sizes in pixels. */
const ROW_HEIGHT = 22;
/** Above the cells: the parameter and its values. */
const HEAD_HEIGHT = 44;
/** Below the cells: the note on the outlined column. */
const FOOT_HEIGHT = 30;
const LETTER_WIDTH = 6.4;

/** Maximum letters of a text in or above a cell, and beside the cells. */
const MAX_CELL_LETTERS = 24;
export const MAX_SIDE_LETTERS = 80;

export interface Panel {
  readonly facet: Facet;
  readonly labels: readonly string[];
  /** Pixels from the top of the figure. */
  readonly top: number;
  readonly cellWidth: number;
  /** Whether headlines fit into their cells. */
  readonly hasText: boolean;
  /** Whether headlines are numbers and shown as shades. */
  readonly isNumeric: boolean;
}

export const panelHeight = (rows: number): number => HEAD_HEIGHT + rows * ROW_HEIGHT + FOOT_HEIGHT;

/** Pixels of a cell that shows any of these texts. */
export function textCellWidth(texts: readonly string[]): number {
  const letters = Math.max(...texts.map((content) => clip(content, MAX_CELL_LETTERS).length));
  return letters * LETTER_WIDTH + 14;
}

export function panelMarks(panel: Panel): Mark[] {
  const { facet, labels, top } = panel;
  const title = [facet.axis.parameter, ...facet.held].join(',  ');
  return [
    text(0, top + 12, title, { fontWeight: 600 }),
    ...labels.flatMap((_, row) => rowMarks(panel, row)),
    ...valueMarks(panel),
    ...ownValueMarks(panel),
  ];
}

const rowTop = ({ top }: Panel, row: number): number => top + HEAD_HEIGHT + row * ROW_HEIGHT;

function rowMarks(panel: Panel, row: number): Mark[] {
  const { facet, labels, cellWidth } = panel;
  const isBold = !isSteady(facet, row);
  const middle = rowTop(panel, row) + ROW_HEIGHT / 2;
  const label = clip(labels[row] ?? '', MAX_SIDE_LETTERS);
  const holds = clip(holdsText(facet, row), MAX_SIDE_LETTERS);
  return [
    text(-8, middle, label, { align: 'right', fontWeight: isBold ? 600 : 400 }),
    text(facet.values.length * cellWidth + 12, middle, holds, { fill: isBold ? INK : MUTED }),
    ...facet.runs.flatMap(({ headlines }, column) => cellMarks(panel, row, column, headlines[row] ?? null)),
  ];
}

function cellMarks(panel: Panel, row: number, column: number, headline: string | null): Mark[] {
  const { cellWidth, hasText } = panel;
  const y = rowTop(panel, row);
  const cell = box(column * cellWidth, y, cellWidth, colourValue(panel, headline));
  if (!hasText) return [cell];
  const style = { align: 'center', fontSize: 11 } as const;
  const content = clip(headline ?? '–', MAX_CELL_LETTERS);
  return [cell, text((column + 0.5) * cellWidth, y + ROW_HEIGHT / 2, content, style)];
}

/** Null for a white cell. */
function colourValue({ isNumeric }: Panel, headline: string | null): string | number | null {
  if (!isNumeric) return headline ?? NO_RESULT;
  return headline === null ? null : Number(headline);
}

/** Names as many values as fit, always including the pipeline's own value. */
function valueMarks({ facet, top, cellWidth }: Panel): Mark[] {
  const { values, ownIndex } = facet;
  const names = values.map((value) => clip(valueText(value), MAX_CELL_LETTERS));
  const longest = Math.max(...names.map((name) => name.length));
  const every = Math.ceil((longest * LETTER_WIDTH + 8) / cellWidth);
  return names.flatMap((name, column) => {
    const isOwn = column === ownIndex;
    const isTooClose = ownIndex >= 0 && Math.abs(column - ownIndex) < every;
    if (!isOwn && (column % every !== 0 || isTooClose)) return [];
    const style = { align: 'center', fontWeight: isOwn ? 600 : 400 } as const;
    return [text((column + 0.5) * cellWidth, top + HEAD_HEIGHT - 12, name, style)];
  });
}

/** Outlines the column of the pipeline's own value. */
function ownValueMarks(panel: Panel): Mark[] {
  const { facet, labels, top, cellWidth } = panel;
  const { values, ownIndex } = facet;
  if (ownIndex < 0) return [];
  const outlineTop = top + HEAD_HEIGHT - 21;
  const bottom = rowTop(panel, labels.length);
  const left = ownIndex * cellWidth;
  const align = noteAlign((ownIndex + 0.5) / values.length);
  const x = { left, center: left + cellWidth / 2, right: left + cellWidth }[align];
  return [
    {
      type: 'rect',
      encode: {
        enter: {
          x: { value: left },
          y: { value: outlineTop },
          width: { value: cellWidth },
          height: { value: bottom + 2 - outlineTop },
          stroke: { value: INK },
          strokeWidth: { value: 2 },
        },
      },
    },
    text(x, bottom + 14, "the pipeline's own value", { align, fill: MUTED, fontSize: 11 }),
  ];
}

/** Keeps the note within the panel. @param position of the column, from 0 at the left to 1 at the right */
function noteAlign(position: number): 'left' | 'center' | 'right' {
  if (position < 1 / 3) return 'left';
  return position > 2 / 3 ? 'right' : 'center';
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
      height: { value: ROW_HEIGHT },
      fill: headline === null ? { value: 'white' } : { scale: COLOUR_SCALE, value: headline },
      stroke: { value: 'white' },
    },
  },
});
