/**
 * The figure of a sweep: rows down, values across, a cell coloured by the headline of its run. All positions are pixels,
 * so that rows, columns and notes line up in every panel.
 */
import type { Spec, Title } from 'vega';
import { type Facet, facetsOf, isSteady, valueText } from './facet.ts';
import { type Colouring, categories, FONT, INK, MAX_CATEGORIES, MUTED, shades } from './figure-colours.ts';
import { MAX_SIDE_LETTERS, panelHeight, panelMarks, textCellWidth } from './figure-panel.ts';
import type { Sweep } from './sweep.ts';

/** Limits in pixels. */
const MAX_WIDTH = 900;
const MIN_CELL_WIDTH = 4;
const MAX_HEIGHT = 7500;

/** Null if there is nothing to show, or too much for a figure. */
export function sweepFigure(sweep: Sweep): Spec | null {
  const { headline, labels } = sweep;
  const facets = facetsOf(sweep);
  const [first] = facets;
  if (!headline || labels.length === 0 || !first) return null;
  const headlines = headlinesOf(facets);
  if (headlines === null) return null;

  const columns = first.values.length;
  const textWidth = textCellWidth([...headlines.words, ...first.values.map(valueText)]);
  const hasText = columns * textWidth <= MAX_WIDTH;
  const cellWidth = hasText ? Math.max(40, Math.ceil(textWidth)) : Math.floor(MAX_WIDTH / columns);
  const height = facets.length * panelHeight(labels.length);
  if (cellWidth < MIN_CELL_WIDTH || height > MAX_HEIGHT) return null;

  const { isNumeric, colouring } = headlines;
  const parameters = sweep.axes.map(({ parameter }) => parameter);
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    description: `${headline.column} of each ${headline.label ?? 'row'} at each value of ${parameters.join(', ')}`,
    width: columns * cellWidth,
    height,
    autosize: 'pad',
    padding: { left: 14, right: 18, top: 12, bottom: 12 },
    background: 'white',
    title: titleOf(sweep, facets),
    scales: [colouring.scale],
    legends: [{ ...colouring.legend, title: headline.column }],
    marks: facets.flatMap((facet, i) =>
      panelMarks({ facet, labels, top: i * panelHeight(labels.length), cellWidth, hasText, isNumeric }),
    ),
  };
}

interface Headlines {
  readonly words: readonly string[];
  readonly isNumeric: boolean;
  readonly colouring: Colouring;
}

/** Null if there are more texts than colours, or texts too long for a legend. */
function headlinesOf(facets: readonly Facet[]): Headlines | null {
  const found = new Set(facets.flatMap(({ runs }) => runs.flatMap(({ headlines }) => headlines)));
  const words = [...found].filter((word) => word !== null).sort();
  const isNumeric = words.length > 0 && words.every((word) => word !== '' && Number.isFinite(Number(word)));
  if (isNumeric) return { words, isNumeric, colouring: shades(words) };
  if (words.length > MAX_CATEGORIES || words.some((word) => word.length > MAX_SIDE_LETTERS)) return null;
  return { words, isNumeric, colouring: categories(words, found.has(null)) };
}

function titleOf({ headline, labels, axes }: Sweep, facets: readonly Facet[]): Title {
  const changing = labels.filter((_, row) => facets.some((facet) => !isSteady(facet, row))).length;
  return {
    text: `How ${headline?.column} depends on ${axes.map(({ parameter }) => parameter).join(' and ')}`,
    subtitle: [
      `Each column is a run of the pipeline with one value, each row a ${headline?.label ?? 'row'}. ` +
        (changing === 0 ? 'No row changes.' : `Rows that change are in bold: ${changing} of ${labels.length}.`),
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
  };
}
