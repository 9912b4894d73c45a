/** Colours of the figure of a sweep, with the scale and the legend that explain them. */
import type { Legend, Scale } from 'vega';

export const INK = '#1f2933';
export const MUTED = '#5b6672';
export const FONT = 'Inter, Helvetica, Arial, sans-serif';
export const COLOUR_SCALE = 'colour';
/** The headline of a cell without a result. */
export const NO_RESULT = 'no result';

/** After Okabe and Ito: distinct for colour-blind readers, and light enough for dark text. */
const CATEGORIES = ['#56b4e9', '#e69f00', '#f0e442', '#cc79a7', '#4fc3a1', '#a6acb3', '#d9956b', '#b6b3e6'];
export const MAX_CATEGORIES = CATEGORIES.length;
/** From the smallest to the largest number. */
const SHADES = ['#eef4fa', '#56a0d3'];

export interface Colouring {
  readonly scale: Scale;
  readonly legend: Legend;
}

/** A colour for each headline, and white for a missing result. */
export const categories = (headlines: readonly string[], isMissing: boolean): Colouring => ({
  scale: {
    name: COLOUR_SCALE,
    type: 'ordinal',
    domain: [...headlines, ...(isMissing ? [NO_RESULT] : [])],
    range: [...CATEGORIES.slice(0, headlines.length), 'white'],
  },
  legend: {
    ...LEGEND,
    symbolType: 'square',
    symbolSize: 180,
    symbolStrokeColor: MUTED,
    symbolStrokeWidth: 0.5,
    columnPadding: 16,
  },
});

/** Shades for headlines that are numbers. */
export function shades(headlines: readonly string[]): Colouring {
  const numbers = headlines.map(Number);
  const domain = [Math.min(...numbers), Math.max(...numbers)];
  return {
    scale: { name: COLOUR_SCALE, type: 'linear', domain, range: SHADES },
    legend: { ...LEGEND, type: 'gradient' },
  };
}

const LEGEND: Legend = {
  fill: COLOUR_SCALE,
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
