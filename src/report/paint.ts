import colors from 'picocolors';
import { own } from './terminal.ts';

/** Colours, or none: picocolors' own interface. */
export type Paint = ReturnType<typeof colors.createColors>;

/** Colour for a person at a terminal that has it, unless NO_COLOR says otherwise. */
export function paintFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Paint {
  const paint = colors.createColors(isLive(stream, env) && !env.NO_COLOR);
  if (!paint.isColorSupported) return paint;
  const marked = Object.entries(paint).map(([name, style]) => [
    name,
    typeof style === 'function' ? markedOf(style) : style,
  ]);
  return Object.fromEntries(marked) as Paint;
}

/** The style's sequences as the engine's own; those in the text stay what they are. */
function markedOf(style: (text: string) => string): (text: string | number | null | undefined) => string {
  const [open = '', close = ''] = style(' ').split(' ').map(own);
  return (text) => `${open}${text}${close}`;
}

/** Whether lines may be drawn over: a terminal that can, with a person before it. */
export const isLive = ({ isTTY }: NodeJS.WriteStream, { CI, TERM }: NodeJS.ProcessEnv): boolean =>
  isTTY === true && !CI && TERM !== 'dumb';
