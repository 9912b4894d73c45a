import type { Mark } from 'vega';
import { colors } from './theme.ts';

/** A dashed horizontal line at a limit; `width` of the plot and `y` in pixels. */
export const limitLine = (width: number, y: number): Mark => ({
  type: 'rule',
  aria: false,
  interactive: false,
  encode: {
    enter: {
      x: { value: 0 },
      x2: { value: width },
      y: { value: y },
      stroke: { value: colors.threshold },
      strokeWidth: { value: 1.5 },
      strokeDash: { value: [5, 4] },
    },
  },
});
