/** The look of all figures: a single font, few sizes, colours that colour-blind readers can distinguish (Okabe and Ito). */
import type { Config, GroupMark, Mark, Spec, TitleAnchor } from 'vega';

export const colors = {
  ink: '#1f2933',
  muted: '#5b6672',
  rule: '#c9d0d8',
  trace: '#4a5561',
  band: '#1f2933',
  /** Spikes, and values computed from them. */
  data: '#0072b2',
  /** The detection threshold. */
  threshold: '#d55e00',
  /** The highlighted channel or value. */
  highlight: '#d55e00',
} as const;

const FONT = 'Inter, Helvetica, Arial, sans-serif';

export const config: Config = {
  background: 'white',
  padding: { left: 14, right: 18, top: 12, bottom: 12 },
  axis: {
    domainColor: colors.muted,
    domainWidth: 1,
    tickColor: colors.muted,
    tickSize: 4,
    gridColor: '#e8ebee',
    labelColor: colors.ink,
    labelFont: FONT,
    labelFontSize: 11,
    labelPadding: 4,
    labelOverlap: 'greedy',
    labelSeparation: 6,
    titleColor: colors.ink,
    titleFont: FONT,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  title: {
    anchor: 'start' as TitleAnchor,
    frame: 'group',
    color: colors.ink,
    font: FONT,
    fontSize: 15,
    fontWeight: 600,
    subtitleColor: colors.muted,
    subtitleFont: FONT,
    subtitleFontSize: 12,
    subtitlePadding: 4,
    offset: 14,
  },
  text: { font: FONT, fontSize: 11, fill: colors.ink },
};

/** The frame of every figure. `description` is for readers who cannot see it; figures of a page have no title. */
export function figureSpec(figure: {
  readonly title?: string;
  readonly subtitle?: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly scales?: NonNullable<Spec['scales']>;
  readonly data?: NonNullable<Spec['data']>;
  readonly axes?: NonNullable<Spec['axes']>;
  readonly marks: readonly Mark[];
}): Spec {
  const { title, subtitle, marks, ...rest } = figure;
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    ...rest,
    autosize: 'pad',
    ...(title === undefined ? {} : { title: { text: title, subtitle: subtitle ?? '' } }),
    marks: [...marks],
    config,
  };
}

/** A message in the middle of a plot without data. */
export function message(text: string, width: number, height: number): Mark {
  return {
    type: 'text',
    interactive: false,
    encode: {
      enter: {
        x: { value: width / 2 },
        y: { value: height / 2 },
        text: { value: text },
        align: { value: 'center' },
        baseline: { value: 'middle' },
        fontSize: { value: 16 },
        fill: { value: colors.muted },
      },
    },
  };
}

/** A figure without data that says why it is empty. */
export function emptyFigure(title: string, text: string, width: number, height: number): Spec {
  return figureSpec({
    title,
    subtitle: text,
    description: `${title}: ${text}`,
    width,
    height,
    marks: [frame(width, height), message(text, width, height)],
  });
}

function frame(width: number, height: number): Mark {
  return {
    type: 'rect',
    interactive: false,
    encode: {
      enter: { width: { value: width }, height: { value: height }, stroke: { value: colors.rule } },
    },
  };
}

/** A plot inside a figure, at a place in pixels. Its signals `width` and `height` give the length of grid lines. */
export function panel(
  name: string,
  place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  content: Omit<GroupMark, 'type' | 'name' | 'encode' | 'signals'>,
): GroupMark {
  const { x, y, width, height } = place;
  const encode = { x: { value: x }, y: { value: y }, width: { value: width }, height: { value: height } };
  const signals = [
    { name: 'width', value: width },
    { name: 'height', value: height },
  ];
  return { type: 'group', name, encode: { enter: encode }, signals, ...content };
}
