import type { Mark, Spec } from 'vega';
import type { VerdictLevel } from '../synthetic/levels.ts';
import { rounded } from './numbers.ts';
import { colors, figureSpec } from './theme.ts';

const WIDTH = 520;
const HEIGHT = 260;

/** In the order of the bars from bottom to top. */
const VERDICTS = [
  { verdict: 'reject', fill: colors.threshold },
  { verdict: 'borderline', fill: colors.rule },
  { verdict: 'accept', fill: colors.data },
] as const;

/** Shares of accepted, borderline and rejected recordings at each level of a scenario, and the true missed share. */
export function verdictShares(scenario: string, varies: string, levels: readonly VerdictLevel[]): Spec {
  const bars = levels.flatMap((at) => {
    let from = 0;
    return VERDICTS.map(({ verdict, fill }) => {
      const to = from + at[verdict];
      const bar = { level: String(at.level), from: rounded(from * 100), to: rounded(to * 100), fill };
      from = to;
      return bar;
    });
  });
  const missed = levels.map((at) => ({ level: String(at.level), missed: rounded(at.missed * 100) }));
  const title = `Verdicts on synthetic recordings: ${scenario.replaceAll('_', ' ')}`;
  const subtitle = `${levels[0]?.judged.length ?? 0} recordings a level`;
  return figureSpec({
    title,
    subtitle,
    description:
      `${title}, ${subtitle}. ` +
      levels
        .map(({ level, accept, borderline, reject, missed }) => {
          const [a, b, r, m] = [accept, borderline, reject, missed].map((share) => `${rounded(share * 100)} %`);
          return `${level}: ${a} accepted, ${b} borderline, ${r} rejected, ${m} missed.`;
        })
        .join(' '),
    width: WIDTH,
    height: HEIGHT,
    data: [
      { name: 'bars', values: bars },
      { name: 'missed', values: missed },
    ],
    scales: [
      { name: 'level', type: 'band', domain: levels.map(({ level }) => String(level)), range: 'width', padding: 0.3 },
      { name: 'share', type: 'linear', domain: [0, 100], range: 'height' },
    ],
    axes: [
      { orient: 'bottom', scale: 'level', title: varies, ticks: false },
      { orient: 'left', scale: 'share', title: 'share of recordings (%)', tickCount: 5, grid: true },
    ],
    marks: [
      {
        type: 'rect',
        interactive: false,
        from: { data: 'bars' },
        encode: {
          enter: {
            x: { scale: 'level', field: 'level' },
            width: { scale: 'level', band: 1 },
            y: { scale: 'share', field: 'to' },
            y2: { scale: 'share', field: 'from' },
            fill: { field: 'fill' },
          },
        },
      },
      {
        type: 'symbol',
        interactive: false,
        from: { data: 'missed' },
        encode: {
          enter: {
            x: { scale: 'level', field: 'level', band: 0.5 },
            y: { scale: 'share', field: 'missed' },
            shape: { value: 'diamond' },
            size: { value: 70 },
            fill: { value: colors.ink },
            stroke: { value: 'white' },
            strokeWidth: { value: 1.5 },
          },
        },
      },
      ...legend(),
    ],
  });
}

/** The legend to the right of the plot, in the order of the bars from top to bottom. */
function legend(): Mark[] {
  const entries = [
    ...VERDICTS.map(({ verdict, fill }) => ({ text: verdict, fill, shape: 'square' })).toReversed(),
    { text: 'true missed share', fill: colors.ink, shape: 'diamond' },
  ];
  return entries.flatMap(({ text, fill, shape }, row): Mark[] => {
    const y = { value: 8 + 20 * row };
    return [
      {
        type: 'symbol',
        interactive: false,
        encode: {
          enter: { x: { value: WIDTH + 18 }, y, shape: { value: shape }, size: { value: 90 }, fill: { value: fill } },
        },
      },
      {
        type: 'text',
        interactive: false,
        encode: {
          enter: { x: { value: WIDTH + 30 }, y, text: { value: text }, baseline: { value: 'middle' } },
        },
      },
    ];
  });
}
