import type { Mark, Spec } from 'vega';
import type { Rated } from '../synthetic/witnesses.ts';
import { linear, rounded } from './numbers.ts';
import { linePath, pathMark } from './pixel-path.ts';
import { colors, figureSpec } from './theme.ts';

const SIDE = 400;

/** Ink for the verdict (two curves), colours of Okabe and Ito for the others. */
const INKS = [colors.ink, colors.ink, '#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9'];

/** ROC curves: true positives of each witness against its false positives as its limit moves; a dot marks the used limit. */
export function rocCurves(rated: readonly Rated[]): Spec {
  const x = linear([0, 1], [0, SIDE]);
  const y = linear([0, 1], [SIDE, 0]);
  const drawn = rated.map((witness, i) => ({ witness, ink: INKS[i % INKS.length] as string }));
  // The curves in ink come first in the legend, but are drawn last, over the others.
  const marks = drawn.toReversed().flatMap(({ witness: { curve, falsePositive, truePositive }, ink }): Mark[] => [
    pathMark(linePath(curve.map((point) => ({ x: x(point.falsePositive), y: y(point.truePositive) }))), {
      stroke: ink,
      strokeWidth: widthOf(ink),
    }),
    symbol(x(falsePositive), y(truePositive), ink),
  ]);
  const title = 'Finding recordings that lost spikes';
  const known = rated[0]
    ? `${rated[0].positives} that lost 10 % or more, ${rated[0].negatives} that lost 1 % at most`
    : 'no recordings';
  return figureSpec({
    title,
    subtitle: `${known}; dots: the limits in use`,
    description: `${title}: ${known}. ${rated.map((witness) => `${labelOf(witness)}.`).join(' ')}`,
    width: SIDE,
    height: SIDE,
    scales: [
      { name: 'x', type: 'linear', domain: [0, 100], range: 'width' },
      { name: 'y', type: 'linear', domain: [0, 100], range: 'height' },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'complete recordings that are flagged (%)', tickCount: 5, grid: true },
      {
        orient: 'left',
        scale: 'y',
        title: 'recordings with lost spikes that are flagged (%)',
        tickCount: 5,
        grid: true,
      },
    ],
    marks: [...marks, ...drawn.flatMap(({ witness, ink }, row) => legendRow(labelOf(witness), ink, row))],
  });
}

const widthOf = (ink: string): number => (ink === colors.ink ? 2.5 : 1.75);

const labelOf = ({ name, area }: Rated): string => `${name.replaceAll('_', ' ')}: area ${area.toFixed(3)}`;

function symbol(x: number, y: number, ink: string): Mark {
  return {
    type: 'symbol',
    interactive: false,
    encode: {
      enter: {
        x: { value: rounded(x) },
        y: { value: rounded(y) },
        size: { value: 60 },
        fill: { value: ink },
        stroke: { value: 'white' },
        strokeWidth: { value: 1.5 },
      },
    },
  };
}

/** A row of the legend, to the right of the plot. */
function legendRow(text: string, ink: string, row: number): Mark[] {
  const x = SIDE + 20;
  const y = 10 + 20 * row;
  return [
    pathMark(
      linePath([
        { x, y },
        { x: x + 18, y },
      ]),
      { stroke: ink, strokeWidth: widthOf(ink) },
    ),
    {
      type: 'text',
      interactive: false,
      encode: {
        enter: { x: { value: x + 25 }, y: { value: y }, text: { value: text }, baseline: { value: 'middle' } },
      },
    },
  ];
}
